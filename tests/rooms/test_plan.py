"""Placing sessions: pure, without collisions, inside the hours, and fast enough for a year."""
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.clock import monotonic
from kernel.values import HOUR, MINUTE, instant
from rooms.plan import Plan, Request, Space, earliest, gaps, inside_hours, merged
from rooms.planning.construct import assign

MONDAY = date(2026, 3, 2)
QUARTER = 15 * MINUTE
WEEK = {day: (8 * 60, 18 * 60) for day in range(1, 6)}


def space(id: str, kind: str = "opening", seats: int = 30, buffer: int = 15) -> Space:
    return Space(id, kind, seats, WEEK, (360, 1440), buffer * MINUTE)


def at(hour: int, day: int = 0) -> int:
    return instant(MONDAY + timedelta(days=day)) + hour * HOUR


def request(key: str, hour: int, length: int = 1, latest: int | None = None, **more) -> Request:  # type: ignore[no-untyped-def]
    start = at(hour)
    return Request(key, "opening", more.pop("seats", 9), start, start if latest is None else at(latest), length * HOUR, **more)


def sound(plan: Plan, requests: list[Request], rooms: list[Space], taken: dict) -> None:  # type: ignore[type-arg]
    by_key, by_id = {r.key: r for r in requests}, {r.id: r for r in rooms}
    assert sorted([p.key for p in plan.placed] + list(plan.left)) == sorted(by_key)
    busy = {id: list(taken.get(id, ())) for id in by_id}
    for placed in plan.placed:
        wish, room = by_key[placed.key], by_id[placed.room]
        assert room.fits(wish.kind, wish.seats) and wish.earliest <= placed.start <= wish.latest and placed.end - placed.start == wish.length
        assert inside_hours(room, placed.start, placed.end, {}, wish.extended)
        assert placed.late == (not inside_hours(room, placed.start, placed.end, {}, False))
        busy[placed.room].append((placed.start, placed.end + room.buffer_ms))
    for spans in busy.values():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(spans)))


wishes = st.builds(
    lambda n, start, length, slack, seats, extended: Request(
        str(n), "opening", seats, at(0) + start * QUARTER, at(0) + (start + slack) * QUARTER, length * QUARTER, extended),
    st.integers(0, 10**6), st.integers(0, 5 * 96), st.integers(1, 30), st.integers(0, 96), st.sampled_from((5, 20, 40)), st.booleans())


@settings(max_examples=80, deadline=None)
@given(st.lists(wishes, max_size=40, unique_by=lambda r: r.key))
def test_no_plan_collides(requests: list[Request]) -> None:
    rooms = [space("a"), space("b"), space("c", seats=60, buffer=30)]
    taken = {"a": [(at(9), at(12))]}
    plan = assign(requests, rooms, taken, {})
    sound(plan, requests, rooms, taken)
    assert plan == assign(list(reversed(requests)), list(reversed(rooms)), taken, {})


def test_a_session_takes_the_smallest_room_and_then_the_next() -> None:
    rooms = [space("large", seats=100), space("small", seats=10)]
    plan = assign([request("1", 9), request("2", 9), request("3", 9)], rooms, {}, {})
    assert [(p.key, p.room) for p in plan.placed] == [("2", "large"), ("1", "small")] and plan.left == ("3",)
    assert assign([request("3", 9, latest=11), request("1", 9), request("2", 9)], rooms, {}, {}).left == ()


def test_hours_holidays_and_make_up_days() -> None:
    room = space("a")
    assert earliest(room, [], request("1", 19, latest=40), {}) == at(8, 1)
    assert earliest(room, [], request("1", 19, latest=40), {MONDAY + timedelta(days=1): "holiday"}) is None
    assert earliest(room, [], request("1", 19, extended=True), {}) == at(19)
    saturday = MONDAY + timedelta(days=5)
    assert list(gaps(room, [], saturday, {})) == [] and list(gaps(room, [], saturday, {saturday: "workday"})) == [(at(8, 5), at(18, 5))]


def test_cleaning_may_outlast_the_day_but_not_the_next_session() -> None:
    room = space("a")
    assert earliest(room, [], request("1", 17), {}) == at(17)
    assert earliest(room, [(at(18), at(20))], request("1", 17), {}) is None
    assert earliest(room, [(at(11), at(12))], request("1", 10), {}) is None
    assert earliest(room, [(at(11) + 15 * MINUTE, at(12))], request("1", 10), {}) == at(10)


def test_taken_times_may_overlap_each_other() -> None:
    assert merged([(5, 9), (1, 3), (2, 6), (9, 10), (12, 13)]) == [(1, 10), (12, 13)]


def test_three_months_of_a_busy_centre_is_placed_without_collision() -> None:
    """24 openings with a fixed start and 24 evaluations of four hours a day in 27 rooms, some into the evening."""
    rooms = [space(f"o{n:02}") for n in range(12)] + [space(f"e{n:02}", "evaluation", 13, 30) for n in range(15)]
    requests = []
    for n in range(1500):
        start = at(9 + n % 4, (n // 24) // 5 * 7 + (n // 24) % 5)
        requests.append(Request(f"o{n}", "opening", 20, start, start, HOUR))
        requests.append(Request(f"e{n}", "evaluation", 7, start + 90 * MINUTE, start + 6 * HOUR, 4 * HOUR, extended=True))
    began = monotonic()
    plan = assign(requests, rooms, {}, {})
    assert monotonic() - began < 5
    sound(plan, requests, rooms, {})
    assert len(plan.left) == 0 and any(p.late for p in plan.placed)
