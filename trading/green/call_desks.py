"""The centre calls its desks together to one green tender (联合保障)."""
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from law.periods import add_working_days, end_of
from trading.desk import hold, move
from trading.green.records import Support
from trading.projects.clauses import clause

DeskName = Annotated[str, Field(pattern=r"^(reviews|rooms|experts|technicians|area)$")]


class CallDesks(Cmd):
    """wish: what is asked of them, fit for every desk called."""

    project: str = Field(max_length=32)
    desks: tuple[DeskName, ...] = Field(min_length=1, max_length=5)
    wish: str = Field(min_length=2, max_length=300)


@command("trading.green.call_desks", opens="never")
def call_desks(work: Work, cmd: CallDesks) -> list[Support]:
    """Guards: green_channel, desks_called_once. Each desk promises what it will do by when, at the latest by the end of the next working day."""
    project, on, desks = hold(work, cmd.project), work.centre.today(work.moment), tuple(dict.fromkeys(cmd.desks))
    called = set(work.session.scalars(select(Support.desk).where(Support.project == project.id)))
    move(work, project, desks=desks, called=called)
    reply_by = end_of(add_working_days(on, clause("green.support_working_days", on).value, calendar(work.session)))
    rows = [work.keep(Support(project=project.id, desk=desk, wish=cmd.wish.strip(), called=work.moment, reply_by=reply_by)) for desk in desks]
    work.enter(project.id, desks=list(desks), reply_by=reply_by)
    return rows
