"""A tender of the green channel asks whoever holds the slot it needs to give way; nothing moves without consent."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.values import HOUR
from law.registry import in_force
from rooms.desk import decide, hold_booking, own
from rooms.records import STANDING, Booking, Room, Way
from rooms.rules import covers
from rooms.taken import Free, blocked_of, kept_of, nearest_free, sessions_of
from trading.projects.records import Project

MANY = 12  # free slots looked at


class AskWay(Cmd):
    """booking: the one that is asked for, and taken by somebody."""

    booking: str = Field(max_length=32)


@command("rooms.ask_way", opens="never")
def ask_way(work: Work, cmd: AskWay) -> Way:
    """Guards: green_channel, one_who_can_give_way, other_slot_offered. The slot offered instead lies where the other tender needs it,
    and is looked for by the house: who asks learns nothing of who is asked."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    own(work, booking)
    holder = _in_the_way(work, booking, room)
    offered = _instead(work, holder) if holder else None
    decide(work, booking.stage, project, green=bool(project.green), one=holder is not None, offered=offered is not None)
    assert holder is not None and offered is not None  # the guards have seen to it
    hours, still = (in_force(name, work.centre.today(work.moment)).value for name in ("rooms.way_hours", "rooms.no_move_hours"))
    way: Way = work.keep(Way(booking=booking.id, holder=holder.id, room=offered.room, from_ms=offered.start, to_ms=offered.end, asked=work.moment,
                             until=min(work.moment + hours * HOUR, holder.from_ms - still * HOUR, booking.from_ms), state="open"))
    work.session.flush()
    work.enter(project.id, booking=booking.id, way=way.id or "", until=way.until)
    return way


def _in_the_way(work: Work, booking: Booking, room: Room) -> Booking | None:
    """The one weaker session that keeps it out; None where anything else does too."""
    span = [room.id], booking.from_ms - room.buffer_ms, booking.busy_to
    if blocked_of(work.session, *span) or kept_of(work.session, *span, work.moment):
        return None
    met = [b for b in sessions_of(work.session, *span, booking.id) if b.busy_to > booking.from_ms]
    if len(met) != 1 or met[0].stage not in STANDING or met[0].stage == "used":
        return None
    other = work.session.get_one(Project, met[0].project)
    public = met[0].kind == "opening" and other.published_at is not None
    about = met[0].from_ms - in_force("rooms.no_move_hours", work.centre.today(work.moment)).value * HOUR
    asked = work.session.scalar(select(Way.id).where(Way.booking == booking.id, Way.holder == met[0].id))
    return None if other.green or other.suspended or public or work.moment >= about or asked or not met[0].party else met[0]


def _instead(work: Work, holder: Booking) -> Free | None:
    project, length = work.session.get_one(Project, holder.project), holder.to_ms - holder.from_ms
    free = nearest_free(work.session, holder.kind, holder.seats, holder.from_ms, length, MANY, now=work.moment, wishes=holder.wishes,
                        extended=bool(holder.reason), but=holder.id)
    return next((one for one in free if (one.room, one.start) != (holder.room, holder.from_ms) and not (
        one.room == holder.room and one.start < holder.busy_to and holder.busy_from < one.end)
        and covers(holder.kind, one.start, one.end, project.deadline, project.evaluation_at)), None)
