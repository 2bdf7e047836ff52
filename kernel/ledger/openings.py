"""Which entries anybody may read by now, and the entry as its own actor may read it."""
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.asks import stage_of, withheld
from kernel.ledger.entries import Entry
from law.stages import reached

if TYPE_CHECKING:
    from kernel.centre import Centre


def is_open(session: Session, entry: Entry, now: int, stages: dict[str, Any] | None = None) -> bool:
    """May the public read this entry at `now`? Leaves of a stopped tender open as of the stage where it stopped."""
    if entry.salt is None or entry.opens == "never" or entry.tag == "cover":
        return False
    if entry.opens == "now":
        return True
    stages = {} if stages is None else stages
    if entry.on not in stages:
        stages[entry.on] = (stage_of(session, entry.on, now), withheld(session, entry.on))
    found, shut = stages[entry.on]
    return found is not None and reached(entry.opens, *found) and entry.key not in shut


def public(centre: "Centre", session: Session, below: int | None = None) -> Iterator[Entry]:
    """Entries with a position that are open by now, in order."""
    now, stages = centre.clock.now(session), {}
    query = select(Entry).where(Entry.position.is_not(None), Entry.opens != "never").order_by(Entry.position)
    if below is not None:
        query = query.where(Entry.position < below)
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        if is_open(session, entry, now, stages):
            yield entry
