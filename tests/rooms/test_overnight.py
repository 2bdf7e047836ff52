"""An evaluation that goes on for days keeps its room over the nights between."""
from datetime import date
from typing import Any

import pytest

from kernel.command import SYSTEM
from kernel.errors import Refused
from kernel.values import DAY, HOUR, day_of, instant
from law.periods import working_day
from rooms.book import Book, Slot, book
from rooms.hold import Hold, hold
from rooms.plan import LOOK_AHEAD_DAYS, Request, Space, earliest, inside_hours
from rooms.reads import utilisation
from rooms.records import Booking
from rooms.use import use
from tests.web.pages import reader
from tests.worlds.rooms import House, house_of

WEEK = {day: (8 * 60, 18 * 60) for day in range(1, 6)}


@pytest.fixture
def house(centre: Any) -> House:
    return house_of(centre)


def asked(house: House, start: int, end: int, kind: str = "evaluation", reason: str = "") -> Booking:
    room = house.room(kind, 1).id
    slots = {"opening": Slot(kind="opening", start=house.at(8), end=house.at(9), seats=9, room=house.room("opening", 2).id),
             "evaluation": Slot(kind="evaluation", start=house.at(20), end=house.at(21), seats=7, reason="延时服务")}
    slots[kind] = Slot(kind=kind, start=start, end=end, seats=7, room=room, reason=reason)
    made: tuple[Booking, ...] = book(house.centre, house.agent, Book(project=house.project().id, slots=tuple(slots.values())))
    return next(one for one in made if one.kind == kind)


def rule(act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return refused.value.reason.rule


def next_working(house: House) -> int:
    """Days from the house's day to the next working one."""
    return next(n for n in range(1, 9) if working_day(day_of(house.at(0) + n * DAY), {}))


def test_a_session_of_two_days_keeps_its_room_through_the_night(house: House) -> None:
    over = next_working(house) * DAY
    long = asked(house, house.at(9), house.at(12) + over)
    assert hold(house.centre, SYSTEM, Hold(booking=long.id)).stage == "held"
    evening = asked(house, house.at(20), house.at(21), reason="延时服务")
    assert rule(hold, house.centre, SYSTEM, Hold(booking=evening.id)) == "slot_free"
    after = asked(house, house.at(12, 30) + over, house.at(14) + over)
    assert hold(house.centre, SYSTEM, Hold(booking=after.id)).stage == "held"
    with reader(house.centre) as page:
        page.sign_in(house.centre, house.agent.id)
        for day in (house.day, day_of(house.at(0) + over)):
            assert 'class="evaluation overnight"' in page.get(f"/rooms?day={day}").text
        assert "隔夜封存" in page.get(f"/rooms/bookings/{long.id}").text


def test_the_night_is_no_use_of_the_room(house: House) -> None:
    over = next_working(house)
    long = asked(house, house.at(9), house.at(12) + over * DAY)
    hold(house.centre, SYSTEM, Hold(booking=long.id))
    first, last = house.day, day_of(house.at(0) + over * DAY)
    with house.centre.reading() as session:
        now = house.centre.clock.now(session)
        row = next(one for one in use(session, house.manager, first, last, now) if one.kind == "evaluation" and one.used)
        assert (row.sessions, row.used, row.late) == (1, (18 - 9 + 12 - 8) * 60, 0)
        assert [utilisation(session, house.manager, day, now)[1].used_minutes for day in (first, last)] == [9 * 60, 4 * 60]


def test_it_begins_and_ends_within_hours_and_not_for_ever_and_no_opening_does(house: House) -> None:
    over = next_working(house) * DAY
    assert rule(asked, house, house.at(9), house.at(19) + over) == "within_advance_limit"
    assert rule(asked, house, house.at(9), house.at(9) + 14 * DAY) == "within_advance_limit"
    assert rule(asked, house, house.at(9), house.at(12) + over, kind="opening") == "within_advance_limit"
    assert asked(house, house.at(9), house.at(18) + over).stage == "asked"


def test_the_nearest_free_start_keeps_its_hour() -> None:
    """Wished from Tuesday 9 to Wednesday 12; somebody has Wednesday. Thursday to Friday is the next, and Friday to Saturday none."""
    monday = instant(date(2026, 12, 7))
    space = Space("r", "evaluation", 9, WEEK, (360, 1440), 30 * 60_000)
    wish = Request("w", "evaluation", 9, monday + DAY + 9 * HOUR, monday + LOOK_AHEAD_DAYS * DAY, DAY + 3 * HOUR)
    assert day_of(monday).isoweekday() == 1 and earliest(space, [], wish, {}) == wish.earliest
    assert earliest(space, [(monday + 2 * DAY + 9 * HOUR, monday + 2 * DAY + 10 * HOUR)], wish, {}) == monday + 3 * DAY + 9 * HOUR
    assert not inside_hours(space, monday + 4 * DAY + 9 * HOUR, monday + 5 * DAY + 12 * HOUR, {}, False)
