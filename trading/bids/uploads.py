"""How ciphertext comes in: begun, put in pieces in any order, again after a broken line, and stamped once.

No ledger acts: nothing is promised until `submit` takes the whole file. The moment is stamped by the one clock when
the last missing piece stands, before anything is checked, so that a slow disk never makes a bid late. A piece holds whole
sealed chunks, which are hashed as they come; pieces are never put together and never read again before the opening.
"""
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, insert, select, update
from sqlalchemy.orm import Session

from kernel.blobs import too_large
from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Malformed, NotYours, Stale, Text
from trading.bids.records import Piece, Upload
from trading.projects.records import Lot, Project
from trading.relations import relations
from trading.sealing.rules.envelope import Checked, Leaves, check_leaves, check_structure
from trading.sealing.rules.header import CHUNK, PARTS, PREFIX_LIMIT, TAG

PIECE = 4 * (CHUNK + TAG)  # bytes of each raw piece but the last; the first has the front before them
CRUMB = 4096  # bytes that a block counts more than it holds, so that a body in crumbs waits no longer than another

# a large file has hundreds of pieces, so what each asks stands ready
_upload, _piece, _its, _which = Upload.__table__, Piece.__table__, bindparam("its"), bindparam("which")
HELD = select(_upload.c.state, _upload.c.moment, _upload.c.chunks).where(_upload.c.id == _its).with_for_update()
HAVE = select(func.count(), func.max(case((_piece.c.number == _which, _piece.c.blob)))).where(_piece.c.upload == _its)  # after the lock, so that none is missed
PUT = insert(_piece).values(upload=_its, number=_which)
PUT_AGAIN = update(_piece).where(_piece.c.upload == _its, _piece.c.number == _which)
STAMP = update(_upload).where(_upload.c.id == _its)


class Joined(io.RawIOBase):
    """A stream of byte blocks as a file to read from."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def cuts(size: int, front: int) -> list[slice]:
    """Where the pieces of a file of `size` bytes lie. front: bytes before its first chunk."""
    starts = [0, *range(front + PIECE, size, PIECE)]
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], size], strict=True)]


def begin(centre: Centre, actor: Actor, project: str, lot: str, part: str, size: int, front: int) -> Upload:
    """A place for one sealed file of `size` bytes. NotYours for whoever may not bid; Malformed for a part or size that cannot be."""
    if part not in PARTS[:3]:
        raise Malformed("part")
    if not 0 < front <= min(size, PREFIX_LIMIT):
        raise Malformed("size")
    if size > centre.settings.part_limit:
        raise too_large(centre.settings.part_limit)
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        _may_bid(session, actor, project, lot, now)
        upload = Upload(project=project, lot=lot, org=actor.org, part=part, size=size, front=front, chunks=len(cuts(size, front)), begun=now)
        session.add(upload)
        session.commit()
        return upload


@dataclass(frozen=True)
class Begun:
    """What never changes of an upload. places: where its pieces lie."""

    id: str
    front: int
    places: tuple[slice, ...]


class Coming:
    """A piece on its way in: hashed and written as it comes, ended by `stand` or `drop`."""

    def __init__(self, centre: Centre, begun: Begun, number: int) -> None:
        """Malformed for a number that the file has not."""
        if not 0 <= number < len(begun.places):
            raise wrong_piece()
        place = begun.places[number]
        self._centre, self._upload, self._number = centre, begun.id, number
        self._missing, self._front = place.stop - place.start, 0 if number else begun.front
        self._leaves, self._intake = Leaves(), centre.blobs.intake()
        self._waiting: deque[bytes] = deque()
        self._came = self._wrote = 0

    @property
    def ahead(self) -> int:
        """Bytes that wait for `write`, and what it costs to keep each block of them."""
        return self._came - self._wrote

    def take(self, block: bytes) -> None:
        """Hashes a block while it is in the processor's cache. What goes beyond the piece is counted and not kept."""
        self._missing -= len(block)
        if self._missing < 0:
            return
        front = min(self._front, len(block))
        self._front -= front
        self._leaves.add(memoryview(block)[front:])
        self._came += len(block) + CRUMB
        self._waiting.append(block)

    def write(self) -> None:
        """Writes what waits; in one thread at a time, while `take` goes on in another."""
        while self._waiting:
            blocks = [self._waiting.popleft() for _ in range(len(self._waiting))]
            self._intake.add(blocks)
            self._wrote += sum(map(len, blocks)) + len(blocks) * CRUMB

    def stand(self) -> int | None:
        """The piece is on the disk and in the database; the moment of the file, stamped by the piece that completes it. Malformed for another length."""
        try:
            if self._missing:
                raise wrong_piece()
            self.write()
            key, leaves, centre = self._intake.done(), self._leaves.end(), self._centre
        except BaseException:
            self.drop()
            raise
        at = {"its": self._upload, "which": self._number}
        with centre.database.writing() as session:
            rows = session.connection()
            state, moment, chunks = rows.execute(HELD, at).one()
            late = state != "open" or moment is not None  # the same piece twice at once: the other completed the file
            have, old = (0, key) if late else rows.execute(HAVE, at).one()
            if not late:
                rows.execute(PUT if old is None else PUT_AGAIN, at | {"leaves": leaves, "blob": key})
                if have + (old is None) == chunks:
                    moment = centre.clock.now(session)
                    rows.execute(STAMP, at | {"moment": moment})
                session.commit()
        if old is not None:
            centre.blobs.delete(old)
        if late:
            raise Stale
        return moment

    def drop(self) -> None:
        self._intake.undo()


