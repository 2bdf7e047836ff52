"""Which outage a deadline falls into, and where it moves: what extension, closing and timers ask."""
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.daytable.reads import calendar
from kernel.values import HOUR
from law.periods import Calendar
from trading.incidents.records import Incident
from trading.incidents.rules import NONE, Outages, moved
from trading.projects.clauses import clause, deciding_day
from trading.projects.records import Project


def outages_since(session: Session, project: Project, since: int, now: int) -> Outages:
    """Every outage since a moment, with the clauses that bind the tender; none in a replay."""
    if project.procedure == "replay.lowest":
        return NONE
    on = deciding_day(project, now)
    hours, opens, closes = (clause(name, on).value for name in ("incidents.recovery_hours", "calendar.opens_minutes", "calendar.closes_minutes"))
    return Outages(tuple((one.since, now if one.until is None else one.until) for one in touching(session, since, now)), hours, opens, closes)


def moves_to(project: Project, moment: int, incident: Incident, days: Calendar, now: int) -> int | None:
    """Where the outage moves this moment of the tender, by the clauses that bind the tender; None where it stays."""
    on = deciding_day(project, now)
    hours, opens, closes = (clause(name, on).value for name in ("incidents.recovery_hours", "calendar.opens_minutes", "calendar.closes_minutes"))
    return moved(moment, incident.since, now if incident.until is None else incident.until, hours, days, opens, closes)


def touching(session: Session, since: int, until: int) -> list[Incident]:
    """Outages that lasted at some moment of a span, the earliest first."""
    query = select(Incident).where(Incident.since <= until, or_(Incident.until.is_(None), Incident.until >= since))
    return list(session.scalars(query.order_by(Incident.since, Incident.id)))


def holding(session: Session, project: Project, now: int) -> Incident | None:
    """The outage for which the deadline of a tender must move before anything may be closed."""
    if project.deadline is None or project.procedure == "replay.lowest":
        return None
    found = touching(session, project.deadline - 24 * HOUR, max(now, project.deadline))
    if not found:
        return None
    days = calendar(session)
    return next((one for one in found if moves_to(project, project.deadline, one, days, now) is not None), None)
