"""How the house is used over a span of days: hours open, used and idle, overruns, services outside the open hours."""
import json
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Text
from kernel.identity import reads as identity
from kernel.ledger.entries import Entry
from kernel.values import MINUTE, instant
from law.periods import Calendar
from rooms.plan import Span, merged, open_span, same_day
from rooms.records import Booking, Room
from rooms.taken import blocked_of, sessions_of, space_of

LONGEST = 366  # days that one table may cover


@dataclass(frozen=True)
class RoomUse:
    """Minutes. idle: open, and neither used nor blocked · late: of the used, outside the open hours · over: beyond the booked end."""

    name: Text
    kind: str
    seats: int
    sessions: int
    open: int
    used: int
    blocked: int
    idle: int
    late_sessions: int
    late: int
    overruns: int
    over: int


def use(session: Session, actor: Actor, first: date, last: date, now: int) -> tuple[RoomUse, ...]:
    """One row per room, for sessions that begin on these days. NotYours: not the room manager, or too many days."""
    if "room_manager" not in identity.roles(session, actor, now) or not 0 <= (last - first).days < LONGEST:
        raise NotYours
    begin, end, days = instant(first), instant(last + timedelta(days=1)), calendar(session)
    rooms = list(session.scalars(select(Room).order_by(Room.kind.desc(), Room.number)))
    held: dict[str, list[Booking]] = {room.id: [] for room in rooms}
    for booking in sessions_of(session, held, begin, end):
        if begin <= booking.from_ms < end:
            held[booking.room].append(booking)
    gone: dict[str, list[Span]] = {room.id: [] for room in rooms}
    for one in blocked_of(session, gone, begin, end):
        gone[one.room].append((max(one.from_ms, begin), min(one.to_ms, end)))
    extended = _extended(session, begin, now)
    return tuple(_row(room, held[room.id], merged(gone[room.id]), _open(room, first, last, days), extended) for room in rooms)


def _open(room: Room, first: date, last: date, days: Calendar) -> list[Span]:
    space = space_of(room)
    spans = (open_span(space, first + timedelta(days=n), days, False) for n in range((last - first).days + 1))
    return [span for span in spans if span is not None]


def _extended(session: Session, begin: int, now: int) -> set[str]:
    """Bookings whose end was moved by `rooms.overrun`."""
    payloads = session.scalars(select(Entry.payload).where(Entry.tag == "rooms.overrun", Entry.moment >= begin, Entry.moment <= now))
    return {json.loads(payload)["body"]["booking"] for payload in payloads}


def _row(room: Room, bookings: list[Booking], blocked: list[Span], hours: list[Span], extended: set[str]) -> RoomUse:
    used = merged((start, end) for booking in bookings for start, end in _spans(booking, hours) if start < end)
    inside = _shared(used, hours)
    over = {b.id: max(0, (b.freed or b.to_ms) - b.to_ms) for b in bookings if b.taken is not None}
    total = sum(b - a for a, b in hours)
    return RoomUse(
        Text(room.name, room.name_en), room.kind, room.seats, len(bookings), total // MINUTE, _length(used) // MINUTE,
        _length(_shared(blocked, hours)) // MINUTE, (total - _length(_shared(merged([*used, *blocked]), hours))) // MINUTE,
        sum(bool(b.reason) for b in bookings), (_length(used) - _length(inside)) // MINUTE,
        sum(b.id in extended or over.get(b.id, 0) >= MINUTE for b in bookings), sum(over.values()) // MINUTE)


def _span(booking: Booking) -> Span:
    """From when it was taken to when it was left, as far as that has happened."""
    return min(booking.from_ms, booking.taken or booking.from_ms), booking.freed or booking.to_ms


def _spans(booking: Booking, hours: list[Span]) -> list[Span]:
    """A session that goes on overnight uses its room while the house is open; at night it is sealed."""
    span = _span(booking)
    return [span] if same_day(*span) else _shared([span], hours)


def _length(spans: list[Span]) -> int:
    return sum(b - a for a, b in spans)


def _shared(some: list[Span], others: list[Span]) -> list[Span]:
    """What lies in both, each sorted and without overlaps."""
    return [(max(a, c), min(b, d)) for a, b in some for c, d in others if max(a, c) < min(b, d)]
