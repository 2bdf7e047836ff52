"""An asked slot is held: from now on the database keeps everybody else out of it."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Refused
from rooms.desk import around, decide, hold_booking, slot, wanted, with_free_slots, write
from rooms.records import Booking


class Hold(Cmd):
    booking: str = Field(max_length=32)


@command("rooms.hold", opens="never")
def hold(work: Work, cmd: Hold) -> Booking:
    """Guards: slot_free, buffer_kept, room_not_blocked, devices_whole. A refusal names the nearest free slots."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    ask = wanted(room, booking.kind, booking.seats, tuple(booking.wishes), booking.from_ms, booking.to_ms, booking.reason)
    try:
        step = decide(work, booking.stage, project, asks=(ask,), **around(work, room, booking.from_ms, booking.to_ms, booking.id))
    except Refused as refusal:
        raise Refused(with_free_slots(work, refusal.reason, ask, booking.id)) from refusal
    booking.stage = step.stage
    write(work, ask, booking.id)
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)])
    return booking
