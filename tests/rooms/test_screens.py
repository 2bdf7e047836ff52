"""Screens show finished text that was entered as shown, follow what happens, and go dark when their time is over."""
import json
from typing import Any

import pytest
from sqlalchemy import select

import rooms.screens
from kernel.canonical import canon, sha256
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused
from kernel.ledger.entries import Entry
from kernel.ticker import settle
from kernel.values import DAY, HOUR, MINUTE, instant
from rooms.book import Slot, book
from rooms.overrule import Overrule, overrule
from rooms.records import Frame
from rooms.release import Release, release
from rooms.screen_reads import masked, shown_door, shown_wall
from rooms.show import Show, show
from rooms.take import Take, take
from tests.world import staff
from tests.worlds.rooms import House, forward, house_of
from trading.projects.records import Project

TITLE = "示例公开标题"


@pytest.fixture
def house(centre: Any) -> Any:
    """A published tender with an opening at nine and an evaluation at eleven, both held."""
    house: Any = house_of(centre)
    project = house.project(True, TITLE, stage="inviting")
    house.opening, house.evaluation = book(centre, house.agent, house.chain(project, evaluation=house.room("evaluation").id))
    house.tender = project
    settle(centre)
    return house


def entries(house: House) -> list[dict[str, Any]]:
    with house.centre.reading() as session:
        return [json.loads(entry.payload)["body"] for entry in session.scalars(select(Entry).where(Entry.tag == "rooms.show").order_by(Entry.number))]


def wall(house: House) -> tuple[list[str], int]:
    with house.centre.reading() as session:
        rows, over = shown_wall(session, house.centre.clock.now(session))
    return [row.words.zh for row in rows], over


def door(house: House, room: str) -> Any:
    with house.centre.reading() as session:
        return shown_door(session, room, house.centre.clock.now(session))


def test_an_opening_stands_on_its_screens_for_its_day_and_in_the_ledger(house: Any) -> None:
    assert wall(house) == ([], 0) and entries(house) == []
    forward(house.centre, instant(house.day) + MINUTE)
    assert wall(house) == ([], 0)  # nothing is shown that was not entered
    settle(house.centre)
    assert wall(house) == ([TITLE], 0)
    screen = door(house, house.opening.room)
    assert screen.words is None and [words.zh for _, words in screen.following] == [TITLE]
    with house.centre.reading() as session:
        frames = {frame.place: frame for frame in session.scalars(select(Frame))}
    assert set(frames) == {"wall", house.opening.room}
    assert entries(house) == [{"screen": place, "text": sha256(canon(frames[place].text)).hex()} for place in sorted(frames)]

    forward(house.centre, house.opening.from_ms)
    take(house.centre, house.guard, Take(booking=house.opening.id))
    settle(house.centre)
    assert door(house, house.opening.room).words.zh == TITLE
    forward(house.centre, house.opening.to_ms)
    assert door(house, house.opening.room).words is None and wall(house) == ([], 0)  # dark by itself, before any timer
    before = len(entries(house))
    settle(house.centre)
    assert wall(house) == ([], 1) and len(entries(house)) == before + 1  # the hall says one is over; the door stays dark
    forward(house.centre, house.opening.to_ms + DAY)
    settle(house.centre)
    assert wall(house) == ([], 0) and len(entries(house)) == before + 1


def test_a_screen_follows_acts_within_the_day(house: Any) -> None:
    forward(house.centre, house.at(8))
    settle(house.centre)
    assert wall(house) == ([TITLE], 0)
    one, two = house.manager, staff(house.centre, "room_manager")
    slot = Slot(kind="opening", start=house.at(14), end=house.at(15), seats=20, room=house.room("opening", 5).id)
    cmd = Overrule(booking=house.opening.id, reason="设备检修", offer=slot)
    for person in (one, two):
        overrule(house.centre, person, cmd)
    settle(house.centre)
    assert wall(house) == ([], 0) and not door(house, house.opening.room).following


def test_an_evaluation_shows_its_code_while_it_evaluates_and_its_entry_stays_closed(house: Any) -> None:
    forward(house.centre, house.evaluation.from_ms)
    take(house.centre, house.guard, Take(booking=house.evaluation.id))
    settle(house.centre)
    assert door(house, house.evaluation.room).words is None  # taken, and not evaluating yet
    with house.centre.database.writing() as session:
        session.get_one(Project, house.tender.id).stage = "evaluating"
        session.commit()
    rooms.screens.refresh(house.centre, house.evaluation.room)
    assert door(house, house.evaluation.room).words.zh == f"使用中 {house.booking(house.evaluation.id).code}"
    with house.centre.reading() as session:
        assert {entry.opens for entry in session.scalars(select(Entry).where(Entry.tag == "rooms.show"))} == {"never"}
    forward(house.centre, house.evaluation.to_ms + MINUTE)
    release(house.centre, SYSTEM, Release(booking=house.evaluation.id))
    settle(house.centre)
    assert door(house, house.evaluation.room).words is None


def test_only_the_masked_text_is_shown_and_only_by_the_system(house: Any) -> None:
    forward(house.centre, house.at(8))
    with house.centre.reading() as session:
        text, until = masked(session, "wall", house.centre.clock.now(session))
    assert until == house.opening.to_ms
    good = Show(place="wall", digest=sha256(canon(text)).hex())
    with pytest.raises(Refused) as refused:
        show(house.centre, SYSTEM, good.model_copy(update={"digest": sha256(canon(text | {"over": 3})).hex()}))
    assert refused.value.reason.rule == "text_from_masked_view"
    with pytest.raises(NotYours):
        show(house.centre, house.manager, good)
    with pytest.raises(NotYours):
        show(house.centre, SYSTEM, good.model_copy(update={"place": "nowhere"}))
    frame = show(house.centre, SYSTEM, good)
    assert frame.text == text and frame.until - house.at(8) == 2 * HOUR
