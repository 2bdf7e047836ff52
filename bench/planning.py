"""Plans of rooms: years, peak weeks against what is proven, growth, and mending. The work is generated: bench/centres.py.

A line's ratio is what the plan costs against what any plan costs at least, or a time against its limit; the times of
growth stand against n log n from the smaller size.
"""
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log2

from bench.centres import house, peak_week, year
from bench.measure import Line, timed
from kernel.clock import monotonic
from kernel.values import HOUR
from rooms.planning.repair import OTHERS, Stand, repair
from rooms.planning.sessions import Schedule, Session, construct, delay, ready
from rooms.planning.worker import best

YEAR_LIMIT, REPAIR_LIMIT = 2.0, 1.0  # seconds


def plans(quick: bool) -> Iterator[Line]:
    yield from years((30,) if quick else (450, 900))
    yield from weeks((6,) if quick else (60, 90, 120))
    yield from growth(6 if quick else 120, 10, 1 if quick else 2)
    yield from repairs(6 if quick else 90)


def years(sizes: Sequence[int]) -> Iterator[Line]:
    """Refused: must be none. Time: planning alone, the proof not counted."""
    for size in sizes:
        where, sessions = house(), year(size)
        began = monotonic()
        made = construct(sessions, where)
        seconds = monotonic() - began
        evaluations = ready(sessions, made.openings)
        waited, least = delay(evaluations, made.evaluations.placed), best(sessions, where).least_delay
        yield Line(f"year of {size} sessions, {len(made.refused) + len(made.waiting)} refused", f"{YEAR_LIMIT:.0f} s", seconds, YEAR_LIMIT)
        yield Line(f"year of {size} sessions: weighted delay", "proven least", waited, least, shown="min")


def weeks(sizes: Sequence[int]) -> Iterator[Line]:
    for size in sizes:
        proven = best(peak_week(size), house())
        yield Line(f"peak week of {size}: openings refused", "proven least", proven.refused, proven.least_refused, shown="sessions")
        yield Line(f"peak week of {size}: weighted delay", "proven least", proven.delay, proven.least_delay, shown="min")


def growth(size: int, factor: int, steps: int) -> Iterator[Line]:
    """Rooms and sessions grow together."""
    before = 0.0
    for power in range(steps + 1):
        times = factor**power
        n, sessions, where = size * times, peak_week(size * times), house(times)
        seconds = min(timed(lambda s=sessions, h=where: construct(s, h)) for _ in range(3))  # type: ignore[misc]
        if power:
            expected = before * factor * log2(n) / log2(n // factor)
            yield Line(f"plan of {n:,} sessions in {27 * times:,} rooms", f"n log n from a {factor}th", seconds, expected, n, "session")
        before = seconds


def repairs(size: int) -> Iterator[Line]:
    """Every booking of a peak week once cancelled while the refused wait for a room, and every evaluation once two hours too long."""
    where, sessions = house(), peak_week(size)
    stands = standing(sessions, construct(sessions, where))
    for name, days in (("cancellation", cancelled(stands)), ("overrun", overrun(stands))):
        worst, moved = 0.0, 0
        for day in days:
            began = monotonic()
            found = repair(day, where.rooms, where.taken, where.calendar)
            worst, moved = max(worst, monotonic() - began), max(moved, len(found.others))
        assert moved <= OTHERS
        yield Line(f"mending after one {name} in a week of {size}, the slowest; others moved: {moved} at most", f"{REPAIR_LIMIT:.0f} s", worst, REPAIR_LIMIT)


def standing(sessions: Sequence[Session], made: Schedule) -> list[Stand]:
    """The week as published, and the openings that were refused. Openings keep their hour; evaluations may be put off."""
    found = []
    for wanted, plan in (([s.opening for s in sessions if s.opening], made.openings), (ready(sessions, made.openings), made.evaluations)):
        places = {p.key: p for p in plan.placed}
        for request in wanted:
            place = places.get(request.key)
            start = place.start if place else request.earliest
            found.append(Stand(replace(request, key=f"{request.kind} {request.key}", earliest=start, latest=max(start, request.latest)), place.room if place else ""))
    return found


def cancelled(stands: Sequence[Stand]) -> Iterator[list[Stand]]:
    for gone in stands:
        if gone.room:
            yield [stand for stand in stands if stand.key != gone.key]


def overrun(stands: Sequence[Stand]) -> Iterator[list[Stand]]:
    """The one that runs on is pinned where it is; who stands behind it has to move."""
    for late in stands:
        if late.room and late.request.kind == "evaluation":
            longer = Stand(replace(late.request, length=late.request.length + 2 * HOUR), late.room, True)
            yield [longer if stand.key == late.key else stand for stand in stands]
