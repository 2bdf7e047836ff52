"""What already stands in the way of an act that a page offers, from the records alone.

The guards are those of the act itself. One that asks for a fact only the form brings is left to the act; the others
tell, before anything is typed, why the act would be refused now. Read only, for buyer and agent: the texts of guards
speak of the caller's own records.
"""
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.errors import Reason
from kernel.machine import Move
from trading import asks
from trading.awards.steps import clause_of, held_since, notice_of
from trading.bids.records import Bid
from trading.incidents.state import outages_since
from trading.opening.records import Judgement, Opening
from trading.procedures import procedure
from trading.projects.clauses import deciding_day, period_clauses
from trading.projects.dossier import dossier, ready_ceremony
from trading.projects.owed import owing
from trading.projects.reads import shown_stage
from trading.projects.records import Project, ProjectReview
from trading.projects.stage import stage_at
from trading.relations import relations

WHILE_SUSPENDED = frozenset({
    "trading.projects.resume", "trading.projects.terminate", "trading.projects.archive", "trading.projects.withdraw", "trading.notices.extend",
})


class NotKnown(Exception):
    """The guard looked at a fact that only the form brings."""


class Known(SimpleNamespace):
    def __getattr__(self, name: str) -> Any:
        raise NotKnown(name)


class Clauses(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        raise NotKnown(name)


def obstacles(session: Session, actor: Actor, id: str, now: int) -> dict[str, Reason]:
    """tag → the first binding guard that is false now, of the acts the actor's roles and the stage allow."""
    project = session.get(Project, id)
    if project is None:
        return {}
    roles = relations(session, actor, project, now)
    moves = procedure(project.procedure).open_moves(shown_stage(project, roles, now), roles)
    facts: dict[str, Any] | None = None
    found: dict[str, Reason] = {}
    for move in moves:
        if project.suspended and move.tag not in WHILE_SUSPENDED:
            found[move.tag] = Reason("not_suspended")
            continue
        if move.tag == "trading.projects.resume" and not project.suspended:
            continue
        if facts is None:
            facts = known(session, project, now)
        if reason := first_false(move, Known(**facts)):
            found[move.tag] = reason
    return found


def first_false(move: Move, facts: Known) -> Reason | None:
    for guard in move.guards:
        try:
            reason = guard(facts)
        except NotKnown:
            continue
        if reason is not None and reason.binding:
            return reason
    return None


def known(session: Session, project: Project, now: int) -> dict[str, Any]:
    """Facts by the names the acts give them."""
    facts = {c.key: getattr(project, c.key) for c in Project.__mapper__.column_attrs} | {"now": now, "stage": stage_at(project, now)}
    if project.published_at is None:
        return facts | drafted(session, project, now)
    opening = session.scalar(select(Opening).where(Opening.project == project.id))
    facts |= {"signed": opening.signed if opening else None, "calendar": calendar(session)}
    if facts["stage"] in ("evaluating", "reported"):
        facts["sealed"] = asks.session_sealed(session, project.id)
    if facts["stage"] == "qualifying":
        facts["unjudged"] = unjudged(session, project)
    if facts["stage"] in ("publicity", "confirming"):
        facts |= publicity(session, project, now)
    if facts["stage"] == "announced":
        notice = notice_of(session, project.id, "result")
        facts["result_at"] = notice.published_at if notice else None
    return facts


def drafted(session: Session, project: Project, now: int) -> dict[str, Any]:
    file, ceremony = dossier(session, project), ready_ceremony(session, project.id)
    agreed = set(session.scalars(select(ProjectReview.slot).where(
        ProjectReview.project == project.id, ProjectReview.round == project.round, ProjectReview.result == "agreed")))
    facts: dict[str, Any] = {"missing": file.missing, "digest": file.digest, "confirmed_digest": file.confirmed_digest,
                             "ceremony_stage": ceremony.stage if ceremony else "", "agreed": agreed, "owing": owing(session, project)}
    if project.procedure != "replay.lowest":
        facts |= {"calendar": calendar(session), "clauses": Clauses(period_clauses(project, deciding_day(project, now)))}
    return facts


def unjudged(session: Session, project: Project) -> set[str]:
    judged = select(Judgement.bid).where(Judgement.project == project.id)
    return set(session.scalars(select(Bid.id).where(Bid.project == project.id, Bid.state == "live", Bid.id.not_in(judged))))


def publicity(session: Session, project: Project, now: int) -> dict[str, Any]:
    if project.procedure != "works.open":
        return {}
    notice = notice_of(session, project.id, "candidates")
    started = notice.published_at if notice else None
    return {"held": held_since(session, project.id, started, now), "candidates_at": started, "outages": outages_since(session, project, started or 0, now),
            "candidates_until": notice.ends_at if notice else None, "clause": clause_of(project, "publicity_days")}
