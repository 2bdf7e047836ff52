"""A slot that came free is kept for the first in line, who takes it or lets it go."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.values import HOUR
from law.registry import in_force
from rooms.desk import decide, hold_booking, slot
from rooms.line import ahead, as_asked, can_be_had
from rooms.records import Booking


class Offer(Cmd):
    booking: str = Field(max_length=32)


@command("rooms.offer", opens="never")
def offer(work: Work, cmd: Offer) -> Booking:
    """Guards: slot_came_free, first_in_line. Kept for the hours of rooms.offer_hours, never beyond the start of the session."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    ask = as_asked(booking, room)
    waiting = booking.waits is not None and booking.offered is None
    decide(work, booking.stage, project, free=can_be_had(work.session, room, ask, work.moment, booking.id),
           ahead=not waiting or ahead(work.session, room, ask.start, ask.end, work.moment, booking.id, booking.waits))
    hours = in_force("rooms.offer_hours", work.centre.today(work.moment)).value
    booking.offered = min(work.moment + hours * HOUR, booking.from_ms)
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)], until=booking.offered)
    return booking
