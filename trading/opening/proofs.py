"""What repeats an opening, as files for `mingbiao verify`: the ceremony, the closing entry, and for each part its ephemeral
point, the custodians' partial decryptions with their proofs, and the file key that followed (protocol TBID1, section 1.6).

Works: the price parts, to everybody once they are read out. The regulator: every part. A bidder: the own parts.
"""
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.canonical import canon
from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import NotYours
from kernel.ledger.entries import Entry
from kernel.ledger.openings import is_open
from trading.bids.records import Bid, Envelope
from trading.opening.envelopes import prices_shut, seen_as
from trading.opening.records import Opened
from trading.opening.state import batches, called, ceremony_of, closings, front, opening_of
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.sealing.reads import rounds_of
from trading.sealing.rules.partials import read_batch

WHOLE = 1 << 20  # bytes up to which a sealed price form comes whole


def proofs(centre: Centre, session: Session, actor: Actor, id: str, now: int) -> dict[str, bytes]:
    """name → bytes, for this viewer. NotYours before the read-out and for whom there is nothing."""
    rows, everybody = _for(session, actor, id, now)
    if not rows:
        raise NotYours
    return files(centre, session, id, rows, closing=everybody)


def offered(session: Session, actor: Actor, id: str, now: int) -> bool:
    """Has this viewer proofs to fetch now?"""
    return bool(_for(session, actor, id, now)[0])


def _for(session: Session, actor: Actor, id: str, now: int) -> tuple[list[tuple[Opened, Envelope]], bool]:
    """The parts a viewer may repeat, and whether he may know the whole list.

    Partial decryptions of the own parts tell their bidder nothing: it made the file key.
    """
    project, opening = session.get(Project, id), opening_of(session, id)
    if project is None or opening is None or opening.read_out is None:
        return [], False
    held, stage = relations(session, actor, project, now), stage_at(project, now)

    def of(information: str) -> str:
        return seen_as(information, held, project, opening, stage)

    wanted, everybody = _opened(id), of("partials") == of("price_part") == "full"
    if not everybody:
        wanted = wanted.join(Bid, Bid.id == Opened.bid).where(Bid.org == (actor.org or "-"))
    elif of("ciphertext") != "full":
        wanted = wanted.where(Opened.part == "price")
    if not everybody and of("price_part") == "none":
        return [], False
    if prices_shut(project, opening):
        wanted = wanted.where(Opened.part != "price")
    return [(opened, envelope) for opened, envelope in session.execute(wanted)], everybody


def _opened(id: str) -> Select[tuple[Opened, Envelope]]:
    return select(Opened, Envelope).join(Envelope, (Envelope.bid == Opened.bid) & (Envelope.part == Opened.part)).where(
        Opened.project == id, Opened.state.in_(("opened", "rubbish"))).order_by(Envelope.digest)


def price_proofs(centre: Centre, session: Session, id: str) -> dict[str, bytes]:
    """The price parts of a works tender for its published dossier (电子招标投标办法 第三十条)."""
    rows = session.execute(_opened(id).where(Opened.part == "price"))
    return files(centre, session, id, [(opened, envelope) for opened, envelope in rows], closing=True)


def files(centre: Centre, session: Session, id: str, rows: Sequence[tuple[Opened, Envelope]], closing: bool) -> dict[str, bytes]:
    """closing: with the closing entry in clear; without, by its commitment alone.

    Price parts come whole. Of the others comes the front, which is what the custodians answer for: their files may be large
    and lie with those who may read them.
    """
    ceremony, _ = ceremony_of(session, id)
    given = [read_batch(row.batch.encode()) for envelope in (1, 2) for row in batches(session, id, envelope)]
    partials: dict[str, list[list[Any]]] = {}
    for batch in given:
        for p in batch.partials:
            partials.setdefault(p.digest.hex(), []).append([batch.index, p.point.hex(), p.challenge.hex(), p.answer.hex()])
    made, lines = {}, []
    for opened, envelope in rows:
        whole = opened.part == "price" and envelope.size <= WHOLE
        name = f"parts/{envelope.digest}.{'tbid' if whole else 'front'}"
        made[name] = centre.blobs.get(envelope.blob) if whole else front(envelope).raw
        line = {"bid": opened.bid, "part": opened.part, "digest": envelope.digest, "file": name, "state": opened.state,
                "file_key": opened.file_key.hex(), "partials": partials.get(envelope.digest, [])}
        lines.append(line | ({"lock": opened.lock.hex()} if opened.lock else {}) | ({"amount": opened.amount} if opened.amount is not None else {}))
    close, call = _entry(session, closings(session, id)[0].entry, closing), called(session, session.get_one(Project, id))
    signatures = [row.signature for _, row in sorted(rounds_of(session, ceremony.id).items())]
    head = {"v": 1, "tender": id, "ceremony": ceremony.id, "close": close, "signatures": signatures, "parts": lines}
    if call is not None:
        head["call"] = _entry(session, call.entry, closing and _public(centre, session, call.entry))
    return {"opening.json": canon(head), "transcript.json": ceremony.transcript.encode(), **made}


def _public(centre: Centre, session: Session, key: str) -> bool:
    """The call tells of the committee's work, and opens with the result."""
    return is_open(session, session.scalars(select(Entry).where(Entry.key == key)).one(), centre.clock.now(session))


def _entry(session: Session, key: str, clear: bool) -> dict[str, str]:
    """The entry by its commitment, and in clear for who may know the whole list."""
    entry = session.scalars(select(Entry).where(Entry.key == key)).one()
    return {"o": entry.o} | ({"payload": entry.payload, "salt": entry.salt.hex()} if clear and entry.salt else {})
