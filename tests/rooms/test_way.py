"""The green channel's priority: whoever holds a slot is asked, with another one offered, and nothing moves without consent."""
from typing import Any

import pytest
from sqlalchemy import select

from kernel.command import Actor
from kernel.errors import NotYours, Refused
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import HOUR, MINUTE
from rooms.ask_way import AskWay, ask_way
from rooms.block import Block, block
from rooms.book import Book, Slot, book
from rooms.give_way import GiveWay, give_way
from rooms.hold import Hold, hold
from rooms.records import Booking, Way
from rooms.wait import Wait, wait
from tests.web.pages import reader
from tests.worlds.rooms import forward, house_of, organisation
from trading.projects.records import Project


class Green:
    """An agency's evaluation stands in a room of two; a green tender of another agency asks for the same room and time."""

    def __init__(self, centre: Any) -> None:
        self.house, self.centre = house_of(centre), centre
        self.other = organisation(centre, "另一代理机构", is_agent=1)
        self.holder = self.booked(self.house.project(title="普通项目"), self.house.agent)
        self.asker = self.booked(self.house.project(title="绿色项目", green="key_project"), self.other)

    def booked(self, project: Project, agent: Actor) -> Booking:
        self.change(Project, project.id, agent=agent.org)
        at = self.house.at
        slots = (Slot(kind="opening", start=at(6), end=at(7), seats=9, reason="延时服务"),
                 Slot(kind="evaluation", start=at(9), end=at(12), seats=20, room=self.house.room("evaluation", 14).id))
        made = book(self.centre, agent, Book(project=project.id, slots=slots))
        settle(self.centre)
        return self.house.booking(made[1].id)

    def change(self, table: Any, id: str, **columns: Any) -> None:
        with self.centre.database.writing() as session:
            row = session.get_one(table, id)
            for name, value in columns.items():
                setattr(row, name, value)
            session.commit()

    def ask(self) -> Way:
        made: Way = ask_way(self.centre, self.other, AskWay(booking=self.asker.id))
        settle(self.centre)
        return made

    def answer(self, way: Way, agree: bool, who: Actor | None = None) -> Booking:
        made: Booking = give_way(self.centre, who or self.house.agent, GiveWay(booking=self.holder.id, way=way.id, agree=agree))
        settle(self.centre)
        return made

    def told(self, reader: Actor) -> list[Message]:
        with self.centre.reading() as session:
            return list(session.scalars(select(Message).where(Message.reader == reader.id, Message.subject_zh.in_(("绿色通道项目请您让出时段", "让出请求已答复")))))


@pytest.fixture
def green(centre: Any) -> Green:
    return Green(centre)


def rule(act: Any, *args: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reason.rule


def test_who_agrees_moves_and_the_slot_is_kept_for_who_asked(green: Green) -> None:
    house, centre = green.house, green.centre
    assert (green.holder.stage, green.asker.stage) == ("held", "asked")
    waits = wait(centre, house.agent, Wait(booking=green.booked(house.project(), house.agent).id))
    way = green.ask()
    (message,) = green.told(house.agent)
    assert "评标十五室" in message.body_zh and "绿色项目" not in message.body_zh and "另一代理" not in message.body_zh
    for stranger in (green.other, house.manager):
        with pytest.raises(NotYours):
            green.answer(way, True, stranger)
    assert house.booking(green.holder.id).room == green.holder.room, "asking moves nothing"
    moved = green.answer(way, True)
    assert (moved.room, moved.from_ms, moved.stage) == (house.room("evaluation", 15).id, green.holder.from_ms, "held")
    assert house.booking(green.asker.id).offered and house.booking(waits.id).offered is None
    assert hold(centre, green.other, Hold(booking=green.asker.id)).stage == "held"
    assert rule(give_way, centre, house.agent, GiveWay(booking=green.holder.id, way=way.id, agree=False)) == "asked_in_time"


def test_who_refuses_stays_and_is_not_asked_again(green: Green) -> None:
    way = green.ask()
    stays = green.answer(way, False)
    assert (stays.room, stays.from_ms) == (green.holder.room, green.holder.from_ms)
    assert [m.subject_zh for m in green.told(green.other)] == ["让出请求已答复"] and green.house.booking(green.asker.id).offered is None
    assert rule(ask_way, green.centre, green.other, AskWay(booking=green.asker.id)) == "one_who_can_give_way"


def test_silence_is_no_consent(green: Green) -> None:
    way = green.ask()
    forward(green.centre, way.until + MINUTE)
    assert rule(green.answer, way, True) == "asked_in_time"
    assert green.house.booking(green.holder.id).room == green.holder.room


@pytest.mark.parametrize("fault, expected", [
    ("plain", "green_channel"), ("both green", "one_who_can_give_way"), ("suspended", "one_who_can_give_way"), ("used", "one_who_can_give_way"),
    ("near", "one_who_can_give_way"), ("nothing else", "other_slot_offered")])
def test_only_a_weaker_session_for_which_another_slot_is_free_is_asked(green: Green, fault: str, expected: str) -> None:
    house = green.house
    if fault == "plain":
        green.change(Project, green.asker.project, green="")
    elif fault == "both green":
        green.change(Project, green.holder.project, green="key_work")
    elif fault == "suspended":
        green.change(Project, green.holder.project, suspended="regulator")
    elif fault == "used":
        green.change(Booking, green.holder.id, stage="used", taken=1)
    elif fault == "near":
        forward(green.centre, house.at(7, 30))
    else:
        green.change(Project, green.holder.project, deadline=house.at(6), evaluation_at=house.at(9))
        block(green.centre, house.manager, Block(room=house.room("evaluation", 15).id, start=house.at(7), end=house.at(18), reason="检修"))
    assert rule(ask_way, green.centre, green.other, AskWay(booking=green.asker.id)) == expected


def test_an_answer_whose_slot_is_gone_moves_nothing(green: Green) -> None:
    house, way = green.house, green.ask()
    block(green.centre, house.manager, Block(room=way.room, start=house.at(8), end=house.at(18), reason="检修"))
    assert rule(green.answer, way, True) == "room_not_blocked"
    assert green.answer(way, False).room == green.holder.room


def test_both_sides_do_it_on_their_pages(green: Green) -> None:
    path, theirs = f"/rooms/bookings/{green.holder.id}", f"/rooms/bookings/{green.asker.id}"
    with reader(green.centre) as page:
        assert "请求让出" in page.sign_in(green.centre, green.other.id).get(theirs).text
        assert page.send("/do/rooms.ask_way", theirs, booking=green.asker.id, _next=theirs).status_code == 303
        shown = page.get(theirs).text
        assert "已请占用者让出" in shown and "普通项目" not in shown
        page.sign_in(green.centre, green.house.agent.id)
        assert "答复让出请求" in page.get("/desk").text
        shown = page.get(path).text
        assert "绿色通道项目请您让出本时段" in shown and "评标十五室" in shown and "绿色项目" not in shown
        with green.centre.reading() as session:
            way = session.scalars(select(Way)).one()
        assert page.send("/do/rooms.give_way", path, booking=green.holder.id, way=way.id, agree="yes", _next=path).status_code == 303
        settle(green.centre)
        assert "评标十五室" in page.get(path).text and "请您让出" not in page.get(path).text
        assert "答复让出请求" not in page.get("/desk").text
        page.sign_in(green.centre, green.other.id)
        assert "锁定为您保留的场地" in page.get("/desk").text and "时段已为您保留至" in page.get(theirs).text
    assert 0 < (green.house.booking(green.asker.id).offered or 0) - green.centre.now() <= 2 * HOUR
