"""The times of a tender: planned notice, document period, deadline and opening at one moment, evaluation."""
from datetime import date

from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Malformed, Text
from trading.asks import room_held
from trading.desk import hold, move
from trading.projects.clauses import deciding_day, period_clauses
from trading.projects.records import Project


class SetCalendar(Cmd):
    """publish_on: planned day of the notice; the others are instants in ms."""

    project: str = Field(max_length=32)
    publish_on: date
    document_until: int = Field(ge=0)
    deadline: int = Field(ge=0)
    opening: int = Field(ge=0)
    evaluation: int | None = Field(default=None, ge=0)


@command("trading.projects.set_calendar", opens="inviting")
def set_calendar(work: Work, cmd: SetCalendar) -> Project:
    """Guards: preparation_period_long_enough, sale_period_long_enough, deadline_is_opening, deadline_on_working_day,
    room_held. Malformed where the times are out of order."""
    project = hold(work, cmd.project)
    if cmd.publish_on < work.centre.today(work.moment):
        raise Malformed("publish_on", Text("发布日期不得早于今日", "The day of the notice is past"))
    if cmd.document_until > cmd.deadline or (cmd.evaluation is not None and cmd.evaluation < cmd.deadline):
        raise Malformed("document_until" if cmd.document_until > cmd.deadline else "evaluation", Text("时间先后有误", "The times are out of order"))
    move(work, project, issued_on=cmd.publish_on, wanted_document_until=cmd.document_until, wanted_deadline=cmd.deadline,
         wanted_opening=cmd.opening, calendar=calendar(work.session), clauses=period_clauses(project, deciding_day(project, work.moment)),
         room=room_held(work.session, project.id, cmd.deadline))
    project.publish_on, project.document_until = cmd.publish_on.isoformat(), cmd.document_until
    project.deadline, project.evaluation_at = cmd.deadline, cmd.evaluation
    work.enter(project.id, publish_on=cmd.publish_on, document_until=cmd.document_until, deadline=cmd.deadline, evaluation=cmd.evaluation)
    return project
