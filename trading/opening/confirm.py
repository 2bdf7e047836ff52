"""A bidder confirms what was read out of its own bid. Silence counts as consent once the window is over."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.desk import hold, move
from trading.opening.records import Attendance
from trading.opening.state import opening_of


class Confirm(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.confirm", opens="works.opened procurement.announced", signed=True)
def confirm(work: Work, cmd: Confirm) -> Attendance:
    """Whoever did not sign in is signed in by confirming."""
    project = hold(work, cmd.project)
    opening = opening_of(work.session, project.id)
    move(work, project, read_out=opening.read_out if opening else None)
    row = work.session.scalar(select(Attendance).where(Attendance.project == project.id, Attendance.person == work.actor.id))
    if row is None:
        row = work.keep(Attendance(project=project.id, org=work.actor.org or "", person=work.actor.id, at=work.moment))
    if row.confirmed is not None:
        raise Stale
    row.confirmed = work.moment
    work.enter(project.id)
    return row
