"""Gives entries their place in the tree, writes tiles, signs, asks the witnesses.

One sequencer at a time (the leader). Positions are committed first; tiles follow from them and can be written
again after a crash; a checkpoint is signed only over tiles that stand. On PostgreSQL only entries of finished
transactions are taken, so that one that commits late is never passed over.
"""
import random
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select, text

from kernel.ledger import note, tiles
from kernel.ledger.entries import Checkpoint, Entry, LedgerState, Witness, stable
from kernel.ledger.leaf import cover, leaf_of
from kernel.ledger.proof import Proof
from kernel.ledger.witness_client import cosign
from kernel.tree import consistency, inclusion
from kernel.values import new_id

if TYPE_CHECKING:
    from kernel.centre import Centre

log = structlog.get_logger()
COVERS_A_MINUTE = 2.0


def sequence(centre: "Centre", covers: random.Random | None = None, batch: int = 20_000) -> int:
    """Places what is ready and publishes a checkpoint; returns the size of the tree. Safe to call at any time."""
    with centre.database.writing() as session:
        if not centre.database.sqlite:
            session.execute(text("select pg_advisory_xact_lock(7103)"))
        state = session.get(LedgerState, 1) or LedgerState(number=1, size=0, tiled=0)
        waiting = list(session.scalars(stable(select(Entry).where(Entry.position.is_(None)), centre.database.sqlite).order_by(Entry.number).limit(batch)))
        if covers is not None:
            waiting += [add_cover(session, centre.clock.now(session)) for _ in range(poisson(covers, COVERS_A_MINUTE / 60))]
        for entry in waiting:
            entry.position = state.size
            state.size += 1
        session.merge(state)
        session.commit()
    return publish(centre)


def add_cover(session, moment: int) -> Entry:  # type: ignore[no-untyped-def]
    entry = Entry(key=new_id(), tag="cover", on="", moment=moment, role="", actor="", opens="never", payload="", o="")
    entry.o = leaf_of_cover()
    session.add(entry)
    return entry


def leaf_of_cover() -> str:
    return cover(secrets.token_bytes(32)).decode().split('"o":"')[1][:64]


def poisson(source: random.Random, mean: float) -> int:
    """Knuth's method; mean is far below one here."""
    limit, product, count = pow(2.718281828459045, -mean), source.random(), 0
    while product > limit:
        product *= source.random()
        count += 1
    return count


def publish(centre: "Centre") -> int:
    """Writes tiles up to the last position and publishes a signed, cosigned checkpoint over them."""
    with centre.database.reading() as session:
        state = session.get(LedgerState, 1)
        if state is None or state.size == 0:
            return 0
        if state.size == state.tiled:
            return state.size
        fresh = list(session.scalars(select(Entry.o).where(Entry.position >= state.tiled).order_by(Entry.position)))
        moment = centre.clock.now(session)
        last = session.scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))
        witnesses = list(session.scalars(select(Witness).where(Witness.url != "")))
        all_witnesses = list(session.scalars(select(Witness)))
    size, root = tiles.append(centre.tiles, state.tiled, [leaf_of(o) for o in fresh])
    # From here a crash recovers by writing the same tiles again from the positions.
    body = note.Checkpoint(centre.origin, size, root).text()
    signed = note.sign(body, centre.ledger_key)
    known = [centre.ledger_key.verifier, *(note.Verifier.parse(w.vkey) for w in all_witnesses)]
    signed = cosigned(centre, witnesses, last.size if last else 0, size, signed, known)
    with centre.database.writing() as session:
        session.merge(LedgerState(number=1, size=session.get_one(LedgerState, 1).size, tiled=size))
        session.merge(Checkpoint(size=size, root=root.hex(), moment=moment, note=signed.decode(), witnesses=signed.count("\n—".encode()) - 1))
        session.commit()
    centre.tiles.put("checkpoint", signed)
    for folder in tiles.finished(state.tiled, size):
        centre.tiles.drop(folder)
    return size


def cosigned(centre: "Centre", witnesses: list[Witness], old: int, size: int, signed: bytes, known: list[note.Verifier]) -> bytes:
    """The note with the lines of the witnesses that answered well. A silent or wrong one delays only its own line."""
    if not witnesses:
        return signed
    span = tiles.Span(centre.tiles, size)

    def ask(witness: Witness) -> bytes:
        return cosign(witness.url, lambda n: consistency(n, size, span) if n else [], old, signed)

    with ThreadPoolExecutor(max_workers=len(witnesses)) as pool:
        answers = [(witness, pool.submit(ask, witness)) for witness in witnesses]
    for witness, answer in answers:
        try:
            signed = note.add(signed, answer.result(), known[1:])
        except (OSError, note.BadNote) as error:
            log.warning("witness_failed", witness=witness.name, error=type(error).__name__)
    return signed


def proof_of(centre: "Centre", position: int, checkpoint: Checkpoint) -> bytes:
    """The .tlog-proof of the leaf at a position under a published checkpoint that covers it."""
    path = inclusion(position, checkpoint.size, tiles.Span(centre.tiles, checkpoint.size))
    return Proof(position, tuple(path), checkpoint.note.encode()).encode()

