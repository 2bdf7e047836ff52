"""Mending a day: who moves, where to, for whom; never more than three others, and each move finds its room free."""
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.values import HOUR, MINUTE
from rooms.plan import Request, Space, inside_hours
from rooms.planning.repair import OTHERS, Change, Repair, Stand, repair
from tests.rooms.planning.test_schedules import LATE, WEEK, at

BUFFER = 30 * MINUTE
ROOMS = tuple(Space(f"e{n}", "evaluation", 13 if n > 3 else 9, WEEK, LATE, BUFFER) for n in range(1, 5))


def stand(key: str, room: str, hour: float, length: float = 2, seats: int = 7, off: float = 0, **more: object) -> Stand:
    """off: hours by which it may be put off."""
    flags = {name: bool(more.pop(name, False)) for name in ("pinned", "waiting")}
    return Stand(Request(key, "evaluation", seats, at(hour), at(hour + off), int(length * HOUR), **more), room, **flags)  # type: ignore[arg-type]


def apply(stands: list[Stand], made: Repair, taken: dict[str, list[tuple[int, int]]]) -> dict[str, tuple[str, int, int]]:
    """Takes one change after another and looks each time whether the room is free."""
    spaces = {room.id: room for room in ROOMS}
    where = {s.key: (s.room, s.request.earliest, s.end) for s in stands if s.room}
    length = {s.key: s.request.length for s in stands}
    for change in made.changes:
        start, end = change.to_start, change.to_start + length[change.key]
        assert where.get(change.key, ("", start, end))[:2] == (change.room, change.start if change.room else start)
        for key, (room, a, b) in where.items():
            assert key == change.key or room != change.to or b + BUFFER <= start or end + BUFFER <= a, (change, key)
        assert not any(a < end and start < b for a, b in taken.get(change.to, []))
        assert inside_hours(spaces[change.to], start, end, {}, False)
        where[change.key] = (change.to, start, end)
    return where


def test_a_closure_moves_who_is_inside_and_nobody_else_where_a_room_is_free() -> None:
    stands = [stand("a", "e1", 9), stand("b", "e2", 9), stand("c", "e3", 14)]
    made = repair(stands, ROOMS, {"e1": [(at(8), at(12))]}, {})
    assert made == Repair((Change("a", "e1", at(9), "e3", at(9)),), ())
    assert repair(stands, ROOMS, {"e1": [(at(12), at(13))]}, {}) == Repair((), ())


def test_one_gives_way_only_where_nothing_else_is_free() -> None:
    """The large session must have the only large room; the small one in it goes where it fits."""
    stands = [stand("large", "", 9, seats=12), stand("small", "e4", 9), stand("x", "e1", 9), stand("y", "e2", 9)]
    made = repair(stands, ROOMS, {}, {})
    assert made.changes == (Change("small", "e4", at(9), "e3", at(9), "large"), Change("large", "", at(9), "e4", at(9)))
    assert made.others == made.changes[:1]
    pinned = [replace(s, pinned=s.key == "small") for s in stands]
    assert repair(pinned, ROOMS, {}, {}) == Repair((), ("large",))
    later = [stand("large", "", 9, seats=12, off=6), *pinned[1:]]
    assert repair(later, ROOMS, {}, {}).changes == (Change("large", "", at(9), "e4", at(11.5)),)


def test_an_overrun_puts_the_next_into_another_room_or_later() -> None:
    running = stand("running", "e1", 9, 4, pinned=True)
    following = stand("next", "e1", 12, off=4)
    assert repair([running, following], ROOMS, {}, {}).changes == (Change("next", "e1", at(12), "e2", at(12)),)
    full = [stand(room, room, 10, 6, pinned=True) for room in ("e2", "e3", "e4")]
    assert repair([running, following, *full], ROOMS, {}, {}).changes == (Change("next", "e1", at(12), "e1", at(13.5)),)


def test_who_is_asked_for_a_room_keeps_nobody_out_of_it() -> None:
    held, asked = stand("b", "e1", 9), stand("a", "e1", 9, waiting=True)
    assert repair([asked], ROOMS, {}, {}) == Repair((), ())
    assert repair([asked, held], ROOMS, {}, {}).changes == (Change("a", "e1", at(9), "e2", at(9)),)
    assert repair([replace(asked, pinned=True), held], ROOMS, {}, {}) == Repair((), ("a",))


def test_no_more_than_three_others_give_way_for_all_together() -> None:
    stands = [stand(f"large{n}", "", 9, seats=12) for n in range(2)] + [stand("s", "e4", 9)]
    made = repair(stands, ROOMS, {}, {})
    assert len(made.others) == 1 and made.stuck == ("large1",)


several = st.lists(st.builds(
    lambda n, room, quarter, length, seats, off, green, pinned: stand(f"{n:03}", room, 8 + quarter / 4, length / 2, seats, off, green=green, pinned=pinned and bool(room)),
    st.integers(0, 999), st.sampled_from(("", "e1", "e2", "e3", "e4", "e4")), st.integers(0, 32), st.integers(1, 6), st.sampled_from((7, 7, 12)),
    st.integers(0, 5), st.booleans(), st.integers(0, 5).map(lambda n: n == 0)), max_size=14, unique_by=lambda s: s.key)


@settings(max_examples=80, deadline=None)
@given(several, st.sampled_from(ROOMS), st.integers(8, 16))
def test_every_change_finds_its_room_free(drawn: list[Stand], closed: Space, hour: int) -> None:
    stands: list[Stand] = []
    for one in drawn:  # published bookings fit and do not collide; the closure may hit anybody who is not pinned
        fits = not one.room or (one.request.seats <= 9 or one.room == "e4") and one.end <= at(18)
        if fits and not any(s.room == one.room != "" and s.request.earliest < one.end + BUFFER and one.request.earliest < s.end + BUFFER for s in stands):
            stands.append(one)
    taken = {closed.id: [(at(hour), at(hour + 2))]}
    stands = [s for s in stands if not (s.pinned and s.room == closed.id)]
    made = repair(stands, ROOMS, taken, {})
    by_key = {s.key: s for s in stands}
    where = apply(stands, made, taken)
    assert len(made.others) <= OTHERS and len({c.key for c in made.changes}) == len(made.changes)
    assert all(not by_key[c.key].pinned for c in made.changes) and all(c.to_start == c.start for c in made.others)
    assert made == repair(list(reversed(stands)), ROOMS, taken, {})
    for key, (room, start, end) in where.items():
        assert key in made.stuck or not any(a < end and start < b for a, b in taken.get(room, []))
