"""The deadline of a tender has moved: its sessions go with it, in their rooms."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Refused
from rooms.book import LAST
from rooms.desk import decide, hold_booking, place, slot, with_free_slots, write
from rooms.line import ahead, around, wanted
from rooms.records import Booking
from rooms.rules import covers


class Follow(Cmd):
    """by: how far the deadline has moved, ms."""

    booking: str = Field(max_length=32)
    by: int = Field(gt=0, lt=LAST)


@command("rooms.follow", opens="never")
def follow(work: Work, cmd: Follow) -> Booking:
    """Guards: times_moved, within_advance_limit, slot_free, buffer_kept, room_not_blocked, kept_apart, another_room_again, first_in_line. The room stays, so that the
    place published for an opening does; a refusal names the nearest free slots, and the room manager decides."""
    booking, project, (room,) = hold_booking(work, cmd.booking)
    times = project.deadline, project.evaluation_at
    length, start = booking.to_ms - booking.from_ms, booking.from_ms + cmd.by
    moment = project.deadline if booking.kind == "opening" else project.evaluation_at
    if moment is not None and not start <= moment < start + length:
        start = moment
    ask = wanted(room, booking.kind, booking.seats, tuple(booking.wishes), start, start + length, booking.reason)
    try:
        decide(work, booking.stage, project, while_suspended=True, asks=(ask,), before=covers(booking.kind, booking.from_ms, booking.to_ms, *times),
               after=covers(booking.kind, start, start + length, *times), ahead=ahead(work.session, room, ask.start, ask.end, work.moment, booking.id),
               **around(work.session, room, ask.start, ask.end, work.moment, booking.id))
    except Refused as refusal:
        if refusal.reason.rule == "times_moved":
            raise
        raise Refused(with_free_slots(work, refusal.reason, ask, booking.id)) from refusal
    booking.asked, booking.waits, booking.offered = work.moment, None, None
    place(work, booking, room, ask.start, ask.end)
    write(work, ask, booking.id)
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)], moved=[booking.id])
    return booking
