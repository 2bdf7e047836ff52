"""Whole schedules: sound, no dearer than what proves them, the same in any order; and what one changed fact changes."""
from dataclasses import replace
from datetime import date
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.values import DAY, HOUR, MINUTE, instant
from rooms.plan import Request, Space, inside_hours
from rooms.planning.classes import House, windows
from rooms.planning.construct import assign
from rooms.planning.sessions import Schedule, Session, construct, delay, ready, unavoidable
from rooms.planning.worker import best

MONDAY = date(2026, 3, 2)
WEEK = {day: (8 * 60, 18 * 60) for day in range(1, 6)}
LATE = (6 * 60, 24 * 60)


def at(hour: float, day: int = 0) -> int:
    return instant(MONDAY) + day * DAY + int(hour * HOUR)


def house(openings: int = 2, evaluations: int = 2, **taken: tuple[tuple[int, int], ...]) -> House:
    rooms = [Space(f"o{n}", "opening", 30 + 30 * (n > 1), WEEK, LATE, 15 * MINUTE) for n in range(openings)]
    rooms += [Space(f"e{n}", "evaluation", 9 + 4 * (n > 1), WEEK, LATE, 30 * MINUTE) for n in range(evaluations)]
    return House(tuple(rooms), taken, {})


def session(key: str, hour: float = 9, length: int = 4, weight: int = 1, **more: object) -> Session:
    opening = Request(key, "opening", 20, at(hour), at(hour), HOUR, weight=weight, **more)  # type: ignore[arg-type]
    return Session(key, opening, Request(key, "evaluation", 7, at(hour + 1), at(hour + 1) + 7 * DAY, length * HOUR, weight=weight, **more))  # type: ignore[arg-type]


def sound(schedule: Schedule, sessions: list[Session], where: House) -> None:
    """Every session once, in a room that fits, within hours, after its opening, and no two in one room at once."""
    spaces = {room.id: room for room in where.rooms}
    over = {one.key: one.end for one in schedule.openings.placed}
    for plan, wanted in ((schedule.openings, [s.opening for s in sessions if s.opening]), (schedule.evaluations, ready(sessions, schedule.openings))):
        by_key = {r.key: r for r in wanted}
        assert sorted([p.key for p in plan.placed] + list(plan.left)) == sorted(by_key)
        for one in plan.placed:
            request, room = by_key[one.key], spaces[one.room]
            assert room.fits(request.kind, request.seats) and request.earliest <= one.start <= request.latest and one.end - one.start == request.length
            assert inside_hours(room, one.start, one.end, {}, False) or (request.extended and inside_hours(room, one.start, one.end, {}, True))
            assert one.room[0] == "o" or one.start >= over.get(one.key, 0)
    for room, spans in windows((*schedule.openings.placed, *schedule.evaluations.placed), where.rooms).items():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted([*spans, *((a, b) for a, b in where.taken.get(room, ()))])))


several = st.lists(st.builds(
    lambda n, quarter, length, weight, green, extended: session(f"{n:03}", 8 + quarter / 4, length, weight, green=green, extended=extended),
    st.integers(0, 999), st.integers(0, 32), st.integers(1, 6), st.integers(1, 4), st.booleans(), st.booleans()), max_size=14, unique_by=lambda s: s.key)


@settings(max_examples=60, deadline=None)
@given(several)
def test_a_schedule_is_sound_and_no_cheaper_than_sessions_alone(sessions: list[Session]) -> None:
    where = house(3, 3, e0=((at(10), at(12)),))
    made = construct(sessions, where)
    sound(made, sessions, where)
    assert made == construct(list(reversed(sessions)), where)
    evaluations = [r for r in ready(sessions, made.openings) if r.key not in made.waiting]
    assert delay(evaluations, made.evaluations.placed) >= sum(unavoidable(evaluations, where).values())


def cheapest(requests: list[Request], where: House) -> int:
    """The least delay over every order of serving: for a few sessions, all there is."""
    found = []
    for order in permutations(requests):
        left, cost = where, 0
        for one in order:
            plan = assign([one], left.rooms, left.taken, {})
            cost += delay([one], plan.placed)
            left = left.without(windows(plan.placed, left.rooms))
        found.append(cost)
    return min(found)


def test_a_full_day_is_solved_to_what_is_proven() -> None:
    """Six openings at nine in five rooms, one of them green, and more evaluations than two rooms hold in a day."""
    sessions = [session(f"{n}", 9, 2 + n % 3, 1 + n % 4, green=n == 5) for n in range(6)]
    where = house(5, 2)
    proven = best(list(reversed(sessions)), where)
    sound(proven.schedule, sessions, where)
    assert (proven.refused, proven.least_refused) == (1, 1) and "5" not in proven.schedule.refused
    assert proven.least_delay <= proven.delay <= cheapest(ready(sessions, proven.schedule.openings), where)
    assert proven.delay <= proven.least_delay * 110 // 100


def test_what_a_session_costs_alone() -> None:
    where = house()
    morning, afternoon = session("a", 9).evaluation, session("b", 14).evaluation
    assert morning and afternoon
    assert unavoidable([morning, afternoon], where) == {"a": 0, "b": 17 * 60}
    assert unavoidable([replace(afternoon, extended=True)], where) == {"b": 0}


def test_the_green_channel_goes_first() -> None:
    plain, other, third = session("a"), session("b"), session("c")
    assert construct([plain, other, third], house()).refused == ("c",)
    assert construct([plain, other, session("c", green=True)], house()).refused == ("b",)


def test_an_evaluation_follows_an_opening_that_begins_later() -> None:
    one = session("a")
    assert one.opening
    late = replace(one, opening=replace(one.opening, latest=at(12)))
    (evaluation,) = construct([late], house(1, 1, o0=((at(8), at(10)),))).evaluations.placed
    assert evaluation.start == at(11)


def test_serving_another_first_is_tried_where_it_costs_less() -> None:
    """One room: the long light session is ready first; begun at once, the heavy one would wait until the next day."""
    light, heavy = session("a", 8, 6, 1).evaluation, session("b", 9, 4, 4).evaluation
    assert light and heavy
    where = house(0, 1)
    made = construct([Session("a", None, light), Session("b", None, heavy)], where).evaluations
    assert {p.key: p.start for p in made.placed} == {"b": at(10), "a": at(8, 1)}
    assert {p.key: p.start for p in assign([light, heavy], where.rooms, {}, {}).placed} == {"a": at(9), "b": at(8, 1)}
