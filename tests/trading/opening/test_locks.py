"""Bidders' own locks (M2): custodians alone open nothing, a secret serves nobody before the window is over, a missing one is a failure."""
import io
from typing import Any

import pytest

from kernel.canonical import parse
from kernel.command import Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds.sealed import Sealed, formal
from trading.bids.records import Bid
from trading.bids.submit import Submit, submit
from trading.opening.attribute_failure import AttributeFailure, attribute_failure
from trading.opening.post_lock import PostLock, post_lock
from trading.opening.proofs import proofs
from trading.opening.read_out import ReadOut, read_out
from trading.opening.records import Lock, Opened
from trading.sealing.rules.envelope import open_with_key
from trading.sealing.rules.faults import Fault
from verify.opening import check_opening

SECRETS = (b"\x11" * 32, b"\x22" * 32, b"\x33" * 32)


def refused(rule: str, act: Any, *args: Any) -> None:
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.reason.rule == rule, found.value.reason


@pytest.fixture
def locked(centre: Any, tmp_path: Any) -> Sealed:
    """Works with bidders' locks, three bids, before the deadline."""
    world = formal(centre, tmp_path, mode="M2", lock_minutes=20)
    for n, secret in enumerate(SECRETS):
        world.bid(world.supplier(), 100_00 + n, lock=secret)
    world.named_host()
    return world


def bid_of(world: Sealed, n: int) -> Bid:
    return next(row for row in world.all(Bid) if row.org == world.suppliers[n].org)


def unlock(world: Sealed, n: int, secret: bytes = b"", actor: Actor | None = None) -> Lock:
    return post_lock(world.centre, actor or world.suppliers[n], PostLock(project=world.project, bid=bid_of(world, n).id, secret=(secret or SECRETS[n]).hex()))


def test_a_bid_carries_one_lock_exactly_where_the_document_asks_for_one(locked: Sealed) -> None:
    actor, salt = locked.supplier(), locked.dice.randbytes(32)
    bare, one, two = ({**locked.seal(actor, 5, salt=salt, lock=lock)[0]} for lock in (b"", *SECRETS[:2]))

    def hand_in(parts: dict[str, Any]) -> Bid:
        return submit(locked.centre, actor, Submit(project=locked.project, lot=locked.lot, parts=locked.upload(actor, parts), salt=salt.hex()))

    refused("context_matches", hand_in, bare)
    refused("context_matches", hand_in, one | {"price": two["price"]})
    locked.set(mode="M1", lock_minutes=0)
    refused("context_matches", hand_in, one)
    locked.set(mode="M2", lock_minutes=20)
    hand_in(one)


def test_custodians_alone_open_nothing_and_the_last_secret_opens_all(locked: Sealed, recording: Any) -> None:
    locked.opened()
    assert locked.all(Opened) == []
    unlock(locked, 0)
    unlock(locked, 1)
    settle(locked.centre)
    assert locked.all(Opened) == [], "an early secret serves nobody"
    unlock(locked, 2)
    settle(locked.centre)
    assert sorted(locked.prices().values()) == [100_00, 100_01, 100_02]
    read_out(locked.centre, locked.host, ReadOut(project=locked.project))
    with locked.centre.reading() as session:
        files = proofs(locked.centre, session, locked.host, locked.project, locked.centre.clock.now(session))
    assert [f.good for f in check_opening(files)] == [True] * 5
    lines = parse(files["opening.json"])["parts"]
    assert len(lines) == 3
    for line in lines:
        data, key = files[line["file"]], bytes.fromhex(line["file_key"])
        open_with_key(io.BytesIO(data), None, key, bytes.fromhex(line["lock"]))
        with pytest.raises(Fault):
            open_with_key(io.BytesIO(data), None, key)


def test_a_secret_is_given_by_its_bidder_in_the_window_once(locked: Sealed, recording: Any) -> None:
    with pytest.raises(Stale):
        unlock(locked, 0)
    locked.started()
    refused("lock_fits", unlock, locked, 0, SECRETS[1])
    with pytest.raises(NotYours):
        unlock(locked, 0, actor=locked.suppliers[1])
    with pytest.raises(NotYours):
        unlock(locked, 0, actor=locked.host)
    unlock(locked, 0)
    with pytest.raises(Stale):
        unlock(locked, 0)
    rest = b"".join(path.read_bytes() for path in locked.centre.home.rglob("*") if path.is_file())
    assert SECRETS[0] not in rest and SECRETS[0].hex().encode() not in rest
    locked.set(mode="M1", lock_minutes=0)
    refused("lock_window_open", unlock, locked, 1)
    locked.set(mode="M2", lock_minutes=20)
    locked.forward(20 * MINUTE)
    refused("lock_window_open", unlock, locked, 1)


def test_a_secret_held_back_is_a_failure_and_the_others_go_on(locked: Sealed, recording: Any) -> None:
    centre, host = locked.centre, locked.host
    locked.opened()
    unlock(locked, 0)
    unlock(locked, 1)
    settle(centre)
    cmd = AttributeFailure(project=locked.project, bid=bid_of(locked, 2).id, cause="bidder", evidence="ab" * 32)
    refused("decryption_window_over_or_all", attribute_failure, centre, host, cmd)
    locked.forward(20 * MINUTE)
    settle(centre)
    assert sorted(locked.prices().values()) == [100_00, 100_01]
    refused("all_decided", read_out, centre, host, ReadOut(project=locked.project))
    attribute_failure(centre, host, cmd)
    assert bid_of(locked, 2).state == "revoked"
    read_out(centre, host, ReadOut(project=locked.project))
