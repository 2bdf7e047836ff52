"""Placing one session: when a room is open, where a gap lies, and the first start that fits. Whole lists: `rooms/planning/`.

Pure. Instants in ms UTC; hours in minutes after midnight of the legal day (Asia/Shanghai). Every session is
followed by the room's buffer. Two sessions of one room never overlap, buffer included.
"""
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.values import DAY, MINUTE, day_of, instant
from law.periods import Calendar, working_day

Span = tuple[int, int]
LOOK_AHEAD_DAYS = 31
LONGEST = 10 * DAY  # of a session, its nights included


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

    latest = earliest is a session with a fixed start. extended: it may use the late hours. weight: what an hour of
    delay costs · green: the green channel goes first.
    """

    key: str
    kind: str
    seats: int
    earliest: int
    latest: int
    length: int
    extended: bool = False
    wishes: frozenset[str] = frozenset()
    weight: int = 1
    green: bool = False

    @property
    def fixed(self) -> bool:
        return self.latest == self.earliest


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
    """Does [start, end) lie within the open hours of one day? An evaluation may go on for days: it begins and ends within open hours,
    and keeps its room, sealed, over nights and closed days between."""
    first = open_span(space, day_of(start), calendar, extended)
    if first is None or not first[0] <= start < first[1]:
        return False
    if end <= first[1] or space.kind != "evaluation" or same_day(start, end):
        return start < end <= first[1]
    last = open_span(space, day_of(end - 1), calendar, extended)
    return last is not None and last[0] < end <= last[1]


def same_day(start: int, end: int) -> bool:
    """Does a session end on the legal day on which it begins?"""
    return day_of(start) == day_of(end - 1)


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
    """The first start at which the session and its buffer fit; None within `latest` and a month. One that goes on overnight keeps its hour
    and goes from day to day."""
    if not same_day(request.earliest, request.earliest + request.length):
        return _earliest_overnight(space, busy, request, calendar)
    day, last = day_of(request.earliest), day_of(min(request.latest, request.earliest + LOOK_AHEAD_DAYS * DAY))
    while day <= last:
        for begin, end in gaps(space, busy, day, calendar, request.extended):
            start = max(begin, request.earliest)
            if start <= request.latest and start + request.length <= end and _clean(space, busy, start, request.length):
                return start
        day += timedelta(days=1)
    return None


def _earliest_overnight(space: Space, busy: list[Span], request: Request, calendar: Calendar) -> int | None:
    for start in range(request.earliest, min(request.latest, request.earliest + LOOK_AHEAD_DAYS * DAY) + 1, DAY):
        if inside_hours(space, start, start + request.length, calendar, request.extended) and _clean(space, busy, start, request.length):
            return start
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
