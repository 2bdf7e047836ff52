"""What anybody may ask about the programs of the pages: the newest list, and the leaf in which it stands."""
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.opened import leaf_under
from kernel.scripts.records import Scripts

if TYPE_CHECKING:
    from kernel.centre import Centre


def newest(session: Session) -> Scripts | None:
    return session.scalar(select(Scripts).order_by(Scripts.since.desc(), Scripts.id).limit(1))


def index(session: Session) -> int | None:
    """Where the newest list stands in the ledger; None before it stands under a checkpoint."""
    found = _placed(session)
    return found[0].position if found else None


def leaf(centre: "Centre", session: Session) -> dict[str, str] | None:
    """The opened leaf of the newest list; None before it stands under a checkpoint."""
    found = _placed(session)
    return leaf_under(centre, *found) if found else None


def _placed(session: Session) -> tuple[Entry, Checkpoint] | None:
    row = newest(session)
    entry = session.scalar(select(Entry).where(Entry.key == row.entry)) if row else None
    last = session.scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))
    return (entry, last) if entry and last and entry.position is not None and entry.position < last.size else None
