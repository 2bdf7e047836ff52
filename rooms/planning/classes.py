"""Rooms that are alike, and when they are free: what every way of planning a list of sessions starts from. Pure."""
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kernel.values import DAY
from law.periods import Calendar
from rooms.plan import Placed, Request, Space, Span, merged, open_span


@dataclass(frozen=True)
class House:
    """taken: room id → times that are gone, buffers included."""

    rooms: tuple[Space, ...]
    taken: Mapping[str, tuple[Span, ...]]
    calendar: Calendar

    def without(self, more: Mapping[str, Iterable[Span]]) -> "House":
        """The same house with more of its time gone."""
        gone = {room: (*self.taken.get(room, ()), *spans) for room, spans in more.items()}
        return House(self.rooms, {**self.taken, **gone}, self.calendar)


@dataclass(frozen=True)
class Alike:
    """Rooms between which no session can tell the difference."""

    rooms: tuple[Space, ...]

    @property
    def one(self) -> Space:
        return self.rooms[0]

    def fits(self, request: Request) -> bool:
        return self.one.fits(request.kind, request.seats, request.wishes)


def alike(rooms: Iterable[Space]) -> tuple[Alike, ...]:
    """The smallest first, and of equal ones those with less equipment: whoever takes the first that fits wastes least."""
    found: dict[tuple[object, ...], list[Space]] = {}
    for room in sorted(rooms, key=lambda r: r.id):
        key = (room.kind, room.seats, room.equipment, tuple(sorted(room.hours.items())), room.late, room.buffer_ms)
        found.setdefault(key, []).append(room)
    groups = (Alike(tuple(group)) for group in found.values())
    return tuple(sorted(groups, key=lambda g: (g.one.seats, len(g.one.equipment), g.one.id)))


def starts_within(space: Space, day: date, calendar: Calendar, extended: bool) -> Span | None:
    """Open hours of that day for sessions of this sort: the usual ones, or for extended ones the late ones as well."""
    usual = open_span(space, day, calendar, False)
    if not extended:
        return usual
    late = open_span(space, day, calendar, True)
    if usual is None or late is None:
        return late
    return min(usual[0], late[0]), max(usual[1], late[1])


def free_spans(space: Space, taken: Iterable[Span], days: Iterable[date], calendar: Calendar) -> Iterator[Span]:
    """(from, until) of each free time of the days: a session may begin at `from` and must be over by `until`.

    Cleaning may outlast the day, never run into what comes next.
    """
    gone = merged(taken)
    at = 0
    for day in days:
        hours = starts_within(space, day, calendar, True)
        if hours is None:
            continue
        begin, close = hours
        while at < len(gone) and gone[at][1] <= begin:
            at += 1
        ahead = at
        while begin < close:
            following = gone[ahead] if ahead < len(gone) and gone[ahead][0] < close + DAY else None
            until = close if following is None else min(close, following[0] - space.buffer_ms)
            if until > begin:
                yield begin, until
            if following is None or following[0] >= close:
                break
            begin, ahead = max(begin, following[1]), ahead + 1


def windows(placed: Iterable[Placed], rooms: Iterable[Space]) -> dict[str, list[Span]]:
    """Room id → what these sessions take of it, cleaning included."""
    buffers = {room.id: room.buffer_ms for room in rooms}
    found: dict[str, list[Span]] = {}
    for one in placed:
        found.setdefault(one.room, []).append((one.start, one.end + buffers[one.room]))
    return found
