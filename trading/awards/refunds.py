"""When a deposit goes back, by when, and how one step of its refund is decided.

Causes: withdrawal (before the deadline; paid by the machine, staff see nothing), no_bid (paid and never bid), loser
(procurement, from the letter), contract (works: everybody, procurement: the winner), stopped (failed or terminated).
"""
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Work
from kernel.daytable.reads import calendar
from kernel.errors import NotYours
from kernel.machine import Facts
from law.stages import ENDS, at_or_after
from trading.awards.procedure import REFUND
from trading.awards.records import Award, Letter, Refund
from trading.awards.rules import period_over
from trading.awards.steps import clause_of
from trading.bids.records import Bid, Deposit
from trading.incidents.state import outages_since
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations

# clause of the period; a works tender that ends early has no number of its own: the one after the contract (house)
PERIODS = {
    ("works", "withdrawal"): "refund_days.withdrawal", ("procurement", "withdrawal"): "refund_days.withdrawal",
    ("works", "no_bid"): "refund_days.withdrawal", ("procurement", "no_bid"): "refund_days.withdrawal",
    ("procurement", "loser"): "refund_days.losers",
    ("works", "contract"): "refund_days.contract", ("procurement", "contract"): "refund_days.winner",
    ("works", "stopped"): "refund_days.contract", ("procurement", "stopped"): "refund_days.termination",
}


def begins(session: Session, project: Project, deposit: Deposit, cause: str, now: int) -> int | None:
    """The moment from which the refund's period runs; None while its cause is not there."""
    states = set(session.scalars(select(Bid.state).where(Bid.lot == deposit.lot, Bid.org == deposit.org)))
    stage = stage_at(project, now)
    if deposit.paid_at is None or not deposit.amount:
        return None
    if cause == "withdrawal":
        return now if "withdrawn" in states and "live" not in states else None
    if cause == "no_bid":
        return project.deadline if not states and project.deadline and now >= project.deadline else None
    if cause == "stopped":
        return project.ended_at if stage in ENDS else None
    won = session.scalar(select(Award.id).where(Award.lot == deposit.lot, Award.org == deposit.org)) is not None
    if cause == "loser":
        letter = session.scalar(select(Letter.at).where(Letter.project == project.id, Letter.kind == "award").order_by(Letter.at))
        return letter if project.field == "procurement" and not won and "revoked" not in states else None
    if cause == "contract":
        return project.contracted_at if project.field == "works" or won else None
    raise AssertionError(cause)


def due_at(session: Session, project: Project, cause: str, start: int) -> int:
    """First instant (ms) after the last day on which the money must be back."""
    clause = clause_of(project, PERIODS[project.field, cause])
    return period_over(clause, calendar(session), start)


def owed_by(session: Session, refund: Refund, project: Project, now: int) -> int:
    """First instant at which the money is late, an outage on its last day reckoned in."""
    return outages_since(session, project, refund.noted_at, now).past(refund.due_at, calendar(session))


def hold_refund(work: Work, id: str) -> tuple[Refund, Deposit, Project]:
    refund = work.session.get(Refund, id, with_for_update=True)
    if refund is None:
        raise NotYours
    return refund, work.session.get_one(Deposit, refund.deposit), work.session.get_one(Project, refund.project)


def step(work: Work, project: Project, refund: Refund, **facts: Any) -> None:
    """Decides one move of the refund's machine and writes its stage."""
    held = relations(work.session, work.actor, project, work.moment)
    secret = refund.cause == "withdrawal" and not past_opening(project, work.moment)
    if secret and work.actor.kind == "person":
        raise NotYours
    refund.stage = work.step(REFUND, refund.stage, held, Facts(now=work.moment, stage=refund.stage, **facts)).stage


def past_opening(project: Project, now: int) -> bool:
    """May staff know who paid? Not before the opening, and never of a tender that stopped before it."""
    stage = stage_at(project, now)
    return at_or_after(project.stopped_at or stage, "opened")
