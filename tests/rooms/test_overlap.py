"""The database itself keeps bookings apart: under forty threads, and against rows that no act has made."""
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from kernel.command import SYSTEM
from kernel.errors import Refused
from kernel.values import HOUR, MINUTE, new_id
from rooms.book import Book, Slot, book
from rooms.hold import Hold, hold
from rooms.overlap import fallback
from rooms.records import STANDING, Booking
from tests.world import found_test_centre
from tests.worlds.rooms import House, house_of


@pytest.fixture
def house(centre):  # type: ignore[no-untyped-def]
    return house_of(centre)


def row(house, project: str, start: int, end: int, **columns) -> Booking:  # type: ignore[no-untyped-def]
    values = {"room": house.room("opening").id, "stage": "held"} | columns
    return Booking(id=new_id(), project=project, kind="opening", code="0000", from_ms=start, to_ms=end, busy_from=start, busy_to=end,
                   seats=1, booked_by=house.agent.id, asked=0, **values)


def put(house, *rows: Booking) -> None:  # type: ignore[no-untyped-def]
    with house.centre.database.writing() as session:
        session.add_all(rows)
        session.commit()


def refused_by_the_database(house) -> None:  # type: ignore[no-untyped-def]
    """One row stands; what overlaps it is refused, what differs in one thing is not."""
    project, nine, ten = house.project().id, house.at(9), house.at(10)
    put(house, row(house, project, nine, ten))
    for start, end in ((nine, ten), (nine - HOUR, nine + 1), (ten - 1, ten + HOUR), (nine + 1, ten - 1)):
        with pytest.raises(IntegrityError, match="no_overlap"):
            put(house, row(house, project, start, end))
    put(house, row(house, project, ten, ten + HOUR), row(house, project, nine - HOUR, nine))
    put(house, row(house, project, nine, ten, room=house.room("opening", 2).id))
    asked = row(house, project, nine, ten, stage="asked")
    put(house, asked)
    with pytest.raises(IntegrityError, match="no_overlap"), house.centre.database.writing() as session:
        session.get_one(Booking, asked.id).stage = "used"
        session.commit()


def test_rows_of_one_room_never_overlap(house) -> None:  # type: ignore[no-untyped-def]
    refused_by_the_database(house)


def test_the_trigger_for_a_postgresql_without_btree_gist_does_the_same(postgres, tmp_path) -> None:  # type: ignore[no-untyped-def]
    centre = found_test_centre(tmp_path / "home", postgres.url("without_gist"))
    with centre.database.writing() as session:
        session.execute(text("alter table booking drop constraint no_overlap"))
        session.execute(text(fallback("booking", "no_overlap", "room", STANDING)))
        session.commit()
    refused_by_the_database(House(centre))
    centre.close()


def test_forty_threads_want_one_room(house) -> None:  # type: ignore[no-untyped-def]
    """Twenty slots of half an hour, 27 minutes apart and with fifteen of cleaning, each wanted twice."""
    room, asked = house.room("opening").id, []
    for n in range(40):
        start = house.at(8) + (n % 20) * 27 * MINUTE
        slot = Slot(kind="opening", start=start, end=start + 30 * MINUTE, seats=9, room=room)
        evaluation = Slot(kind="evaluation", start=house.at(20), end=house.at(21), seats=7, reason="延时服务")
        asked.append(book(house.centre, house.agent, Book(project=house.project().id, slots=(slot, evaluation)))[0])

    def attempt(one: Booking) -> str | None:
        try:
            hold(house.centre, SYSTEM, Hold(booking=one.id))
        except Refused as refusal:
            return refusal.reason.rule
        return None

    with ThreadPoolExecutor(40) as pool:
        outcome = dict(zip((b.id for b in asked), pool.map(attempt, asked), strict=True))
    assert set(outcome.values()) - {"buffer_kept"} == {None, "slot_free"}
    with house.centre.reading() as session:
        rows = list(session.scalars(select(Booking).where(Booking.room == room).order_by(Booking.busy_from)))
    held = [b for b in rows if b.stage == "held"]
    assert {b.id for b in held} == {id for id, rule in outcome.items() if rule is None}
    assert all(a.busy_to <= b.busy_from for a, b in pairwise(held))
    for lost in (b for b in rows if b.stage != "held"):  # nobody was turned away from a free slot
        assert any(lost.busy_from < b.busy_to and b.busy_from < lost.busy_to for b in held)


def test_when_the_guard_is_passed_by_the_database_still_refuses_politely(house, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Two transactions that both saw a free room: the later one hears of free slots, not of an error of ours."""
    room = house.room("opening").id
    first = book(house.centre, house.agent, house.chain(house.project(), room=room))[0]
    second = book(house.centre, house.agent, house.chain(house.project(), room=room))[0]
    hold(house.centre, SYSTEM, Hold(booking=first.id))
    import rooms.desk

    monkeypatch.setattr(rooms.line, "sessions_of", lambda *_, **__: [])
    with pytest.raises(Refused) as refused:
        hold(house.centre, SYSTEM, Hold(booking=second.id))
    assert refused.value.reason.rule == "slot_free" and len(refused.value.reason.values["alternatives"]) == 3
    assert house.booking(second.id).stage == "asked"
