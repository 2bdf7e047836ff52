"""Opening what a silent party sealed: k custodians do it, ten minutes after the last commitment, and nobody else can."""
import io
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.desk import contributions_of
from experts.records import Contribution, Draw, DrawPartial
from kernel.blobs import Blobs
from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import NotYours
from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.leaf import leaf_of
from kernel.ledger.opened import leaf_under
from kernel.tree import leaf_hash
from trading.sealing.draw_gates import SILENCE
from trading.sealing.reads import rounds_of
from trading.sealing.records import Ceremony
from trading.sealing.rules.envelope import open_with_key
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import PREFIX_LIMIT, Prefix, parse_prefix
from trading.sealing.rules.partials import Occasion, combine, read_batch
from trading.sealing.rules.transcript import Transcript, read_transcript


@dataclass(frozen=True)
class Silent:
    """What the custodians are asked for. envelopes: digest → prefix of each sealed contribution not shown yet."""

    occasion: Occasion
    transcript: Transcript
    envelopes: dict[bytes, Prefix]
    parties: dict[bytes, Contribution]


def silent(session: Session, blobs: Blobs, draw: Draw) -> Silent:
    """The occasion is bound to the leaf of the last commitment, as an opening is to its close leaf."""
    ceremony = session.get_one(Ceremony, draw.ceremony)
    transcript = read_transcript(ceremony.transcript.encode())
    given = contributions_of(session, draw)
    last = session.scalars(
        select(Entry).where(Entry.key.in_([one.commit_entry for one in given.values()])).order_by(
            Entry.position.desc().nulls_first(), Entry.number.desc()).limit(1)).one()
    parties = {bytes.fromhex(one.digest): one for one in given.values() if not one.value}
    envelopes = {digest: parse_prefix(blobs.get(one.blob)[:PREFIX_LIMIT]) for digest, one in parties.items()}
    return Silent(Occasion(transcript.terms.ceremony, draw.id, leaf_hash(leaf_of(last.o))), transcript, envelopes, parties)


def papers(centre: Centre, session: Session, actor: Actor, id: str, now: int) -> dict[str, Any]:
    """What a custodian of the ceremony checks before it breaks a silence (trading/sealing/draw_gates.py): transcript, the leaf
    of the rules and those of all commitments under one checkpoint, and the sealed files. NotYours for others and before its time."""
    draw = session.get(Draw, id)
    if draw is None or not breaks_silence(session, actor, draw, now):
        raise NotYours
    ceremony, given, asked = session.get_one(Ceremony, draw.ceremony), contributions_of(session, draw), silent(session, centre.blobs, draw)
    keys = [draw.rules_entry, *(one.commit_entry for one in given.values())]
    entries = {entry.key: entry for entry in session.scalars(select(Entry).where(Entry.key.in_(keys)))}
    head = session.scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))
    if head is None or any(entry.position is None or entry.position >= head.size for entry in entries.values()):
        raise NotYours
    rounds = rounds_of(session, ceremony.id)
    rules, *commits = [leaf_under(centre, entries[key], head) for key in keys]
    return {
        "draw": draw.id, "transcript": ceremony.transcript, "signatures": [rounds[n].signature for n in sorted(rounds)], "rules": rules,
        "commits": commits, "files": [{"party": one.party, "sealed": centre.blobs.get(one.blob).hex()} for one in asked.parties.values()],
    }


def breaks_silence(session: Session, actor: Actor, draw: Draw, now: int) -> bool:
    """Does a contribution of this draw wait for partials of this custodian?"""
    if draw.stage != "committed" or draw.committed_at is None or now < draw.committed_at + SILENCE:
        return False
    keepers = session.get_one(Ceremony, draw.ceremony).custodians
    if actor.id not in keepers or all(one.value for one in contributions_of(session, draw).values()):
        return False
    mine = select(DrawPartial.id).where(DrawPartial.draw == draw.id, DrawPartial.number == keepers.index(actor.id) + 1)
    return session.scalar(mine) is None


def opened(session: Session, blobs: Blobs, draw: Draw) -> dict[str, str]:
    """party → value in hex, of the silent parties that enough custodians opened. One that sealed rubbish is left out."""
    asked = silent(session, blobs, draw)
    batches = [read_batch(row.batch.encode()) for row in session.scalars(select(DrawPartial).where(DrawPartial.draw == draw.id))]
    found: dict[str, str] = {}
    for digest, one in asked.parties.items():
        partials = {batch.index: partial for batch in batches for partial in batch.partials if partial.digest == digest}
        sink = io.BytesIO()
        try:
            combined = combine(asked.transcript, asked.occasion, asked.envelopes[digest], digest, partials)
            open_with_key(io.BytesIO(blobs.get(one.blob)), sink, combined.file_key, digest=digest)
        except Fault:
            continue
        if len(sink.getvalue()) == 32:
            found[one.party] = sink.getvalue().hex()
    return found
