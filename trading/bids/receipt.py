"""The receipt of a bid, for its own organisation: the ledger's entry, its salt, and its place under a witnessed checkpoint.

No inclusion, no receipt: until enough witnesses have signed in time the client keeps its sealed file and says so.
"""
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import Actor, moment_key
from kernel.errors import NotYours
from kernel.ledger.entries import Checkpoint, Entry, Witness
from kernel.ledger.note import Verifier, open_checkpoint
from kernel.ledger.sequencer import proof_of
from trading.bids.records import Bid, Envelope
from trading.projects.records import Project

NUMBER = 12  # letters of the entry's key that serve as the receipt's number


@dataclass(frozen=True)
class ReceiptLine:
    """One act of the own organisation. state: of the bid it made · ready: the receipt can be had."""

    bid: str
    version: int
    state: str
    received: int
    number: str
    ready: bool


def receipt(centre: Centre, session: Session, actor: Actor, bid: str) -> dict[str, Any] | None:
    """{number, origin, payload, salt, moment, moment_key, supplier_salt, digests, position, proof, witnesses}; None while it is not ready.

    moment_key opens `t` of the payload to the moment of the entry. The salt opens the leaf to whoever holds the receipt; the supplier's salt opens who stands in the headers.
    """
    row = session.get(Bid, bid)
    if row is None or not actor.org or row.org != actor.org:
        raise NotYours
    project = session.get_one(Project, row.project)
    entry = session.scalar(select(Entry).where(Entry.key == row.entry))
    assert entry is not None and entry.salt is not None
    found = witnessed(centre, session, project, entry)
    if found is None or entry.position is None:
        return None
    digests = dict(session.execute(select(Envelope.part, Envelope.digest).where(Envelope.bid == bid)).all())
    return {
        "v": 1, "number": entry.key[:NUMBER], "origin": centre.origin, "vkey": centre.ledger_key.verifier.vkey(), "tender": row.project, "lot": row.lot,
        "version": row.version, "digests": digests, "received": row.moment, "payload": entry.payload, "salt": entry.salt.hex(),
        "moment": entry.moment, "moment_key": moment_key(centre, entry.key).hex(),
        "supplier_salt": row.supplier_salt.hex(), "position": entry.position, "proof": proof_of(centre, entry.position, found).decode(),
        "witnesses": found.witnesses,
    }


def witnessed(centre: Centre, session: Session, project: Project, entry: Entry) -> Checkpoint | None:
    """The first checkpoint over the entry that the quorum of the tender signed by deadline + grace."""
    if entry.position is None:
        return None
    known = [Verifier.parse(vkey) for vkey in session.scalars(select(Witness.vkey))]
    rows = session.scalars(select(Checkpoint).where(Checkpoint.size > entry.position, Checkpoint.witnesses >= project.quorum).order_by(Checkpoint.size).limit(1))
    for row in rows:
        times = sorted(open_checkpoint(row.note.encode(), centre.ledger_key.verifier, known).cosigned.values())
        if len(times) >= project.quorum and all(t * 1000 <= (project.deadline or 0) + project.grace_seconds * 1000 for t in times[: project.quorum]):
            return row
    return None


def receipts(centre: Centre, session: Session, actor: Actor, project: str) -> tuple[ReceiptLine, ...]:
    """What the own organisation submitted to a tender, newest first; nothing of anybody else's."""
    if not actor.org:
        return ()
    its = session.get(Project, project)
    if its is None:
        raise NotYours
    query = select(Bid, Entry).join(Entry, Entry.key == Bid.entry).where(Bid.project == project, Bid.org == actor.org).order_by(Bid.moment.desc(), Bid.version.desc())
    return tuple(
        ReceiptLine(bid.id, bid.version, bid.state, bid.moment, entry.key[:NUMBER], witnessed(centre, session, its, entry) is not None)
        for bid, entry in session.execute(query)
    )
