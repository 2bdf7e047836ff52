"""What happens after an act: readers of the ledger that call system acts or send messages.

A reaction runs after the commit, sees the entry, and must be safe to repeat: a crash in the middle runs it again.
A refusal inside a reaction is normal (somebody was faster) and is noted in the log.
"""
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from kernel.errors import Refusal
from kernel.ledger.entries import Cursor, Entry, stable

if TYPE_CHECKING:
    from kernel.centre import Centre

log = structlog.get_logger()
Reaction = Callable[["Centre", Entry], None]
_reactions: dict[str, list[tuple[str, Reaction]]] = {}


def reaction(*tags: str) -> Callable[[Reaction], Reaction]:
    """Registers a function `(centre, entry)` to run after each act of these tags."""

    def keep(fn: Reaction) -> Reaction:
        for tag in tags:
            _reactions.setdefault(tag, []).append((f"{fn.__module__}.{fn.__name__}", fn))
        return fn

    return keep


def run_reactions(centre: "Centre", most: int = 200) -> int:
    """Runs what is due, in the order of entries; returns how many entries were read."""
    with centre.database.reading() as session:
        cursor = session.get(Cursor, "reactions")
        done = cursor.number if cursor else 0
        query = select(Entry).where(Entry.number > done, Entry.tag != "cover").order_by(Entry.number).limit(most)
        entries = list(session.scalars(stable(query, centre.database.sqlite)))
    for entry in entries:
        for name, fn in _reactions.get(entry.tag, ()):
            try:
                fn(centre, entry)
            except Refusal as refusal:
                log.info("reaction_refused", reaction=name, tag=entry.tag, rule=str(refusal))
    if entries:
        with centre.database.writing() as session:
            session.merge(Cursor(name="reactions", number=entries[-1].number))
            session.commit()
    return len(entries)
