"""Where acts of the area begin: tender and badge held, the caller's relations known, the table asked."""
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from evaluation.area.procedure import AREA, HERE
from evaluation.area.records import Badge
from evaluation.records import Member, ReportSignature, Session
from kernel.command import Work
from kernel.errors import NotYours, Reason, Refused
from kernel.machine import Facts, Step
from law.stages import ENDS
from trading.desk import keep_apart
from trading.projects.records import Project
from trading.relations import relations


def act(work: Work, project: Project, *, at_terminal: bool = True, while_suspended: bool = False, **facts: Any) -> Step:
    """at_terminal: a person must sit at a terminal of the area; devices and the system are where they are."""
    if at_terminal and work.actor.kind == "person" and work.actor.channel != "area":
        raise NotYours
    held = relations(work.session, work.actor, project, work.moment)
    step = work.step(AREA, HERE, held, Facts(now=work.moment, **facts))
    if project.suspended and not while_suspended:
        raise Refused(Reason("not_suspended"))
    keep_apart(held, step.role)
    return step


def tender(work: Work, project_id: str) -> Project:
    project = work.session.get(Project, project_id)
    if project is None:
        raise NotYours
    return project


def badge(work: Work, code: str) -> tuple[Project, Badge]:
    """The badge by its code, locked. NotYours where there is none."""
    found = work.session.scalar(select(Badge).where(Badge.code == code).with_for_update())
    if found is None:
        raise NotYours
    return tender(work, found.project), found


def standing(session: Database, project: Project, held: Badge) -> dict[str, bool]:
    """What the doors must know of a badge's holder: recused, has spoken to the report, and whether the session is over."""
    room = session.scalar(select(Session).where(Session.project == project.id))
    over = project.stage in ENDS or (room is not None and room.stage == "sealed")
    if room is None or held.kind != "member":
        return {"recused": False, "stands": False, "session_over": over}
    member = session.scalar(select(Member).where(Member.session == room.id, Member.person == held.person))
    stands = member is not None and session.scalar(select(func.count()).select_from(ReportSignature).where(ReportSignature.member == member.id))
    return {"recused": member is not None and member.recused is not None, "stands": bool(stands), "session_over": over}
