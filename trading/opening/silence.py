"""Opening what a silent party to the coefficient sealed: k custodians do it, ten minutes after the read-out, and nobody else can."""
import io
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import NotYours
from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.leaf import leaf_of
from kernel.ledger.sequencer import proof_of
from kernel.tree import leaf_hash
from trading.opening.records import Coefficient, Opening, Unsealed
from trading.opening.state import ceremony_of, opening_of
from trading.sealing.draw_gates import COMMIT_COEFFICIENT, READ_OUT, SILENCE, contribution
from trading.sealing.reads import rounds_of
from trading.sealing.rules.envelope import open_with_key
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import Prefix
from trading.sealing.rules.partials import Occasion, combine, read_batch
from trading.sealing.rules.transcript import Transcript


@dataclass(frozen=True)
class Silent:
    """What custodians are asked for. files: party → its sealed file · envelopes: digest → (party, front)."""

    occasion: Occasion
    transcript: Transcript
    files: dict[str, bytes]
    envelopes: dict[bytes, tuple[str, Prefix]]


def silent_from(opening: Opening | None) -> int:
    return (opening.read_out or 0) + SILENCE if opening else 0


def silent_parties(session: Session, project: str) -> dict[str, str]:
    """party → key of its sealed file, of those that committed and have not shown their contribution."""
    row = session.scalar(select(Coefficient).where(Coefficient.project == project))
    return {party: blob for party, blob in row.sealed.items() if party not in row.reveals} if row else {}


def silent(centre: Centre, session: Session, project: str) -> Silent | None:
    """None before the read-out. The occasion is bound to the leaf of the read-out, as an opening is to its close leaf."""
    o = session.scalar(select(Entry.o).where(Entry.on == project, Entry.tag == READ_OUT))
    if o is None:
        return None
    ceremony, transcript = ceremony_of(session, project)
    files = {party: centre.blobs.get(blob) for party, blob in silent_parties(session, project).items()}
    checked = {party: contribution(data, project, party, ceremony.key) for party, data in files.items()}
    return Silent(Occasion(ceremony.id, project, leaf_hash(leaf_of(o))), transcript, files, {one.digest: (party, one.prefix) for party, one in checked.items()})


def waits_for(session: Session, actor: Actor, project: str, now: int) -> bool:
    """Does a silent party's contribution wait for partials of this custodian?"""
    opening = opening_of(session, project)
    if opening is None or opening.read_out is None or now < silent_from(opening) or not silent_parties(session, project):
        return False
    keepers = ceremony_of(session, project)[0].custodians
    if actor.id not in keepers:
        return False
    return session.scalar(select(Unsealed.id).where(Unsealed.project == project, Unsealed.number == keepers.index(actor.id) + 1)) is None


def papers(centre: Centre, session: Session, actor: Actor, project: str, now: int) -> dict[str, Any]:
    """What the program checks first (trading/sealing/draw_gates.py). NotYours for others and before its time."""
    asked = silent(centre, session, project) if waits_for(session, actor, project, now) else None
    head = session.scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))
    entries = list(session.scalars(select(Entry).where(Entry.on == project, Entry.tag.in_((READ_OUT, COMMIT_COEFFICIENT))).order_by(Entry.position)))
    if asked is None or head is None or any(entry.position is None or entry.position >= head.size for entry in entries):
        raise NotYours
    ceremony, rounds = ceremony_of(session, project)[0], rounds_of(session, asked.occasion.ceremony)
    leaves = [(entry.tag, {"payload": entry.payload, "salt": (entry.salt or b"").hex(), "proof": proof_of(centre, entry.position or 0, head).decode()}) for entry in entries]
    return {
        "draw": project, "transcript": ceremony.transcript, "signatures": [rounds[n].signature for n in sorted(rounds)],
        "read_out": next(leaf for tag, leaf in leaves if tag == READ_OUT), "commits": [leaf for tag, leaf in leaves if tag != READ_OUT],
        "files": [{"party": party, "sealed": data.hex()} for party, data in asked.files.items()],
    }


def opened(centre: Centre, session: Session, project: str) -> dict[str, str]:
    """party → value in hex, of those that enough custodians opened. One that sealed rubbish is left out."""
    asked = silent(centre, session, project)
    batches = [read_batch(row.batch.encode()) for row in session.scalars(select(Unsealed).where(Unsealed.project == project))]
    found: dict[str, str] = {}
    for digest, (party, prefix) in (asked.envelopes if asked else {}).items():
        partials = {batch.index: partial for batch in batches for partial in batch.partials if partial.digest == digest}
        sink = io.BytesIO()
        try:
            assert asked is not None
            key = combine(asked.transcript, asked.occasion, prefix, digest, partials).file_key
            open_with_key(io.BytesIO(asked.files[party]), sink, key, digest=digest)
        except Fault:
            continue
        if len(sink.getvalue()) == 32:
            found[party] = sink.getvalue().hex()
    return found
