"""A registrar changes one day of the calendar, with the State Council office's notice; a second registrar confirms."""
from datetime import date

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.daytable.records import Day
from kernel.errors import NotYours, Reason, Refused
from kernel.identity.reads import roles
from kernel.ledger.entries import Entry
from kernel.seconds import seconded


class SetDay(Cmd):
    day: date
    kind: str = Field(pattern="^(holiday|workday)$")
    cited: str = Field(min_length=4, max_length=120)
    note: str = Field(default="", max_length=120)


@command("kernel.daytable.set_day", signed=True)
def set_day(work: Work, cmd: SetDay) -> Entry:
    """Guards: state_notice_cited (the form of cmd), second_person_confirms, no_running_clock_shortened."""
    if "registrar" not in roles(work.session, work.actor, work.moment):
        raise NotYours
    work.role = "registrar"
    if cmd.day <= work.centre.today(work.moment):
        raise Refused(Reason("no_running_clock_shortened"))
    if seconded(work, cmd.day.isoformat(), cmd) is None:
        return work.enter(cmd.day.isoformat(), step=1, kind=cmd.kind)
    row = work.session.scalar(select(Day).where(Day.day == cmd.day.isoformat()))
    if row is None:
        row = work.keep(Day(day=cmd.day.isoformat(), kind=cmd.kind, set_at=work.moment))
    row.kind, row.cited, row.note, row.set_at = cmd.kind, cmd.cited, cmd.note, work.moment
    return work.enter(cmd.day.isoformat(), kind=cmd.kind)
