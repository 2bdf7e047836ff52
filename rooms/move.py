"""A booking goes to another room or time, as long as it is not about to begin."""
from typing import Any

from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Refused
from rooms.book import Slot
from rooms.desk import around, decide, hold_booking, place, slot, wanted, with_free_slots, write
from rooms.records import Booking
from trading.notices.records import Notice


class Move(Cmd):
    """to.kind and to.seats may not fall short of what is booked; to.room empty: the same room."""

    booking: str = Field(max_length=32)
    to: Slot


@command("rooms.move", opens="never")
def move(work: Work, cmd: Move) -> Booking:
    """Guards: room_fits, within_advance_limit, slot_free, buffer_kept, room_not_blocked, not_within_two_hours,
    parties_told_if_opening. An agency moves its own bookings only; the entry names as moved those of somebody else."""
    to = cmd.to
    booking, project, held = hold_booking(work, cmd.booking, *([to.room] if to.room else []))
    room = held[-1]
    if work.actor.org and booking.party != work.actor.org:
        raise NotYours
    ask = wanted(room, booking.kind, max(to.seats, booking.seats), to.wishes or tuple(booking.wishes), to.start, to.end, to.reason)
    corrected = work.session.scalar(select(func.max(Notice.published_at)).where(Notice.project == project.id, Notice.kind == "clarification"))
    try:
        decide(work, booking.stage, project, asks=(ask,), held=booking.stage == "held", kind=booking.kind, from_ms=booking.from_ms,
               published_at=project.published_at, corrected_at=corrected, asked_at=booking.asked,
               **around(work, room, to.start, to.end, booking.id))
    except Refused as refusal:
        if refusal.reason.rule not in ("slot_free", "buffer_kept", "room_not_blocked"):
            raise
        raise Refused(with_free_slots(work, refusal.reason, ask, booking.id)) from refusal
    booking.reason, booking.seats, booking.wishes, booking.asked = to.reason, ask.seats, list(ask.wishes), work.moment
    place(work, booking, room, to.start, to.end)
    write(work, ask, booking.id)
    own = work.actor.id == booking.booked_by or (work.actor.org is not None and work.actor.org == booking.party)
    others: dict[str, Any] = {} if own else {"moved": [booking.id]}
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)], **others)
    return booking
