"""The buyer fixes the winner of every lot, in the order of the candidates and at their price."""
from typing import Any

from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Malformed, NotYours, Text
from trading.awards.records import Award, Candidate
from trading.awards.steps import candidates_by_lot, clause_of, first_of, held_since, notice_of, skipped
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.incidents.state import outages_since
from trading.projects.records import Project


class Choice(Cmd):
    """amount: fen."""

    bid: str = Field(max_length=32)
    amount: int = Field(ge=0, lt=1 << 53)


class FixWinner(Cmd):
    """choices: one candidate for every lot that has candidates."""

    project: str = Field(max_length=32)
    choices: tuple[Choice, ...] = Field(min_length=1, max_length=100)


@command("trading.awards.fix_winner", opens="announced", signed=True)
def fix_winner(work: Work, cmd: FixWinner) -> tuple[Award, ...]:
    """Guards: publicity_over (works), no_open_objection, in_order_of_candidates, price_not_negotiated."""
    project = hold(work, cmd.project)
    lots = candidates_by_lot(work.session, project.id)
    by_bid = {c.bid: c for row in lots.values() for c in row}
    if any(choice.bid not in by_bid for choice in cmd.choices):
        raise NotYours
    chosen = {by_bid[choice.bid].lot: (by_bid[choice.bid], choice.amount) for choice in cmd.choices}
    if set(chosen) != set(lots) or len(chosen) != len(cmd.choices):
        raise Malformed("choices", Text("每个标段（包）须选定一名候选人", "Choose one candidate for each lot"))
    gone = skipped(work.session, project.id)
    first = {lot: found.rank for lot, row in lots.items() if (found := first_of(row, gone))}
    move(
        work, project, ranks={lot: c.rank for lot, (c, _) in chosen.items()}, first=first,
        amounts=[(amount, c.amount) for c, amount in chosen.values()], **publicity(work, project),
    )
    awards = keep_awards(work, project, [c for c, _ in chosen.values()])
    work.enter(project.id, ranks=sorted([a.lot, a.rank] for a in awards))
    return awards


def publicity(work: Work, project: Project) -> dict[str, Any]:
    """Facts of the candidates' publicity; none where the procedure has none."""
    if project.procedure != "works.open":
        return {}
    notice = notice_of(work.session, project.id, "candidates")
    started = notice.published_at if notice else None
    return {
        "held": held_since(work.session, project.id, started, work.moment), "candidates_at": started,
        "outages": outages_since(work.session, project, started or 0, work.moment),
        "candidates_until": notice.ends_at if notice else None,
        "clause": clause_of(project, "publicity_days"), "calendar": calendar(work.session),
    }


def keep_awards(work: Work, project: Project, candidates: list[Candidate], deemed: int = 0) -> tuple[Award, ...]:
    """One award a lot."""
    orgs = {c.bid: work.session.get_one(Bid, c.bid).org for c in candidates}
    return tuple(
        work.keep(Award(project=project.id, lot=c.lot, bid=c.bid, org=orgs[c.bid], amount=c.amount, rank=c.rank, deemed=deemed, at=work.moment))
        for c in sorted(candidates, key=lambda c: c.lot)
    )
