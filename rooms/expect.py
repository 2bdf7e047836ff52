"""A person is expected in a booked session; the database keeps one person out of two rooms at once."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from rooms.desk import decide, hold_booking, write
from rooms.line import as_asked
from rooms.records import Booking, Presence


class Expect(Cmd):
    booking: str = Field(max_length=32)
    person: str = Field(max_length=32)


@command("rooms.expect", opens="never")
def expect(work: Work, cmd: Expect) -> Booking:
    """By the system, when the evaluation or the opening names somebody. Repeating it changes nothing.
    Refused("slot_free") when the person is expected elsewhere at that time. The entry names nobody."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    decide(work, booking.stage, project)
    known = work.session.scalar(select(Presence).where(Presence.booking == booking.id, Presence.person == cmd.person))
    if known is None:
        work.keep(Presence(booking=booking.id, person=cmd.person, busy_from=booking.from_ms, busy_to=booking.to_ms, stage="held"))
        write(work, as_asked(booking, room), booking.id)
    work.enter(project.id, booking=booking.id)
    return booking
