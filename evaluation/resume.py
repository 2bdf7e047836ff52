"""The evaluation goes on where it stopped. A substitute named meanwhile takes his seat, with a sheet of his own."""
from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, hold, least_members, members
from evaluation.records import Member, Session, Sheet
from experts.reads import SeatView, seats
from kernel.command import Cmd, Work, command
from kernel.identity.reads import roles
from kernel.values import MINUTE


class Resume(Cmd):
    project: str = Field(max_length=32)
    cause_gone: bool


@command("evaluation.resume", opens="announced", signed=True)
def resume(work: Work, cmd: Resume) -> Session:
    """Guards: cause_gone, same_side_resumes, committee_shape (with the substitutes). After the totals, a newcomer brings scoring back."""
    project, room = hold(work, cmd.project)
    known = set(work.session.scalars(select(Member.person).where(Member.session == room.id)))
    fresh = [seat for seat in seats(work.session, project.id) if seat.letter and seat.person not in known]
    shape: list[Member | SeatView] = [*members(work.session, room), *fresh]
    least = least_members(project, work.moment)
    act(
        work, project, room, area=False, while_suspended=True, while_halted=True, cause_gone=cmd.cause_gone, members=shape,
        least=least.value, least_under=least.under, regulator="regulator" in roles(work.session, work.actor, work.moment, project.field),
    )
    for seat in fresh:
        member = work.keep(Member(session=room.id, seat=seat.letter, kind=seat.kind, person=seat.person, pid=seat.pid))
        if room.stage in ("scoring", "summing"):
            work.session.flush()
            work.keep(Sheet(session=room.id, member=member.id, version=1, state="draft"))
            room.stage = "scoring"
    minutes = (work.moment - (room.halted_at or work.moment)) // MINUTE
    room.halted, room.halted_by, room.halted_at = "", "", None
    work.enter(project.id, minutes=minutes, joined=len(fresh))
    return room
