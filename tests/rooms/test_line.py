"""Waiting in line: who came first is asked first, the slot is kept for him and nobody passes him; who lets it go makes room for the next."""
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import HOUR, MINUTE
from rooms.book import Book, Slot, book
from rooms.hold import Hold, hold
from rooms.move import Move, move
from rooms.offer import Offer, offer
from rooms.reactions import offer_in_order
from rooms.records import Booking
from rooms.release import Release, release
from rooms.wait import Wait, wait
from tests.worlds.rooms import House, forward, house_of, organisation
from trading.projects.records import Project


@pytest.fixture
def house(centre: Any) -> House:
    return house_of(centre)


def rule(act: Any, *args: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reason.rule


def asked(house: House, start: int = 9, end: int = 10, room: int = 1) -> Booking:
    """An opening somebody asked for in a room of their choice; not held yet."""
    slots = (Slot(kind="opening", start=house.at(start), end=house.at(end), seats=9, room=house.room("opening", room).id),
             Slot(kind="evaluation", start=house.at(20), end=house.at(21), seats=7, reason="延时服务"))
    made: tuple[Booking, ...] = book(house.centre, house.agent, Book(project=house.project().id, slots=slots))
    return made[0]


def held(house: House, *where: int) -> Booking:
    made: Booking = hold(house.centre, SYSTEM, Hold(booking=asked(house, *where).id))
    return made


def in_line(house: House, *where: int) -> Booking:
    """Asked for, found taken, and waiting."""
    one = asked(house, *where)
    settle(house.centre)
    made: Booking = wait(house.centre, house.agent, Wait(booking=one.id))
    return made


def end(house: House, booking: Booking) -> None:
    with house.centre.database.writing() as session:
        project = session.get_one(Project, booking.project)
        project.stage, project.stopped_at = "terminated", "draft"
        session.commit()
    release(house.centre, SYSTEM, Release(booking=booking.id))


def kept(house: House, *bookings: Booking) -> list[bool]:
    return [bool(house.booking(b.id).offered) for b in bookings]


def told(house: House, subject: str) -> list[Message]:
    with house.centre.reading() as session:
        return list(session.scalars(select(Message).where(Message.subject_zh == subject, Message.reader == house.agent.id)))


def test_only_a_taken_slot_is_waited_for_and_once(house: House) -> None:
    centre, free = house.centre, asked(house, 9, 10, 2)
    assert rule(wait, centre, house.agent, Wait(booking=free.id)) == "slot_taken"
    held(house, 9, 10, 2)
    for stranger in (organisation(centre, "另一代理", is_agent=1), house.manager):
        with pytest.raises(NotYours):
            wait(centre, stranger, Wait(booking=free.id))
    assert wait(centre, house.agent, Wait(booking=free.id)).waits
    with pytest.raises(Stale):
        wait(centre, house.agent, Wait(booking=free.id))


def test_the_first_in_line_is_asked_first_and_nobody_passes_him(house: House) -> None:
    centre, standing = house.centre, held(house)
    first, second, idle = in_line(house), in_line(house), asked(house)
    settle(centre)
    assert rule(offer, centre, SYSTEM, Offer(booking=first.id)) == "slot_came_free"
    end(house, standing)
    for late in (second, idle):
        assert rule(hold, centre, SYSTEM, Hold(booking=late.id)) == "first_in_line"
        assert rule(offer, centre, SYSTEM, Offer(booking=late.id)) == "first_in_line"
    elsewhere = held(house, 9, 10, 3)
    here = Move(booking=elsewhere.id, to=Slot(kind="opening", start=house.at(9), end=house.at(10), seats=9, room=first.room))
    assert rule(move, centre, house.agent, here) == "first_in_line"
    settle(centre)
    assert kept(house, first, second, idle) == [True, False, False]
    for late in (second, idle):
        assert rule(hold, centre, house.agent, Hold(booking=late.id)) == "slot_free"
    assert rule(move, centre, house.agent, here) == "slot_free"
    (message,) = told(house, "您排队等候的场地已空出")
    assert message.link == f"/rooms/bookings/{first.id}" and "示例道路" not in message.subject_zh + message.body_zh
    with pytest.raises(NotYours):
        hold(centre, organisation(centre, "另一代理", is_agent=1), Hold(booking=first.id))
    taken = hold(centre, house.agent, Hold(booking=first.id))
    assert (taken.stage, taken.waits, taken.offered) == ("held", None, None)
    assert rule(hold, centre, house.agent, Hold(booking=second.id)) == "slot_free"


def test_an_offer_that_is_let_go_passes_to_the_next(house: House) -> None:
    centre, standing = house.centre, held(house)
    first, second, third = (in_line(house) for _ in range(3))
    end(house, standing)
    settle(centre)
    until = house.booking(first.id).offered
    assert until is not None and 2 * HOUR - MINUTE < until - centre.now() <= 2 * HOUR
    forward(centre, until - MINUTE)
    settle(centre)
    assert kept(house, second, third) == [False, False]
    forward(centre, until)
    settle(centre)
    assert kept(house, second, third) == [True, False] and len(told(house, "为您保留的时段已转出")) == 1
    assert rule(hold, centre, house.agent, Hold(booking=first.id)) == "slot_free"
    assert wait(centre, house.agent, Wait(booking=first.id)).offered is None
    release(centre, house.agent, Release(booking=second.id))  # declined: nobody has to wait two hours
    settle(centre)
    assert kept(house, third, first) == [True, False]
    with pytest.raises(NotYours):
        release(centre, organisation(centre, "另一代理", is_agent=1), Release(booking=third.id))


def test_who_does_not_need_a_room_gives_it_back_to_the_line(house: House) -> None:
    """Not the room of an opening once the tender is under review."""
    centre, standing = house.centre, held(house)
    first = in_line(house)
    with pytest.raises(NotYours):
        release(centre, organisation(centre, "另一代理", is_agent=1), Release(booking=standing.id))
    assert rule(release, centre, house.manager, Release(booking=standing.id)) == "session_over_or_no_show"
    reviewed(house, standing, "review")
    assert rule(release, centre, house.agent, Release(booking=standing.id)) == "session_over_or_no_show"
    reviewed(house, standing, "draft")
    assert release(centre, house.agent, Release(booking=standing.id)).cause == "given_back"
    settle(centre)
    assert kept(house, first) == [True]


def reviewed(house: House, booking: Booking, stage: str) -> None:
    with house.centre.database.writing() as session:
        session.get_one(Project, booking.project).stage = stage
        session.commit()


def test_a_slot_is_kept_no_longer_than_to_its_start_and_whoever_moves_leaves_the_line(house: House) -> None:
    centre, standing = house.centre, held(house)
    first, second = in_line(house), in_line(house)
    to = Slot(kind="opening", start=house.at(14), end=house.at(15), seats=9, room=first.room)
    assert move(centre, house.agent, Move(booking=first.id, to=to)).waits is None
    forward(centre, house.at(8))
    end(house, standing)
    settle(centre)
    assert house.booking(second.id).offered == house.at(9)


def test_a_suspended_tender_keeps_nobody_waiting(house: House) -> None:
    centre, standing = house.centre, held(house)
    first, second = in_line(house), in_line(house)
    with centre.database.writing() as session:
        session.get_one(Project, first.project).suspended = "regulator"
        session.commit()
    end(house, standing)
    settle(centre)
    assert kept(house, first, second) == [False, True]


def at_once(*calls: Any) -> list[Any]:
    def tried(call: Any) -> Any:
        try:
            return call()
        except (Refused, Stale) as error:
            return type(error).__name__

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(tried, calls))


