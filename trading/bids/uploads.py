"""How ciphertext comes in: begun, put in pieces in any order, again after a broken line, and stamped once.

No ledger acts: nothing is promised until `submit` takes the whole file. The moment is stamped by the one clock when
the last missing piece stands, before anything is assembled, so that a slow disk never makes a bid late.
"""
import io
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.blobs import too_large
from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Malformed, NotYours, Stale, Text
from trading.bids.records import Piece, Upload
from trading.projects.records import Lot, Project
from trading.relations import relations
from trading.sealing.rules.envelope import Checked, check_structure
from trading.sealing.rules.header import PARTS

PIECE = 8 << 20  # bytes of each raw piece but the last


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


def begin(centre: Centre, actor: Actor, project: str, lot: str, part: str, size: int) -> Upload:
    """A place for one sealed file of `size` bytes. NotYours for whoever may not bid; Malformed for a part or size that cannot be."""
    if part not in PARTS[:3]:
        raise Malformed("part")
    if not 0 < size:
        raise Malformed("size")
    if size > centre.settings.part_limit:
        raise too_large(centre.settings.part_limit)
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        _may_bid(session, actor, project, lot, now)
        upload = Upload(project=project, lot=lot, org=actor.org, part=part, size=size, chunks=-(-size // PIECE), begun=now)
        session.add(upload)
        session.commit()
        return upload


def put_chunk(centre: Centre, actor: Actor, upload: str, number: int, data: bytes) -> Upload:
    """Keeps piece `number` (from 0). The piece that completes the file stamps its moment."""
    with centre.reading() as session:
        found = _own(session, actor, upload)
    if found.state != "open" or found.moment is not None:
        raise Stale
    if not 0 <= number < found.chunks or len(data) != _length(found, number):
        raise Malformed("chunk", Text("分片序号或长度不符", "The piece has a wrong number or length"))
    blob = centre.blobs.put(data)
    with centre.database.writing() as session:
        row = session.get_one(Upload, upload, with_for_update=True)
        old = session.scalar(select(Piece.blob).where(Piece.upload == upload, Piece.number == number))
        session.merge(Piece(upload=upload, number=number, digest=blob.digest, blob=blob.key))
        session.flush()
        have = session.scalar(select(func.count()).select_from(Piece).where(Piece.upload == upload))
        if have == row.chunks and row.moment is None:
            row.moment = centre.clock.now(session)
        session.commit()
    if old is not None:
        centre.blobs.delete(old)
    return row


def finish(centre: Centre, actor: Actor, upload: str) -> Upload:
    """Assembles and checks the whole file without any key. Raises the Fault that names what is wrong; repeating it is harmless."""
    with centre.reading() as session:
        row = _own(session, actor, upload)
        pieces = list(session.scalars(select(Piece).where(Piece.upload == upload).order_by(Piece.number)))
    if row.state != "open":
        return row
    if row.moment is None:
        raise Malformed("chunk", Text("文件尚未传完", "The file is not complete yet"))

    def blocks() -> Iterator[bytes]:
        for piece in pieces:
            yield from centre.blobs.stream(piece.blob)

    checked = check_structure(io.BufferedReader(Joined(blocks()), 1 << 20))
    if len(pieces) == 1:
        key = pieces[0].blob
    else:
        key = centre.blobs.put_stream(io.BufferedReader(Joined(blocks()), 1 << 20)).key
        for piece in pieces:
            centre.blobs.delete(piece.blob)
    with centre.database.writing() as session:
        row = session.get_one(Upload, upload)
        _whole(row, checked, key)
        session.commit()
    return row


def store(centre: Centre, actor: Actor, project: str, lot: str, part: str, data: bytes) -> Upload:
    """Begins, puts and finishes a file that is in memory, in one transaction."""
    checked = check_structure(io.BytesIO(data))
    blob = centre.blobs.put(data, centre.settings.part_limit)
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        _may_bid(session, actor, project, lot, now)
        upload = Upload(project=project, lot=lot, org=actor.org, part=part, size=len(data), chunks=1, begun=now, moment=now)
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
        pieces = list(session.scalars(select(Piece).where(Piece.upload.in_([row.id for row in rows]))))
        keys = {row.blob for row in rows if row.blob} | ({piece.blob for piece in pieces} - {""})
        gone = {row.id for row in rows if row.state == "whole" and row.chunks > 1}
        keys -= {piece.blob for piece in pieces if piece.upload in gone}
        for row in rows:
            row.state = "dropped"
        session.commit()
    for key in keys:
        centre.blobs.delete(key)
    return len(rows)



def _whole(row: Upload, checked: Checked, key: str) -> None:
    row.state, row.digest, row.head, row.blob = "whole", checked.digest.hex(), checked.prefix.raw.hex(), key


def _length(row: Upload, number: int) -> int:
    return min(PIECE, row.size - number * PIECE)


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
