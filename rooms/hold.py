"""An asked slot is held: from now on the database keeps everybody else out of it."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Refused
from rooms.desk import decide, hold_booking, own, slot, with_free_slots, write
from rooms.line import ahead, around, as_asked
from rooms.records import Booking


class Hold(Cmd):
    booking: str = Field(max_length=32)


@command("rooms.hold", opens="never")
def hold(work: Work, cmd: Hold) -> Booking:
    """Guards: slot_free, buffer_kept, room_not_blocked, kept_apart, another_room_again, first_in_line, devices_whole. A refusal names the nearest free slots.
    Whoever a slot is kept for takes it by this act."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    own(work, booking)
    ask = as_asked(booking, room)
    before = ahead(work.session, room, ask.start, ask.end, work.moment, booking.id, booking.waits if booking.offered is None else None)
    try:
        step = decide(work, booking.stage, project, asks=(ask,), ahead=before, **around(work.session, room, ask.start, ask.end, work.moment, booking.id))
    except Refused as refusal:
        raise Refused(with_free_slots(work, refusal.reason, ask, booking.id)) from refusal
    booking.stage, booking.waits, booking.offered = step.stage, None, None
    write(work, ask, booking.id)
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)])
    return booking
