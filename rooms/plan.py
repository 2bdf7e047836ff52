"""Placing sessions: when a house is open, where a gap lies, and a whole list of sessions without a collision.

Pure. Instants in ms UTC; hours in minutes after midnight of the legal day (Asia/Shanghai). Every session is
followed by the room's buffer. Two sessions of one room never overlap, buffer included.
"""
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.values import DAY, MINUTE, day_of, instant
from law.periods import Calendar, working_day

Span = tuple[int, int]
LOOK_AHEAD_DAYS = 31


@dataclass(frozen=True)
class Space:
    """A room as planning sees it. hours: ISO weekday → (from, to); late: (from, to) of any day with a reason."""

    id: str
    kind: str
    seats: int
    hours: Mapping[int, tuple[int, int]]
    late: tuple[int, int]
    buffer_ms: int
    equipment: frozenset[str] = frozenset()

    def fits(self, kind: str, seats: int, wishes: Iterable[str] = ()) -> bool:
        return self.kind == kind and self.seats >= seats and self.equipment >= set(wishes)


@dataclass(frozen=True)
class Request:
    """A session to place: not before `earliest`, not after `latest` (its start), `length` ms, wherever it fits.

    latest = earliest is a session with a fixed start. extended: it may use the late hours.
    """

    key: str
    kind: str
    seats: int
    earliest: int
    latest: int
    length: int
    extended: bool = False
    wishes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Placed:
    key: str
    room: str
    start: int
    end: int
    late: bool  # outside the open hours


@dataclass(frozen=True)
class Plan:
    """placed in the order of their start; left: keys of requests that fit nowhere."""

    placed: tuple[Placed, ...]
    left: tuple[str, ...] = ()


def open_span(space: Space, day: date, calendar: Calendar, extended: bool) -> Span | None:
    """From and to in ms at which the room is open that day; None when it is closed."""
    if extended:
        hours: tuple[int, int] | None = space.late
    elif calendar.get(day) == "workday":
        hours = space.hours.get(day.isoweekday()) or next(iter(space.hours.values()), None)
    elif working_day(day, calendar) or day not in calendar:
        hours = space.hours.get(day.isoweekday())
    else:
        hours = None
    if hours is None:
        return None
    midnight = instant(day)
    return midnight + hours[0] * MINUTE, midnight + hours[1] * MINUTE


def inside_hours(space: Space, start: int, end: int, calendar: Calendar, extended: bool) -> bool:
    """Does [start, end) lie within the open hours of one day?"""
    span = open_span(space, day_of(start), calendar, extended)
    return span is not None and span[0] <= start < end <= span[1]


def gaps(space: Space, busy: list[Span], day: date, calendar: Calendar, extended: bool = False) -> Iterator[Span]:
    """Free times of a room on one day, in order; busy is merged and holds each session with its buffer."""
    span = open_span(space, day, calendar, extended)
    if span is None:
        return
    at, close = span
    first = max(0, bisect_left(busy, (at, at)) - 1)
    for begin, end in busy[first:]:
        if begin >= close:
            break
        if begin > at:
            yield at, begin
        at = max(at, end)
    if at < close:
        yield at, close


def earliest(space: Space, busy: list[Span], request: Request, calendar: Calendar) -> int | None:
    """The first start at which the session and its buffer fit; None within `latest` and a month."""
    day, last = day_of(request.earliest), day_of(min(request.latest, request.earliest + LOOK_AHEAD_DAYS * DAY))
    while day <= last:
        for begin, end in gaps(space, busy, day, calendar, request.extended):
            start = max(begin, request.earliest)
            if start <= request.latest and start + request.length <= end and _clean(space, busy, start, request.length):
                return start
        day += timedelta(days=1)
    return None


def merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted and without overlaps, as the functions here want what is taken."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _clean(space: Space, busy: list[Span], start: int, length: int) -> bool:
    """Is the buffer after the session free too? It may run past the closing hour, never into the next session."""
    begin, end = start, start + length + space.buffer_ms
    after = bisect_left(busy, (begin, begin))
    return (after == len(busy) or busy[after][0] >= end) and (after == 0 or busy[after - 1][1] <= begin)


def assign(requests: Iterable[Request], rooms: Iterable[Space], taken: Mapping[str, Iterable[Span]], calendar: Calendar) -> Plan:
    """Places the requests one by one, the earliest first and of equal ones the largest: in the smallest size class
    that can start it soonest. Sorting and bisection: n log n for a house of a fixed number of rooms.

    taken: room id → times that are gone already, buffer included. The same list gives the same plan.
    """
    spaces = sorted(rooms, key=lambda room: (room.seats, room.id))
    busy: dict[str, list[Span]] = {room.id: merged(taken.get(room.id, ())) for room in spaces}
    placed: list[Placed] = []
    left: list[str] = []
    for request in sorted(requests, key=lambda r: (r.earliest, -r.seats, r.key)):
        best: tuple[int, int, str, Space] | None = None
        for space in spaces:
            if not space.fits(request.kind, request.seats, request.wishes):
                continue
            start = earliest(space, busy[space.id], request, calendar)
            if start is not None and (best is None or (start, space.seats, space.id) < best[:3]):
                best = (start, space.seats, space.id, space)
                if start == request.earliest:
                    break
        if best is None:
            left.append(request.key)
            continue
        start, _, _, space = best
        end = start + request.length
        insort(busy[space.id], (start, end + space.buffer_ms))
        placed.append(Placed(request.key, space.id, start, end, not inside_hours(space, start, end, calendar, False)))
    return Plan(tuple(sorted(placed, key=lambda p: (p.start, p.room))), tuple(left))
