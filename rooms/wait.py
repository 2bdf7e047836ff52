"""Somebody waits in line for a slot that is taken."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from rooms.desk import decide, hold_booking, own, slot
from rooms.line import ahead, as_asked, can_be_had
from rooms.records import Booking


class Wait(Cmd):
    booking: str = Field(max_length=32)


@command("rooms.wait", opens="never")
def wait(work: Work, cmd: Wait) -> Booking:
    """Guard: slot_taken. Whoever let an offer pass goes to the end of the line. Stale: stands in it already."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    own(work, booking)
    ask = as_asked(booking, room)
    decide(work, booking.stage, project, free=can_be_had(work.session, room, ask, work.moment, booking.id),
           ahead=ahead(work.session, room, ask.start, ask.end, work.moment, booking.id))
    if booking.waits is not None and booking.offered is None:
        raise Stale
    booking.waits, booking.offered = work.moment, None
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)])
    return booking
