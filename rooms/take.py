"""The session begins: its host or the guard of the area takes the room."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from rooms.desk import decide, hold_booking
from rooms.line import around
from rooms.records import Booking


class Take(Cmd):
    booking: str = Field(max_length=32)


@command("rooms.take", opens="never")
def take(work: Work, cmd: Take) -> Booking:
    """Guards: within_window, room_ready (no fault, no blocking, the session before has left)."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    facts = around(work.session, room, work.moment, work.moment + 1, work.moment, booking.id)
    still = work.session.scalar(select(Booking.id).where(Booking.room == room.id, Booking.stage == "used", Booking.id != booking.id))
    step = decide(work, booking.stage, project, from_ms=booking.from_ms, to_ms=booking.to_ms, still_used=still is not None,
                  blocked=facts["blocked"], faulty=facts["faulty"])
    booking.stage, booking.taken = step.stage, work.moment
    work.enter(project.id, booking=booking.id)
    return booking
