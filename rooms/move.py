"""A booking goes to another room or time, as long as it is not about to begin."""
from typing import Any

from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from kernel.errors import Refused
from rooms.book import Slot
from rooms.desk import decide, hold_booking, own, place, slot, with_free_slots, write
from rooms.line import ahead, around, wanted
from rooms.records import Booking
from rooms.rules import covers
from trading.notices.records import Notice


class Move(Cmd):
    """to.kind and to.seats may not fall short of what is booked; to.room empty: the same room."""

    booking: str = Field(max_length=32)
    to: Slot


@command("rooms.move", opens="never")
def move(work: Work, cmd: Move) -> Booking:
    """Guards: room_fits, within_advance_limit, slot_free, buffer_kept, room_not_blocked, kept_apart, another_room_again, first_in_line, not_within_two_hours,
    parties_told_if_opening. An agency moves its own bookings only; the entry names as moved those of somebody else. Whoever
    asks for another slot leaves the line for this one."""
    to = cmd.to
    booking, project, held = hold_booking(work, cmd.booking, *([to.room] if to.room else []))
    room = held[-1]
    own(work, booking)
    ask = wanted(room, booking.kind, max(to.seats, booking.seats), to.wishes or tuple(booking.wishes), to.start, to.end, to.reason)
    corrected = work.session.scalar(select(func.max(Notice.published_at)).where(Notice.project == project.id, Notice.kind == "clarification"))
    try:
        decide(work, booking.stage, project, asks=(ask,), held=booking.stage == "held",
               bound=covers(booking.kind, booking.from_ms, booking.to_ms, project.deadline, project.evaluation_at), kind=booking.kind, from_ms=booking.from_ms,
               published_at=project.published_at, corrected_at=corrected, asked_at=booking.asked,
               ahead=ahead(work.session, room, to.start, to.end, work.moment, booking.id),
               **around(work.session, room, to.start, to.end, work.moment, booking.id))
    except Refused as refusal:
        if refusal.reason.rule not in ("slot_free", "buffer_kept", "room_not_blocked", "kept_apart", "another_room_again", "first_in_line"):
            raise
        raise Refused(with_free_slots(work, refusal.reason, ask, booking.id)) from refusal
    booking.reason, booking.seats, booking.wishes, booking.asked = to.reason, ask.seats, list(ask.wishes), work.moment
    booking.waits, booking.offered = None, None
    place(work, booking, room, to.start, to.end)
    write(work, ask, booking.id)
    mine = work.actor.id == booking.booked_by or (work.actor.org is not None and work.actor.org == booking.party)
    others: dict[str, Any] = {} if mine else {"moved": [booking.id]}
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)], **others)
    return booking
