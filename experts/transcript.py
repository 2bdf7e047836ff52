"""A draw as a transcript that anybody can check: exactly the form of kernel.draw, with positions in the ledger."""
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.desk import contributions_of, key_of, outcomes_of, rules_of, salt, walk_of
from experts.records import Draw, PoolMember, Seat
from kernel.ledger.entries import Entry


def transcript(session: Session, draw_id: str, identities: bool = True) -> dict[str, Any]:
    """KeyError: no such draw, or one that is not calling yet (ValueError where its entries have no position).

    identities: put in salt and expert id of the seated. Only a released draw has them, and whether this reader may
    have them (procurement: anybody; works: agent, buyer, regulator) is the caller's to know.
    """
    draw = session.get(Draw, draw_id)
    if draw is None or not draw.seed:
        raise KeyError(draw_id)
    given, outcomes = contributions_of(session, draw), outcomes_of(session, draw)
    keys = [draw.pool_entry, draw.rules_entry, draw.seed_entry, *(o.entry for o in outcomes), *(c.commit_entry for c in given.values())]
    at = positions(session, [*keys, *([draw.release_entry] if draw.release_entry else [])])
    members = session.scalars(select(PoolMember).where(PoolMember.draw == draw.id).order_by(PoolMember.pid))
    ledger: dict[str, Any] = {
        "pool": at[draw.pool_entry], "rules": at[draw.rules_entry], "seed": at[draw.seed_entry],
        "commits": {party: at[one.commit_entry] for party, one in given.items()}, "outcomes": [at[o.entry] for o in outcomes],
    }
    if draw.release_entry:
        ledger["opened"] = at[draw.release_entry]
    return {
        "rules": rules_of(draw).plain(),
        "pool": [{"pid": m.pid, "cats": m.cats, "org": m.org, "w": m.w} for m in members],
        "pool_root": draw.pool_root, "rules_hash": draw.rules_hash,
        "contribs": {party: one.value for party, one in given.items()}, "commits": {party: one.commit for party, one in given.items()},
        "seed": draw.seed, "outcomes": [[o.pid, o.reply] for o in outcomes],
        "seats": [list(seat) for seat in walk_of(session, draw).seats],
        "ledger": ledger, "opened_ids": opened_ids(session, draw) if identities and draw.release_entry else {},
    }


def positions(session: Session, keys: list[str]) -> dict[str, int]:
    """ValueError while one of the entries stands in no tree yet."""
    found = dict(session.execute(select(Entry.key, Entry.position).where(Entry.key.in_(keys))).all())
    if any(found.get(key) is None for key in keys):
        raise ValueError("an entry of the draw has no position yet")
    return {key: int(place) for key, place in found.items() if place is not None}


def opened_ids(session: Session, draw: Draw) -> dict[str, list[str]]:
    """pid → salt and expert id of those released; empty once the draw's key is erased."""
    key = key_of(session, draw)
    if key is None:
        return {}
    seats = session.scalars(select(Seat).where(Seat.draw == draw.id, Seat.kind == "expert", Seat.released.is_not(None)))
    return {seat.pid: [salt(key, seat.expert).hex(), seat.expert] for seat in seats}
