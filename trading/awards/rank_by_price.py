"""Ranks the bids of a tender without a committee: the lowest admissible price first.

Admissible: live, opened with a price, not disqualified, and not below the lowest admissible price where one is set.
A tie at the top is decided by the recorded outcome, or else by a draw whose parts stand in the entry.
"""
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import select

from kernel.canonical import canon
from kernel.command import Cmd, Work, command
from kernel.draw import NO_SALT, DrawRules, Entry, commit, order, pid, pool_root, rules_hash, seed
from kernel.errors import Malformed, Text
from kernel.tree import leaf_hash, root
from trading.awards.records import Candidate, Disqualification
from trading.bids.records import Bid, Closing
from trading.desk import hold, move
from trading.opening.records import Opened

MOST = 3  # candidates kept, as in the law's own procedures


class RankByPrice(Cmd):
    """tie_winner: the bid that the record says won a lottery among equals; empty: the centre draws."""

    project: str = Field(max_length=32)
    tie_winner: str = Field(default="", max_length=32)


@command("trading.awards.rank_by_price", opens="works.opened procurement.announced")
def rank_by_price(work: Work, cmd: RankByPrice) -> tuple[Candidate, ...]:
    """Guard: all_bids_judged. Malformed("tie_winner"): not one of those that share the lowest price."""
    project = hold(work, cmd.project)
    bids = list(work.session.scalars(select(Bid).where(Bid.project == project.id, Bid.state == "live")))
    out = set(work.session.scalars(select(Disqualification.bid).where(Disqualification.project == project.id)))
    opened = {o.bid: o for o in work.session.scalars(select(Opened).where(Opened.project == project.id, Opened.part == "price"))}
    unjudged = [b for b in bids if b.id not in out and (b.id not in opened or (opened[b.id].state == "opened" and opened[b.id].amount is None))]
    move(work, project, unjudged=len(unjudged))
    floor = project.floor_price or 0
    prices = {b.id: opened[b.id].amount for b in bids if b.id not in out and opened[b.id].state == "opened"}
    kept: list[Candidate] = []
    draws: dict[str, Any] = {}
    for lot in sorted({b.lot for b in bids}):
        admissible = [(amount, b.id) for b in bids if b.lot == lot and (amount := prices.get(b.id)) is not None and amount >= floor]
        ranked, tie, drawn = in_order(work, lot, admissible, cmd.tie_winner)
        kept += [
            work.keep(Candidate(project=project.id, lot=lot, rank=n, bid=bid, amount=amount, tie=tie if amount == ranked[0][0] else ""))
            for n, (amount, bid) in enumerate(ranked[:MOST], 1)
        ]
        draws |= {lot: drawn} if drawn else {}
    if cmd.tie_winner and not any(c.bid == cmd.tie_winner and c.rank == 1 for c in kept):
        raise Malformed("tie_winner", Text("该投标不在最低报价之列", "This bid is not among the lowest"))
    ranking = root([leaf_hash(canon([c.lot, c.rank, c.bid, c.amount])) for c in kept])
    work.enter(project.id, ranking=ranking.hex(), draws=draws or None)
    return tuple(kept)


def in_order(work: Work, lot: str, admissible: Sequence[tuple[int, str]], winner: str) -> tuple[list[tuple[int, str]], str, dict[str, Any]]:
    """(amount, bid) by price, equals as drawn; how the top tie was decided; the parts of the draw, if there was one."""
    if not admissible:
        return [], "", {}
    amounts = [amount for amount, _ in admissible]
    top = [bid for amount, bid in admissible if amount == min(amounts)]
    if len(set(amounts)) == len(amounts):
        return sorted(admissible), "", {}
    place, drawn = draw_ties(work, lot, [bid for _, bid in admissible])
    recorded = winner in top and len(top) > 1
    ranked = sorted(admissible, key=lambda pair: (pair[0], not (recorded and pair[1] == winner), place[pair[1]]))
    tie = "" if len(top) == 1 else "recorded" if recorded else "drawn"
    return ranked, tie, {} if tie == "recorded" else drawn


def draw_ties(work: Work, lot: str, bids: Sequence[str]) -> tuple[dict[str, int], dict[str, Any]]:
    """tdraw/v1 over the bids of a lot. The parties are the closing list, fixed before any price was known, and the
    centre's key, fixed before the list was: neither could be chosen with the outcome in view."""
    closing = work.session.scalar(select(Closing.root).where(Closing.lot == lot)) or ""
    shares = {
        "centre": hmac.new(work.centre.secret("ties"), lot.encode(), hashlib.sha256).digest(),
        "closing": hashlib.sha256(b"closing" + bytes.fromhex(closing)).digest(),
    }
    pids = {pid(NO_SALT, bid): bid for bid in bids}
    pool = tuple(Entry(p, ("tie",), p[:16]) for p in pids)
    given = DrawRules(f"tie/{lot}", tuple(sorted(shares)), (("tie", len(pool)),))
    start = seed(given.draw, pool_root(pool), rules_hash(given), shares)
    ranked = [pids[entry.pid] for entry in order(start, pool)]
    parts = {
        "pool_root": pool_root(pool), "rules_hash": rules_hash(given), "seed": start.hex(),
        "commits": {party: commit(party, share) for party, share in shares.items()}, "contribs": {p: s.hex() for p, s in shares.items()},
    }
    return {bid: n for n, bid in enumerate(ranked)}, parts