def wrong_piece() -> Malformed:
    return Malformed("chunk", Text("分片序号或长度不符", "The piece has a wrong number or length"))


def expect(centre: Centre, actor: Actor, upload: str) -> Begun:
    """The upload for whose pieces there is a place. NotYours, Stale."""
    with centre.reading() as session:
        found = _own(session, actor, upload)
    if found.state != "open" or found.moment is not None:
        raise Stale
    return Begun(found.id, found.front, tuple(cuts(found.size, found.front)))


def finish(centre: Centre, actor: Actor, upload: str) -> Upload:
    """Checks the whole file without any key. Raises the Fault that names what is wrong; repeating it is harmless."""
    with centre.reading() as session:
        row = _own(session, actor, upload)
        pieces = list(session.scalars(select(Piece).where(Piece.upload == upload).order_by(Piece.number)))
    if row.state != "open":
        return row
    if row.moment is None:
        raise Malformed("chunk", Text("文件尚未传完", "The file is not complete yet"))
    leaves = [piece.leaves[at : at + 32] for piece in pieces for at in range(0, len(piece.leaves), 32)]
    checked = check_leaves(centre.blobs.read_range(pieces[0].blob, 0, row.front), leaves, row.size)
    with centre.database.writing() as session:
        row = session.get_one(Upload, upload)
        _whole(row, checked, " ".join(piece.blob for piece in pieces))
        session.commit()
    return row


def store(centre: Centre, actor: Actor, project: str, lot: str, part: str, data: bytes) -> Upload:
    """Begins, puts and finishes a file that is in memory, in one transaction."""
    checked = check_structure(io.BytesIO(data))
    blob = centre.blobs.put(data, centre.settings.part_limit)
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        _may_bid(session, actor, project, lot, now)
        upload = Upload(project=project, lot=lot, org=actor.org, part=part, size=len(data), front=len(checked.prefix.raw), chunks=1, begun=now, moment=now)
        _whole(upload, checked, blob.key)
        session.add(upload)
        session.commit()
        return upload


def missing(session: Session, actor: Actor, upload: str) -> list[int]:
    """Numbers of the pieces that have not come: where a broken upload goes on."""
    row = _own(session, actor, upload)
    have = set(session.scalars(select(Piece.number).where(Piece.upload == upload)))
    return [number for number in range(row.chunks) if number not in have]


def drop(centre: Centre, project: str) -> int:
    """Deletes the ciphertext of everything that was never submitted to a closed tender; how many files went."""
    with centre.database.writing() as session:
        rows = list(session.scalars(select(Upload).where(Upload.project == project, Upload.state.in_(["open", "whole"]))))
        pieces = session.scalars(select(Piece.blob).where(Piece.upload.in_([row.id for row in rows])))
        keys = {key for row in rows for key in row.blob.split()} | set(pieces)
        for row in rows:
            row.state = "dropped"
        session.commit()
    for key in keys:
        centre.blobs.delete(key)
    return len(rows)


def _whole(row: Upload, checked: Checked, key: str) -> None:
    row.state, row.digest, row.head, row.blob = "whole", checked.digest.hex(), checked.prefix.raw.hex(), key


def _own(session: Session, actor: Actor, upload: str) -> Upload:
    row = session.get(Upload, upload)
    if row is None or not actor.org or row.org != actor.org:
        raise NotYours
    return row


def _may_bid(session: Session, actor: Actor, project: str, lot: str, now: int) -> None:
    row, its = session.get(Project, project), session.get(Lot, lot)
    if row is None or its is None or its.project != project or "supplier" not in relations(session, actor, row, now):
        raise NotYours
    if row.stage not in ("inviting", "closed", "opening"):
        raise Stale  # after the deadline only to supply a lost file again, or to be refused with its reason
