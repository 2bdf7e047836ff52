"""A halted tender goes on: clocks that were stopped move by the time held."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Stale
from law.periods import Calendar, next_working_hour
from trading.desk import hold, move
from trading.projects.records import Project, Suspension
from trading.projects.suspend import SIDES
from trading.relations import relations


class Resume(Cmd):
    """finding: why the cause is gone."""

    project: str = Field(max_length=32)
    finding: str = Field(max_length=500)


@command("trading.projects.resume", signed=True)
def resume(work: Work, cmd: Resume) -> Project:
    """Guards: cause_gone, same_side_resumes. Effects: deadline, document period and evaluation move by the time held,
    to the next hour of the office. Stale where nothing is suspended."""
    project = hold(work, cmd.project)
    row = work.session.scalar(select(Suspension).where(Suspension.project == project.id, Suspension.ended.is_(None)).with_for_update())
    if row is None:
        raise Stale
    held = relations(work.session, work.actor, project, work.moment)
    acting = next((side for side in SIDES if side in held), "")
    move(work, project, while_suspended=True, roles=held, acting=acting, side=row.side, until=row.until, finding=cmd.finding)
    row.ended, row.finding, project.suspended = work.moment, cmd.finding, ""
    if project.stage == "inviting":
        shift(project, work.moment - row.since, calendar(work.session))
    work.enter(project.id, held=work.moment - row.since, deadline=project.deadline)
    return project


def shift(project: Project, held: int, days: Calendar) -> None:
    """Moves the times to come by `held` ms."""
    for name in ("document_until", "deadline", "evaluation_at"):
        moment = getattr(project, name)
        if moment is not None:
            setattr(project, name, next_working_hour(moment + held, days))
