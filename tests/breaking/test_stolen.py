"""Everything of the centre is stolen: database, files, keys, and the machines of some custodians. With k-1 of them no file opens."""
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import select

from kernel.canonical import sha256
from kernel.database import Tables
from tests.worlds.sealed import Sealed, formal
from trading.bids.records import Envelope
from trading.opening.state import ceremony_of, front
from trading.sealing.rules import scalars
from trading.sealing.rules.ceremony import identity_seed
from trading.sealing.rules.envelope import commitment_fits
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import Prefix
from trading.sealing.rules.hpke import file_key_from_dh
from trading.sealing.rules.partials import combine_points
from trading.sealing.rules.transcript import Share, Transcript, restore

HEX = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
SMALL = 4096  # bytes of a file or value that is searched for raw keys as well as for written ones


@pytest.fixture
def world(centre, tmp_path: Path) -> Sealed:  # type: ignore[no-untyped-def]
    """Three custodians, any two open; a bid of three parts lies sealed before the deadline."""
    made = formal(centre, tmp_path)
    made.bid(made.supplier(), 100_00)
    return made


def values(world: Sealed) -> Iterator[bytes]:
    """Every value of every row, as bytes."""
    with world.centre.reading() as session:
        for table in Tables.metadata.sorted_tables:
            for row in session.execute(select(table)):
                for value in row:
                    yield value if isinstance(value, bytes) else repr(value).encode()


def contents(*folders: Path) -> Iterator[bytes]:
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not file.name.startswith("mingbiao.db"):
                yield file.read_bytes()


def words(found: Iterator[bytes]) -> set[bytes]:
    """Whatever could be a key: 32 raw bytes of something small, 64 written digits of anything; and their hashes."""
    taken: set[bytes] = set()
    for data in found:
        taken |= {bytes.fromhex(word.decode()) for word in HEX.findall(data)}
        if len(data) <= SMALL:
            taken |= {data[n : n + 32] for n in range(0, len(data) - 31, 32)} | {data[-32:]}
    taken = {word for word in taken if len(word) == 32}
    return taken | {sha256(word) for word in taken} | {identity_seed(word) for word in taken}


def shares(taken: set[bytes], transcript: Transcript) -> dict[int, Share]:
    """Custodians' shares that follow from what was taken."""
    found = {}
    for word in taken:
        with suppress(Fault, ValueError):
            share = restore(word, transcript)
            found[share.index] = share
    return found


def keys(taken: set[bytes], transcript: Transcript, prefix: Prefix) -> Iterator[bytes]:
    """Every file key that the loot could give: as it stands, as a private key, as a shared point, and out of the shares."""
    enc, receiver, info = scalars.montgomery(prefix.point), bytes.fromhex(prefix.header.key), prefix.encoded
    points = {index: scalars.times(share.value, prefix.point) for index, share in shares(taken, transcript).items()}
    for number in range(1, len(points) + 1):
        for some in combinations(sorted(points), number):
            yield file_key_from_dh(scalars.montgomery(combine_points({i: points[i] for i in some}, number)), enc, receiver, info)
    for word in taken:
        yield word
        yield file_key_from_dh(word, enc, receiver, info)
        if scalars.is_scalar(word):
            yield file_key_from_dh(scalars.montgomery(scalars.times(word, prefix.point)), enc, receiver, info)


def broken(world: Sealed, machines: int) -> list[bytes]:
    """File keys that fit a sealed file, with everything of the centre and the state of so many custodians."""
    with world.centre.reading() as session:
        _, transcript = ceremony_of(session, world.project)
        fronts = [front(row) for row in session.scalars(select(Envelope).order_by(Envelope.digest))]
    taken = words(values(world)) | words(contents(world.centre.home, *(keeper.home for keeper in world.keepers[:machines])))
    assert len(taken) > 100
    return [key for prefix in fronts for key in keys(taken, transcript, prefix) if commitment_fits(prefix, key)]


def test_one_machine_short_of_the_quorum_opens_nothing(world: Sealed) -> None:
    assert broken(world, 1) == []


def test_the_same_search_opens_everything_with_one_machine_more(world: Sealed) -> None:
    found = broken(world, 2)
    assert len(set(found)) == len(world.all(Envelope)) == 3
