"""Who stands in line for a room's time, for whom it is kept, and whether it can be had. Queries only; whoever decides holds the room."""
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.machine import Facts
from law.stages import ENDS
from rooms.procedure import PLACE
from rooms.records import STANDING, Booking, Room
from rooms.rules import Ask, devices_whole, room_fits
from rooms.taken import apart_of, blocked_of, corridor, evaluated_in, faulty, kept_of, sessions_of, space_of
from trading.projects.records import Project

Facing = dict[str, tuple[object, ...]]


def wanted(room: Room, kind: str, seats: int, wishes: tuple[str, ...], start: int, end: int, reason: str) -> Ask:
    return Ask(space_of(room), kind, seats, wishes, start, end, reason, room.advance_days, room.status == "open")


def as_asked(booking: Booking, room: Room) -> Ask:
    return wanted(room, booking.kind, booking.seats, tuple(booking.wishes), booking.from_ms, booking.to_ms, booking.reason)


def around(session: Session, room: Room, start: int, end: int, now: int, but: str) -> Facing:
    """Facts about one room and time: sessions and slots kept for somebody, cleaning, blockings, devices."""
    margin = room.buffer_ms
    others = sessions_of(session, [room.id], start - margin, end + margin, but)
    kept = kept_of(session, [room.id], start - margin, end + margin, now, but)
    project = session.get_one(Booking, but).project
    return {
        "sessions": tuple((b.from_ms, b.to_ms) for b in (*others, *kept) if b.stage in (*STANDING, "asked")),
        "busy": tuple((b.busy_from, b.busy_to) for b in (*others, *kept)),
        "apart": tuple((b.busy_from, b.busy_to) for b in apart_of(
            session, project, start - margin, end + margin, now).get(corridor(room), ())),
        "evaluated": (room.id,) if room.id in evaluated_in(session, project, but) else (),
        "blocked": tuple((b.from_ms, b.to_ms) for b in blocked_of(session, [room.id], start, end)),
        "faulty": faulty(session, room.id),
    }


def can_be_had(session: Session, room: Room, ask: Ask, now: int, but: str) -> bool:
    """Would the room be held for this session now?"""
    facts = Facts(asks=(ask,), **around(session, room, ask.start, ask.end, now, but))
    return ask.start > now and all(guard(facts) is None for guard in (room_fits, *PLACE, devices_whole))


def line(session: Session, rooms: Iterable[str], start: int, end: int, now: int) -> list[Booking]:
    """Bookings in line for some of this time, in their order. A suspended tender keeps nobody waiting."""
    return list(session.scalars(select(Booking).join(Project, Project.id == Booking.project).where(
        Booking.room.in_(list(rooms)), Booking.stage == "asked", Booking.waits.is_not(None), Booking.offered.is_(None), Booking.from_ms > now,
        Booking.busy_from < end, Booking.busy_to > start, Project.suspended == "", Project.stage.not_in(ENDS),
    ).order_by(Booking.waits, Booking.id)))


def ahead(session: Session, room: Room, start: int, end: int, now: int, but: str, since: int | None = None) -> bool:
    """Does somebody in line come before, who would find the room free? since: when this booking, `but`, went into the line."""
    for other in line(session, [room.id], start - room.buffer_ms, end + room.buffer_ms, now):
        if since is not None and (since, but) <= (other.waits or 0, other.id):
            return False
        if other.id != but and can_be_had(session, room, as_asked(other, room), now, other.id):
            return True
    return False
