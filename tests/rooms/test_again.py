"""Another evaluation of a tender is held in another room than the first: by what is chosen, offered, held and planned."""
from typing import Any

import pytest

from kernel.command import SYSTEM
from kernel.errors import Refused
from rooms.book import Book, Slot, book
from rooms.hold import Hold, hold
from rooms.move import Move, move
from rooms.proposal import proposed
from rooms.records import Booking
from rooms.taken import nearest_free
from tests.rooms.test_apart import change
from tests.worlds.rooms import House, house_of
from trading.projects.records import Project

FIRST, OTHER = 1, 2
HOURS = 3_600_000


@pytest.fixture
def house(centre: Any) -> House:
    return house_of(centre)


def evaluated(house: House, stage: str = "reported") -> Project:
    """A tender that was evaluated in the first room, long enough ago that the room is clean."""
    project = house.project()
    opening, evaluation = book(house.centre, house.agent, house.chain(project, evaluation=house.room("evaluation", FIRST).id))
    for booking in (opening, evaluation):
        hold(house.centre, SYSTEM, Hold(booking=booking.id))
        earlier = {name: getattr(booking, name) - 48 * HOURS for name in ("from_ms", "to_ms", "busy_from", "busy_to")}
        change(house.centre, Booking, booking.id, stage="released", taken=earlier["from_ms"], freed=earlier["to_ms"], **earlier)
    change(house.centre, Project, project.id, stage=stage)
    return project


def asked(house: House, project: Project, room: int | None) -> Booking:
    slot = Slot(kind="evaluation", start=house.at(9), end=house.at(12), seats=7, room=house.room("evaluation", room).id if room else "")
    (booking,) = book(house.centre, house.agent, Book(project=project.id, slots=(slot,)))
    return booking


@pytest.mark.parametrize(("room", "rule"), [(FIRST, "another_room_again"), (OTHER, "")])
def test_another_evaluation_is_held_in_another_room(house: House, room: int, rule: str) -> None:
    booking = asked(house, evaluated(house), room)
    if not rule:
        assert hold(house.centre, SYSTEM, Hold(booking=booking.id)).stage == "held"
        return
    with pytest.raises(Refused) as refused:
        hold(house.centre, SYSTEM, Hold(booking=booking.id))
    assert refused.value.reason.rule == rule and refused.value.reason.needed is not None


def test_nobody_else_is_kept_out_of_the_room(house: House) -> None:
    evaluated(house)
    project = house.project()
    _, other = book(house.centre, house.agent, house.chain(project, evaluation=house.room("evaluation", FIRST).id))
    assert hold(house.centre, SYSTEM, Hold(booking=other.id)).stage == "held"


@pytest.mark.parametrize(("stage", "first"), [("reported", False), ("evaluating", True)])
def test_the_house_offers_another_room_once_the_report_is_written(house: House, stage: str, first: bool) -> None:
    project = evaluated(house, stage)
    with house.centre.reading() as session:
        free = nearest_free(session, "evaluation", 7, house.at(9), 3 * HOURS, 500, now=house.centre.now(), project=project.id)
    assert (house.room("evaluation", FIRST).id in {slot.room for slot in free}) is first


def test_the_house_chooses_another_room_and_nobody_moves_it_back(house: House) -> None:
    project = evaluated(house)
    booking = asked(house, project, None)
    first = house.room("evaluation", FIRST).id
    assert booking.room != first
    hold(house.centre, SYSTEM, Hold(booking=booking.id))
    back = Slot(kind="evaluation", start=house.at(9), end=house.at(12), seats=7, room=first)
    with pytest.raises(Refused) as refused:
        move(house.centre, house.manager, Move(booking=booking.id, to=back))
    assert refused.value.reason.rule == "another_room_again"


def test_a_plan_takes_another_evaluation_elsewhere(house: House) -> None:
    again = asked(house, evaluated(house), FIRST)
    with house.centre.reading() as session:
        plan = proposed(session, house.manager, house.day, house.day, house.centre.now())
    (row,) = [row for row in plan.rows if row.booking == again.id]
    assert row.to_id != house.room("evaluation", FIRST).id and not plan.stuck
