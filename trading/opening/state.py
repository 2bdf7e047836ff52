"""What acts and reads of the opening look up: the closing list, the fronts of its files, who is still undecided."""
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.ledger.entries import Entry
from kernel.ledger.leaf import leaf_of
from kernel.tree import leaf_hash
from kernel.values import MINUTE, day_of
from law.citation import Clause
from law.registry import in_force
from trading.bids.records import Bid, Closing, Envelope
from trading.opening.records import Batch, Failure, Opened, Opening
from trading.projects.records import Project, Scoring
from trading.sealing.reads import ready_ceremony
from trading.sealing.records import Ceremony
from trading.sealing.rules.header import MAGIC, Prefix, parse_prefix
from trading.sealing.rules.partials import Occasion
from trading.sealing.rules.transcript import Transcript, read_transcript


@dataclass(frozen=True)
class Listed:
    """One file of the closing list."""

    bid: str
    part: str
    blob: str
    prefix: Prefix


def opening_of(session: Session, project: str) -> Opening | None:
    return session.scalar(select(Opening).where(Opening.project == project))


def closings(session: Session, project: str) -> list[Closing]:
    return list(session.scalars(select(Closing).where(Closing.project == project)))


def counts(session: Session, project: str) -> dict[str, int]:
    """lot → bids at the deadline; empty before the closing entry."""
    return {closing.lot: closing.count for closing in closings(session, project)}


def listed(session: Session, project: str, given: list[Closing]) -> dict[bytes, Listed]:
    """digest → file, of exactly the closing lists."""
    wanted = {digest for closing in given for digest in closing.digests}
    query = select(Envelope).join(Bid, Bid.id == Envelope.bid).where(Bid.project == project)
    return {
        bytes.fromhex(row.digest): Listed(row.bid, row.part, row.blob, front(row)) for row in session.scalars(query) if row.digest in wanted
    }


def front(row: Envelope) -> Prefix:
    """The front of the file, byte for byte, from its row."""
    header = row.header.encode()
    lengths = row.padded.to_bytes(8, "big") + (-(-row.padded // (1 << 20))).to_bytes(8, "big")
    return parse_prefix(
        MAGIC + len(header).to_bytes(4, "big") + header + bytes.fromhex(row.committed) + lengths + bytes.fromhex(row.proof))


def occasion(session: Session, ceremony: Ceremony, given: list[Closing]) -> Occasion:
    """The one opening that partials of this tender are good for."""
    o = session.scalar(select(Entry.o).where(Entry.key == given[0].entry))
    assert o is not None, "a closing without its entry"
    return Occasion(ceremony.id, ceremony.project, leaf_hash(leaf_of(o)))


def ceremony_of(session: Session, project: str) -> tuple[Ceremony, Transcript]:
    ceremony = ready_ceremony(session, project)
    assert ceremony is not None, "a tender was published without a key"
    return ceremony, transcript(ceremony.transcript.encode())


@lru_cache(maxsize=64)
def transcript(raw: bytes) -> Transcript:
    """A transcript is checked whole whenever it is read; the same bytes need that once."""
    return read_transcript(raw)


def batches(session: Session, project: str) -> list[Batch]:
    return list(session.scalars(select(Batch).where(Batch.project == project).order_by(Batch.number)))


def undecided(session: Session, project: str) -> list[str]:
    """Live bids whose price is neither opened nor found unreadable nor attributed."""
    decided = select(Opened.bid).where(Opened.project == project, Opened.part == "price")
    return list(session.scalars(select(Bid.id).where(Bid.project == project, Bid.state == "live", Bid.id.not_in(decided)).order_by(Bid.id)))


def failures(session: Session, project: str) -> list[Failure]:
    return list(session.scalars(select(Failure).where(Failure.project == project).order_by(Failure.id)))


def window_ends(project: Project, opening: Opening) -> int:
    """When the decryption window closes."""
    return (opening.started or 0) + project.decrypt_minutes * MINUTE


def minimum(project: Project, now: int) -> Clause:
    """The fewest bidders of this field, as in force when the tender was published."""
    return in_force(f"{project.field}.minimum_bidders", day_of(project.published_at or now))


def choices(session: Session, project: str) -> tuple[str, ...]:
    """The coefficients among which the document lets the opening draw; empty where it draws none."""
    scheme = session.scalar(select(Scoring.scheme).where(Scoring.project == project)) or {}
    benchmark = scheme.get("benchmark")
    if not isinstance(benchmark, dict) or benchmark.get("drawn", "none") == "none":
        return ()
    return tuple(str(choice) for choice in benchmark.get("choices", ()))


def live_count(session: Session, project: str) -> int:
    return session.scalar(select(func.count()).select_from(Bid).where(Bid.project == project, Bid.state == "live")) or 0
