"""A running session needs longer: its end moves, and the session after it goes to another room."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.values import DAY
from rooms.book import LAST
from rooms.desk import decide, hold_booking, hold_rooms, place, slot, write
from rooms.line import as_asked
from rooms.records import STANDING, Booking, Room
from rooms.taken import kept_of, nearest_free, sessions_of


class Overrun(Cmd):
    """end: new end of the session in ms, later than the old one."""

    booking: str = Field(max_length=32)
    end: int = Field(ge=0, lt=LAST)


@command("rooms.overrun", opens="never")
def overrun(work: Work, cmd: Overrun) -> Booking:
    """Guard: next_can_move. Only from inside the area. An opening never gives way: its place stands in its document. A slot that is
    kept for somebody goes to another room with him."""
    if work.actor.channel != "area":
        raise NotYours
    found = work.session.get(Booking, cmd.booking)
    if found is None or found.kind != "evaluation":
        raise NotYours
    rooms = work.session.scalars(select(Room.id).where(Room.kind == found.kind))
    hold_rooms(work, *rooms)
    booking, project, (room,) = hold_booking(work, cmd.booking)
    if not booking.to_ms < cmd.end <= booking.to_ms + DAY:
        raise Stale
    until = cmd.end + room.buffer_ms
    kept = kept_of(work.session, [room.id], booking.to_ms, until, work.moment)
    later = [b for b in sessions_of(work.session, [room.id], booking.to_ms, until, booking.id) if b.stage in STANDING] + kept
    stuck = []
    for other in later:
        target = _elsewhere(work, other, room) if other.stage != "used" else None
        if target is None:
            stuck.append(other.id)
            continue
        place(work, other, work.session.get_one(Room, target), other.from_ms, other.to_ms)
        work.session.flush()
    decide(work, booking.stage, project, stuck=stuck)
    place(work, booking, room, booking.from_ms, cmd.end)
    write(work, as_asked(booking, room), booking.id)
    work.enter(project.id, booking=booking.id, slots=[slot(booking, room)], moved=[b.id for b in later])
    return booking


def _elsewhere(work: Work, booking: Booking, room: Room) -> str | None:
    """Another room that is free at exactly the booking's time; of two sessions in the way each finds its own."""
    free = nearest_free(work.session, booking.kind, booking.seats, booking.from_ms, booking.to_ms - booking.from_ms, 30,
                        now=work.moment, wishes=booking.wishes, extended=bool(booking.reason), but=booking.id)
    return next((one.room for one in free if one.start == booking.from_ms and one.room != room.id), None)
