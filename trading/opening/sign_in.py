"""A bidder, the agent or the buyer signs in at the opening hall. Once a person."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.desk import hold, move
from trading.opening.records import Attendance


class SignIn(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.sign_in", opens="never")
def sign_in(work: Work, cmd: SignIn) -> Attendance:
    project = hold(work, cmd.project)
    move(work, project, stage_moved_by_clock=True)
    if work.session.scalar(select(Attendance.id).where(Attendance.project == project.id, Attendance.person == work.actor.id)):
        raise Stale
    row: Attendance = work.keep(Attendance(project=project.id, org=work.actor.org or "", person=work.actor.id, at=work.moment))
    work.enter(project.id)
    return row
