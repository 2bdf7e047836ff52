"""k good batches are there: every file whose turn has come is opened at once. The private key is never assembled.
Where bidders have locks of their own, those are opened whose secret is in, once no other can be held back any more.
Where custodians fail, a file whose bidder gave in its key is opened with that (trading/opening/rescue.py).

`open_parts` reads and decrypts outside any transaction, since files may be large; the act then only writes down what
came out. A part whose commitment or content does not hold is sealed rubbish: provably its bidder's doing.
"""
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.canonical import sha256
from kernel.centre import Centre
from kernel.command import SYSTEM, Cmd, Work, command
from kernel.errors import Stale
from kernel.tree import leaf_hash, root
from trading.bids.uploads import Joined
from trading.desk import hold, move
from trading.opening.envelopes import asked
from trading.opening.locks import openable
from trading.opening.plain import PlainFile
from trading.opening.records import Opened, Rescued
from trading.opening.state import Listed, batches, ceremony_of
from trading.projects.records import Project
from trading.sealing.rules import scalars
from trading.sealing.rules.envelope import commitment_fits, digest_of, open_with_key
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.hpke import file_key_from_dh
from trading.sealing.rules.partials import combine_points, read_batch
from trading.sealing.rules.price import SIZE_LIMIT, PriceForm, parse_price


class Decrypt(Cmd):
    project: str = Field(max_length=32)


@dataclass(frozen=True)
class Result:
    """What came out of one file. state: opened | rubbish."""

    bid: str
    part: str
    state: str
    file_key: bytes = field(repr=False)
    lock: bytes = field(default=b"", repr=False)
    form: PriceForm | None = None
    plain: str = ""


@command("trading.opening.decrypt", opens="works.opened procurement.announced")
def decrypt(work: Work, cmd: Decrypt, results: tuple[Result, ...]) -> list[Opened]:
    project = hold(work, cmd.project)
    ceremony, _ = ceremony_of(work.session, project.id)
    keys, now = rescued(work.session, project.id), asked(work.session, project)
    move(work, project, asked=now, batches=len(batches(work.session, project.id, now.envelope)) if now else 0, k=ceremony.k, rescued=bool(results) and all((r.bid, r.part) in keys for r in results))
    done = set(work.session.execute(select(Opened.bid, Opened.part).where(Opened.project == project.id)))
    may = openable(work.centre, work.session, project, work.moment)
    due = {(file.bid, file.part) for file in now.files.values()} if now else set()
    fresh = [r for r in results if (r.bid, r.part) in due - done and r.bid in may]
    if not fresh:
        raise Stale
    made = []
    for result in fresh:
        form = _as_kept(result.form) if result.form else {}
        amount = result.form.amount if result.form else None
        made.append(work.keep(Opened(
            project=project.id, bid=result.bid, part=result.part, state=result.state, amount=amount, form=form,
            file_key=result.file_key, lock=result.lock, plain=result.plain, at=work.moment)))
    work.enter(project.id, parts=len(made), keys=root([leaf_hash(sha256(row.file_key)) for row in made]).hex())
    return made


def run(centre: Centre, project: str) -> list[Opened]:
    """Opens what can be opened and writes it down. Raises Refused or Stale where there is nothing to do."""
    return decrypt(centre, SYSTEM, Decrypt(project=project), open_parts(centre, project))


def open_parts(centre: Centre, project: str) -> tuple[Result, ...]:
    """Combines the batches (their proofs were checked when they came) and opens every file not opened yet."""
    with centre.reading() as session:
        (ceremony, _), row = ceremony_of(session, project), session.get_one(Project, project)
        now = asked(session, row)
        if now is None:
            return ()
        given = [read_batch(row.batch.encode()) for row in batches(session, project, now.envelope)]
        enough, keys = len(given) >= ceremony.k, rescued(session, project)
        if not enough and not keys:
            return ()
        done = set(session.execute(select(Opened.bid, Opened.part).where(Opened.project == project)))
        locks = openable(centre, session, row, centre.clock.now(session))
    points = {batch.index: {p.digest: p.point for p in batch.partials} for batch in given}
    made = []
    for digest, file in sorted(now.files.items()):
        if (file.bid, file.part) in done or file.bid not in locks:
            continue
        key = _combined(file, {index: of[digest] for index, of in points.items()}, ceremony.k) if enough else keys.get((file.bid, file.part))
        if key is None:
            continue
        made += _open_file(centre, project, file, digest, key, locks[file.bid])
    return tuple(made)


def rescued(session: Session, project: str) -> dict[tuple[str, str], bytes]:
    """(bid, part) → file key, as bidders gave them in."""
    return {(row.bid, row.part): row.file_key for row in session.scalars(select(Rescued).where(Rescued.project == project))}


def _combined(file: Listed, points: dict[int, bytes], k: int) -> bytes:
    shared = combine_points(points, k)
    return file_key_from_dh(scalars.montgomery(shared), scalars.montgomery(file.prefix.point), bytes.fromhex(file.prefix.header.key), file.prefix.encoded)


def _open_file(centre: Centre, project: str, file: Listed, digest: bytes, key: bytes, lock: bytes) -> Iterator[Result]:
    """Nothing where the ciphertext is lost: its bidder may supply it again. Rubbish is kept with its key, as proof."""
    if not commitment_fits(file.prefix, key, lock):
        yield Result(file.bid, file.part, "rubbish", key, lock)
        return
    small = file.part == "price" and file.prefix.padded <= 2 * SIZE_LIMIT
    sink = io.BytesIO() if small else PlainFile(centre, project)
    try:
        blocks = centre.blobs.stream(file.blob)
        open_with_key(io.BufferedReader(Joined(blocks), 1 << 20), sink, key, lock, digest=digest)
        form = parse_price(sink.getvalue()) if isinstance(sink, io.BytesIO) else None
        if form is None and file.part == "price":
            raise Fault("sealed_rubbish", what="size")
    except FileNotFoundError:
        _drop(sink)
        return
    except Fault as fault:
        _drop(sink)
        if fault.reason.rule == "envelope_whole" and fault.code != "sealed_rubbish" and not _is_listed(centre, file, digest):
            return  # the stored file is not the one in the closing list
        yield Result(file.bid, file.part, "rubbish", key, lock)
        return
    if isinstance(sink, PlainFile):
        sink.close()
    yield Result(file.bid, file.part, "opened", key, lock, form, sink.name if isinstance(sink, PlainFile) else "")


def _is_listed(centre: Centre, file: Listed, digest: bytes) -> bool:
    try:
        return digest_of(io.BufferedReader(Joined(centre.blobs.stream(file.blob)), 1 << 20)) == digest
    except Fault:
        return False


def _drop(sink: "io.BytesIO | PlainFile") -> None:
    if isinstance(sink, PlainFile):
        sink.drop()


def _as_kept(form: PriceForm) -> dict[str, object]:
    kept: dict[str, object] = {"currency": form.currency, "items": [list(item) for item in form.items]}
    return kept | ({"amount": form.amount} if form.amount is not None else {})
