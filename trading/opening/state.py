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
from trading.asks import PriceCall, price_call
from trading.bids.records import Bid, Closing, Envelope
from trading.opening.records import Batch, Failure, Opened, Opening
from trading.projects.records import Project, Scoring
from trading.sealing.reads import ready_ceremony
from trading.sealing.records import Ceremony
from trading.sealing.rules.header import MAGIC, Prefix, parse_prefix
from trading.sealing.rules.partials import Occasion
from trading.sealing.rules.transcript import Transcript, read_transcript

FIRST = ("commercial", "technical")  # what the first of two envelopes holds


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


def occasion(session: Session, ceremony: Ceremony, entry: str) -> Occasion:
    """The one opening that partials of this tender are good for. entry: key of the close entry, or of the call for the prices."""
    o = session.scalar(select(Entry.o).where(Entry.key == entry))
    assert o is not None, "an occasion without its entry"
    return Occasion(ceremony.id, ceremony.project, leaf_hash(leaf_of(o)))


def ceremony_of(session: Session, project: str) -> tuple[Ceremony, Transcript]:
    ceremony = ready_ceremony(session, project)
    assert ceremony is not None, "a tender was published without a key"
    return ceremony, transcript(ceremony.transcript.encode())


@lru_cache(maxsize=64)
def transcript(raw: bytes) -> Transcript:
    """A transcript is checked whole whenever it is read; the same bytes need that once."""
    return read_transcript(raw)


def called(session: Session, project: Project) -> PriceCall | None:
    """Of two envelopes: the committee's call for the prices, None before it."""
    return price_call(session, project.id) if project.envelopes == 2 else None


def turn(session: Session, project: Project) -> int:
    """Which envelope is being opened now: 1 at the opening, 2 the prices of two envelopes from the call to the read-out, 0 none."""
    if project.stage == "opening":
        return 1
    opening = opening_of(session, project.id) if project.stage == "evaluating" and called(session, project) else None
    return 2 if opening is not None and opening.prices_read is None else 0


def parts_of(project: Project, envelope: int) -> tuple[str, ...]:
    """What is opened in a turn."""
    return {0: (), 2: ("price",)}.get(envelope, FIRST if project.envelopes == 2 else ("price", *FIRST))


def batches(session: Session, project: str, envelope: int) -> list[Batch]:
    return list(session.scalars(select(Batch).where(Batch.project == project, Batch.envelope == envelope).order_by(Batch.number)))


def awaited(session: Session, project: Project) -> list[str]:
    """Live bids of which something is opened in this turn, or was in the last."""
    query, call = select(Bid.id).where(Bid.project == project.id, Bid.state == "live").order_by(Bid.id), called(session, project)
    return list(session.scalars(query.where(Bid.id.in_(select(Envelope.bid).where(Envelope.digest.in_(call.digests)))) if call else query))


def undecided(session: Session, project: str) -> list[str]:
    """Those of them whose price is neither opened nor found unreadable; before the price of two envelopes, whose other parts are not."""
    row = session.get_one(Project, project)
    parts = FIRST if row.envelopes == 2 and called(session, row) is None else ("price",)  # with one envelope the price alone decides
    found = select(Opened.bid).where(Opened.project == project, Opened.part.in_(parts))
    decided = set(session.scalars(found.group_by(Opened.bid).having(func.count() == len(parts))))
    return [bid for bid in awaited(session, row) if bid not in decided]


def failures(session: Session, project: str) -> list[Failure]:
    return list(session.scalars(select(Failure).where(Failure.project == project).order_by(Failure.id)))


def window_ends(session: Session, project: Project, opening: Opening) -> int:
    """When the decryption window closes, counted from the start or from the call for the prices."""
    call = called(session, project)
    return (call.at if call else opening.started or 0) + project.decrypt_minutes * MINUTE


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
