"""A whole list of sessions into rooms, one event of the day after another: n log n. Pure; the same list gives the same plan.

Time runs forward over the moments at which a session is ready or a room comes free. At each, those that wait are served in
their order: the shortest for its weight first, in the smallest class that has a gap, in the tightest gap of that class.
"""
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heapify, heappop, heappush

from kernel.values import DAY, day_of
from law.periods import Calendar
from rooms.plan import LOOK_AHEAD_DAYS, Placed, Plan, Request, Space, Span, inside_hours
from rooms.planning.classes import Alike, House, alike, free_spans, starts_within, windows

Rank = tuple[int, int, int, str]


def assign(requests: Iterable[Request], rooms: Iterable[Space], taken: Mapping[str, Iterable[Span]], calendar: Calendar) -> Plan:
    """Green before the rest, and of each the fixed starts before those that can wait."""
    house = House(tuple(rooms), {room: tuple(spans) for room, spans in taken.items()}, calendar)
    tiers: dict[tuple[bool, bool], list[Request]] = {}
    for request in requests:
        tiers.setdefault((not request.green, not request.fixed), []).append(request)
    placed: list[Placed] = []
    left: list[str] = []
    for tier in sorted(tiers):
        made, missed = _Sweep(house, tiers[tier]).run()
        house = house.without(windows(made, house.rooms))
        placed += made
        left += missed
    return Plan(tuple(sorted(placed, key=lambda p: (p.start, p.room))), tuple(sorted(left)))


def rank(request: Request) -> Rank:
    """Weight per time first: for one machine the order that costs least delay."""
    return -request.weight * DAY // request.length, -request.seats, request.earliest, request.key


def last_start(request: Request) -> int:
    return min(request.latest, request.earliest + LOOK_AHEAD_DAYS * DAY)


def days_of(requests: Sequence[Request]) -> list[date]:
    """Every day on which one of them may begin, in order."""
    found: set[date] = set()
    for first, last in {(day_of(r.earliest), day_of(last_start(r))) for r in requests}:
        found.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return sorted(found)


@dataclass
class _Queue:
    """Sessions that any gap treats alike: the same classes, length and hours."""

    fitting: tuple[int, ...]
    length: int
    extended: bool
    heap: list[tuple[Rank, Request]] = field(default_factory=list)


class _Sweep:
    def __init__(self, house: House, requests: Sequence[Request]) -> None:
        kinds = {request.kind for request in requests}
        self.house, self.requests, self.days = house, requests, days_of(requests)
        self.classes: tuple[Alike, ...] = alike(room for room in house.rooms if room.kind in kinds)
        self.gaps: list[list[tuple[int, int, str]]] = [[] for _ in self.classes]  # until, from, room
        self.queues: dict[tuple[object, ...], _Queue] = {}
        self.events: list[tuple[int, int, int, int, str]] = []  # moment, 0 gap | 1 session | 2 wake, class or number, until, room
        self.hours: dict[tuple[int, date, bool], Span | None] = {}

    def run(self) -> tuple[list[Placed], list[str]]:
        self._fill()
        placed: list[Placed] = []
        while self.events:
            now = self.events[0][0]
            while self.events and self.events[0][0] == now:
                _, what, n, until, room = heappop(self.events)
                if what == 0:
                    insort(self.gaps[n], (until, now, room))
                elif what == 1:
                    self._wait(self.requests[n])
            for gaps in self.gaps:
                del gaps[: bisect_left(gaps, (now + 1,))]
            placed += self._serve(now)
        done = {one.key for one in placed}
        return placed, [request.key for request in self.requests if request.key not in done]

    def _fill(self) -> None:
        for n, group in enumerate(self.classes):
            for room in group.rooms:
                for begin, until in free_spans(room, self.house.taken.get(room.id, ()), self.days, self.house.calendar):
                    self.events.append((begin, 0, n, until, room.id))
            for day in self.days:
                span = self._open(n, day, False)
                if span is not None:
                    self.events.append((span[0], 2, n, 0, ""))
        self.events += [(request.earliest, 1, n, 0, "") for n, request in enumerate(self.requests)]
        self.events.sort()

    def _open(self, n: int, day: date, extended: bool) -> Span | None:
        key = (n, day, extended)
        if key not in self.hours:
            self.hours[key] = starts_within(self.classes[n].one, day, self.house.calendar, extended)
        return self.hours[key]

    def _wait(self, request: Request) -> None:
        key = (request.kind, request.seats, request.wishes, request.length, request.extended)
        if key not in self.queues:
            fitting = tuple(n for n, group in enumerate(self.classes) if group.fits(request))
            self.queues[key] = _Queue(fitting, request.length, request.extended)
        heappush(self.queues[key].heap, (rank(request), request))

    def _serve(self, now: int) -> list[Placed]:
        """Everybody who waits and fits, in the order of rank; whoever is too late drops out."""
        day, placed = day_of(now), []
        heads = [(queue.heap[0][0], n, queue) for n, queue in enumerate(self.queues.values()) if queue.heap]
        heapify(heads)
        while heads:
            _, number, queue = heappop(heads)
            while queue.heap and last_start(queue.heap[0][1]) < now:
                heappop(queue.heap)
            found = self._gap(queue, now, day) if queue.heap else None
            if found is None:
                continue
            n, room, until = found
            _, request = heappop(queue.heap)
            end, space = now + request.length, self.classes[n].one
            if end + space.buffer_ms < until:
                heappush(self.events, (end + space.buffer_ms, 0, n, until, room))
            placed.append(Placed(request.key, room, now, end, not inside_hours(space, now, end, self.house.calendar, False)))
            if queue.heap:
                heappush(heads, (queue.heap[0][0], number, queue))
        return placed

    def _gap(self, queue: _Queue, now: int, day: date) -> tuple[int, str, int] | None:
        """The tightest gap of the smallest class, taken out of the list: class, room, until."""
        end = now + queue.length
        for n in queue.fitting:
            hours = self._open(n, day, queue.extended)
            if hours is None or not hours[0] <= now <= end <= hours[1]:
                continue
            at = bisect_left(self.gaps[n], (end,))
            if at < len(self.gaps[n]):
                until, _, room = self.gaps[n].pop(at)
                return n, room, until
        return None

