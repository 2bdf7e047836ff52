"""A held booking gives way to a more urgent one: two room managers, a reason, and another slot named first."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.seconds import seconded
from rooms.book import Slot
from rooms.desk import decide, hold_booking
from rooms.line import can_be_had, wanted
from rooms.records import Booking
from rooms.release import free


class Overrule(Cmd):
    """offer: the slot offered instead, with its room; it is free when the act is taken and not yet held."""

    booking: str = Field(max_length=32)
    offer: Slot
    reason: str = Field(max_length=200)


@command("rooms.overrule", opens="never", signed=True)
def overrule(work: Work, cmd: Overrule) -> Booking:
    """Guards: reason_given, other_slot_offered, second_person_confirms."""
    booking, project, held = hold_booking(work, cmd.booking, *([cmd.offer.room] if cmd.offer.room else []))
    room = held[-1]
    ask = wanted(room, booking.kind, booking.seats, tuple(booking.wishes), cmd.offer.start, cmd.offer.end, cmd.offer.reason)
    offered = ask.end - ask.start >= booking.to_ms - booking.from_ms and can_be_had(work.session, room, ask, work.moment, booking.id)
    step = decide(work, booking.stage, project, reason=cmd.reason, offered=offered and (room.id, ask.start) != (booking.room, booking.from_ms))
    if seconded(work, booking.id, cmd) is None:
        work.enter(project.id, step=1, booking=booking.id)
        return booking
    booking.cause = "overruled"
    free(work, booking, step.stage)
    work.enter(project.id, booking=booking.id, cause=booking.cause)
    return booking
