"""The one way in which an outage moves a deadline: the extension of the tender, asked for by the system, tender by tender."""
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.daytable.reads import calendar
from kernel.errors import Refusal, Text
from kernel.values import show_time
from law.periods import Calendar
from trading.incidents.records import Incident
from trading.incidents.state import moves_to
from trading.notices.extend import Extend, extend
from trading.projects.records import Project

log = structlog.get_logger()


def open_tenders(session: Session) -> list[Project]:
    """Published, their list not closed, under the law."""
    return list(session.scalars(select(Project).where(
        Project.stage == "inviting", Project.deadline.is_not(None), Project.procedure != "replay.lowest").order_by(Project.id)))


def due(session: Session, incident: Incident, now: int) -> list[Extend]:
    """What the outage asks for by now: one command a tender whose deadline it moves."""
    days = calendar(session)
    return [cmd for project in open_tenders(session) if (cmd := asked(project, incident, days, now)) is not None]


def asked(project: Project, incident: Incident, days: Calendar, now: int) -> Extend | None:
    assert project.deadline is not None
    deadline = moves_to(project, project.deadline, incident, days, now)
    if deadline is None:
        return None
    documents = moves_to(project, project.document_until, incident, days, now) if project.document_until is not None else None
    return Extend(project=project.id, deadline=deadline, document_until=documents, reason=" ".join(reason(incident)), incident=incident.id)


def reason(incident: Incident) -> tuple[str, str]:
    """As the notice of the extension says it: times, and nothing of what anybody was doing."""
    since, until = show_time(incident.since), show_time(incident.until) if incident.until is not None else ""
    said = Text(f"平台故障，{since} 至 {until or '尚未恢复'}，截止时间按规则顺延。", f"Outage of the platform, {since} to {until or 'still going on'}; the deadline moves by rule.")
    return said.zh, said.en


def move_all(centre: Centre, incident: str) -> None:
    with centre.reading() as session:
        row = session.get_one(Incident, incident)
        commands = due(session, row, centre.clock.now(session))
    for cmd in commands:
        try:
            extend(centre, SYSTEM, cmd)
        except Refusal as refusal:  # somebody was faster; the others move all the same
            log.info("extension_refused", project=cmd.project, rule=str(refusal))