def test_one_slot_and_two_who_wait(house: House) -> None:
    """Both are asked at once, many times over: one keeps it. The second's slot reaches into the first's."""
    centre, standing = house.centre, held(house, 9, 11)
    first, second = in_line(house, 9, 10), in_line(house, 9, 11)
    end(house, standing)
    at_once(*[lambda one=one: offer(centre, SYSTEM, Offer(booking=one.id)) for one in (second, first) * 4])
    assert kept(house, first, second) == [True, False]


def test_two_slots_and_one_who_waits_for_both(house: House) -> None:
    centre = house.centre
    standing = [held(house, 9, 10), held(house, 11, 12)]
    waiting, later = in_line(house, 9, 12), in_line(house, 11, 12)
    end(house, standing[0])
    settle(centre)
    assert kept(house, waiting, later) == [False, False], "half a slot is none"
    end(house, standing[1])
    at_once(*[lambda: offer_in_order(centre)] * 4, lambda: hold(centre, house.agent, Hold(booking=later.id)))
    assert kept(house, waiting, later) == [True, False] and house.booking(later.id).stage == "asked"
    taken = at_once(*[lambda: hold(centre, Actor("person", house.agent.id, house.agent.org), Hold(booking=waiting.id)).stage] * 2, lambda: hold(centre, house.agent, Hold(booking=later.id)))
    assert house.booking(waiting.id).stage == "held" and taken.count("held") == 1
