"""Where acts of a session begin: its row held, the caller's relations known, the table asked, the stage moved."""
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from evaluation.procedure import SESSION
from evaluation.records import Member, Motion, ReportSignature, Session, Vote
from kernel.canonical import canon, plain, sha256
from kernel.command import Cmd, Work
from kernel.errors import NotYours, Reason, Refused, Stale
from kernel.machine import Facts, Step
from kernel.values import day_of
from law.citation import Clause
from law.registry import in_force
from law.stages import ENDS
from trading.desk import keep_apart
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations

WORKING = ("convening", "evaluating")  # the tender follows the session's opening by a reaction


def hold(work: Work, project_id: str) -> tuple[Project, Session]:
    """The tender and its session, the latter locked. NotYours where either is missing."""
    project = work.session.get(Project, project_id)
    room = work.session.scalar(select(Session).where(Session.project == project_id).with_for_update())
    if project is None or room is None:
        raise NotYours
    return project, room


def act(
    work: Work, project: Project, room: Session, *, area: bool = True, while_suspended: bool = False, while_halted: bool = False, **facts: Any,
) -> Step:
    """Decides the act in the session's table and writes the new stage. area: a person must sit at a terminal of the area."""
    if area and work.actor.kind == "person" and work.actor.channel != "area":
        raise NotYours
    stage = stage_at(project, work.moment)
    if stage in ENDS or (room.stage not in ("booked", "sealed") and stage not in WORKING):
        raise Stale
    held = relations(work.session, work.actor, project, work.moment)
    given = {"now": work.moment, "field": project.field, "halted": room.halted, "halted_by": room.halted_by, **facts}
    step = work.step(SESSION, room.stage, held, Facts(**given))
    if (project.suspended and not while_suspended) or (room.halted and not while_halted):
        raise Refused(Reason("not_suspended"))
    keep_apart(held, step.role)
    room.stage = step.stage
    return step


def members(session: Database, room: Session) -> list[Member]:
    """Who sits, by letter; the recused are gone."""
    return list(session.scalars(select(Member).where(Member.session == room.id, Member.recused.is_(None)).order_by(Member.seat)))


def own(work: Work, room: Session) -> Member:
    """The caller's own row. NotYours where the caller does not sit here."""
    found = work.session.scalar(select(Member).where(
        Member.session == room.id, Member.person == work.actor.id, Member.recused.is_(None)))
    if found is None:
        raise NotYours
    return found


def clause(project: Project, name: str, moment: int) -> Clause:
    """A clause on the day the notice was published: a change of law never reaches back."""
    return in_force(name, day_of(project.published_at or moment))


def least_members(project: Project, moment: int) -> Clause:
    """The smallest lawful committee of this tender (招标投标法 第三十七条; 87号令 第四十七条)."""
    if project.field == "procurement" and project.budget >= clause(project, "committee.large_budget_fen.procurement", moment).value:
        return clause(project, "committee.minimum_large.procurement", moment)
    return clause(project, f"committee.minimum.{project.field}", moment)


def motion_digest(tag: str, cmd: Cmd) -> str:
    """What members vote on: the chair's act, word for word."""
    return sha256(canon({"act": tag, "command": plain(cmd)})).hex()


def yes_votes(work: Work, room: Session, cmd: Cmd) -> int:
    """Members in favour of exactly this command. The chair's own act is the chair's voice."""
    sitting = {m.id for m in members(work.session, room)}
    voted = set(work.session.scalars(select(Vote.member).join(Motion, Motion.id == Vote.motion).where(
        Motion.session == room.id, Motion.digest == motion_digest(work.tag, cmd), Vote.yes == 1)))
    return len((voted | {room.chair}) & sitting)


def signatures(session: Database, room: Session) -> int:
    return session.scalar(select(func.count()).select_from(ReportSignature).where(ReportSignature.session == room.id)) or 0
