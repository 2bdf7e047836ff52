"""Tenders that are kept apart never use one corridor at the same time, and nobody learns of a stranger's session by it."""
from typing import Any

import pytest
from sqlalchemy import select

import rooms.reactions  # noqa: F401
from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Refused
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import HOUR
from rooms import apart_reads
from rooms.book import Slot, book
from rooms.hold import Hold, hold
from rooms.keep_apart import KeepApart, keep_apart
from rooms.move import Move, move
from rooms.overrun import Overrun, overrun
from rooms.proposal import proposed
from rooms.records import Booking
from rooms.release import Release, release
from tests.web.pages import reader
from tests.worlds.rooms import House, forward, house_of, organisation
from trading.projects.records import Project

EAST, NEXT_DOOR, WEST, ABOVE = 1, 2, 5, 9  # evaluation rooms: one corridor, the same, the other of the floor, the east one above


@pytest.fixture
def house(centre: Any) -> House:
    return house_of(centre)


def session(house: House, number: int, hour: int = 9, project: Project | None = None) -> Booking:
    """An evaluation from two hours after `hour` on, asked for; its opening is held in a room of its own."""
    project = project or house.project()
    rooms = {"room": house.room("opening", number if number < 13 else 1).id, "evaluation": house.room("evaluation", number).id}
    opening, evaluation = book(house.centre, house.agent, house.chain(project, hour=hour, **rooms))
    hold(house.centre, SYSTEM, Hold(booking=opening.id))
    return evaluation


def held(house: House, booking: Booking) -> Booking:
    made: Booking = hold(house.centre, SYSTEM, Hold(booking=booking.id))
    return made


def change(centre: Any, table: Any, id: str, **columns: Any) -> None:
    with centre.database.writing() as db:
        row = db.get_one(table, id)
        for name, value in columns.items():
            setattr(row, name, value)
        db.commit()


def apart(house: House, one: Booking, two: Booking | Project, who: Actor | None = None, **changes: Any) -> None:
    other = two.project if isinstance(two, Booking) else two.id
    keep_apart(house.centre, who or house.agent, KeepApart(**({"booking": one.id, "other": other, "reason": "投标人相互竞争"} | changes)))


def refusal(act: Any, *given: Any, **more: Any) -> Any:
    with pytest.raises(Refused) as refused:
        act(*given, **more)
    return refused.value.reason


@pytest.mark.parametrize(("number", "hour", "expected"), [(NEXT_DOOR, 9, "kept_apart"), (WEST, 9, ""), (ABOVE, 9, ""), (NEXT_DOOR, 12, "kept_apart"), (NEXT_DOOR, 13, "")])
def test_the_second_goes_to_another_corridor_or_another_time(house: House, number: int, hour: int, expected: str) -> None:
    """The first ends at 14:00 and its room is cleaned until 14:30; of the hours only the start at 14:00 meets that."""
    first, second = held(house, session(house, EAST)), session(house, number, hour)
    apart(house, second, first)
    if not expected:
        assert held(house, second).stage == "held"
        return
    reason = refusal(held, house, second)
    assert reason.rule == expected
    wings = {house.room("evaluation", n).id: house.room("evaluation", n).wing + str(house.room("evaluation", n).floor) for n in range(1, 16)}
    offered = [(slot["room"], slot["start"]) for slot in reason.values["alternatives"]]
    assert offered and all(wings[room] != wings[first.room] or not first.busy_from < start + 3 * HOUR + 30 * 60_000 or start >= first.busy_to
                           for room, start in offered)
    room, start = offered[0]
    move(house.centre, house.agent, Move(booking=second.id, to=Slot(kind="evaluation", start=start, end=start + 3 * HOUR, seats=7, room=room)))
    assert held(house, second).stage == "held"


def test_without_the_wish_they_may_be_neighbours_and_again_when_it_is_withdrawn(house: House) -> None:
    first, second, third = held(house, session(house, EAST)), session(house, NEXT_DOOR), session(house, 3)
    assert held(house, second).stage == "held"
    apart(house, third, first)
    assert refusal(held, house, third).rule == "kept_apart"
    apart(house, third, first, apart=False)
    assert held(house, third).stage == "held"


def test_whoever_leaves_the_choice_to_the_house_gets_another_corridor(house: House) -> None:
    first, project = held(house, session(house, EAST)), house.project()
    waiting = session(house, WEST, project=project)
    apart(house, waiting, first)
    release(house.centre, house.agent, Release(booking=waiting.id))
    slot = Slot(kind="evaluation", start=house.at(11), end=house.at(14), seats=7)
    (made,) = book(house.centre, house.agent, house.chain(project).model_copy(update={"slots": (slot,)}))
    assert made.room == house.room("evaluation", WEST).id
    (free,) = book(house.centre, house.agent, house.chain(house.project()).model_copy(update={"slots": (house.slots()[0], slot)}))[1:]
    assert free.room == house.room("evaluation", NEXT_DOOR).id  # the smallest that is free, for anybody else


def test_a_held_session_may_not_move_next_door(house: House) -> None:
    first, second = held(house, session(house, EAST)), held(house, session(house, WEST))
    apart(house, second, first)
    there = Slot(kind="evaluation", start=house.at(11), end=house.at(14), seats=7, room=house.room("evaluation", NEXT_DOOR).id)
    assert refusal(move, house.centre, house.agent, Move(booking=second.id, to=there)).rule == "kept_apart"
    assert refusal(move, house.centre, house.manager, Move(booking=second.id, to=there)).rule == "kept_apart"


def test_what_stands_together_moves_first(house: House) -> None:
    first, second = held(house, session(house, EAST)), held(house, session(house, NEXT_DOOR))
    assert refusal(apart, house, second, first).rule == "stand_apart"
    release(house.centre, house.agent, Release(booking=first.id))
    apart(house, second, first)


@pytest.mark.parametrize(("changes", "expected"), [({}, ""), ({"reason": " "}, "reason_given"), ({"own": True}, "another_tender")])
def test_a_reason_and_another_tender(house: House, changes: dict[str, Any], expected: str) -> None:
    first, second = session(house, EAST), session(house, NEXT_DOOR)
    given = {"other": first.project} if changes == {"own": True} else changes
    if expected:
        assert refusal(apart, house, first, second, **given).rule == expected
    else:
        apart(house, first, second, **given)


def test_only_between_tenders_of_one_agency(house: House) -> None:
    stranger = organisation(house.centre, "另一代理", is_agent=1)
    first, second = session(house, EAST), session(house, NEXT_DOOR)
    with house.centre.database.writing() as db:
        db.get_one(Project, second.project).agent = stranger.org
        db.commit()
    for who, one, two in ((house.agent, first, second), (stranger, second, first), (stranger, first, second), (house.manager, first, second)):
        with pytest.raises(NotYours):
            apart(house, one, two, who)
    with pytest.raises(NotYours):
        apart(house, first, second, other="nowhere")


def test_the_plan_of_the_house_keeps_them_apart(house: House) -> None:
    """Two ask for neighbouring rooms at one time: what the house proposes can be carried out."""
    first, second = session(house, EAST), session(house, NEXT_DOOR)
    apart(house, first, second)
    with house.centre.reading() as db:
        plan = proposed(db, house.manager, house.day, house.day, house.centre.clock.now(db))
        wings = {row.booking: (house.room("evaluation", 1).wing if row.to_id == house.room("evaluation", 1).id else row.to_room.zh) for row in plan.rows}
    assert not plan.stuck and {first.id, second.id} <= set(wings)
    for row in plan.rows:
        if row.moves:
            move(house.centre, house.manager, Move(booking=row.booking, to=Slot(kind="evaluation", start=row.to_start, end=row.to_end, seats=7, room=row.to_id)))
    assert held(house, first).stage == held(house, second).stage == "held"


def needs_longer(house: House, end: int, wish: bool = True, hour: int = 12, number: int = NEXT_DOOR) -> tuple[Booking, Booking]:
    """Two tenders kept apart, one until 13:00 and the other on the same corridor from 14:00 on; at eleven the first is in its room and needs longer."""
    first, second = held(house, session(house, EAST, hour=8)), held(house, session(house, number, hour=hour))
    if wish:
        apart(house, second, first)
    forward(house.centre, house.at(11))
    change(house.centre, Booking, first.id, stage="used", taken=house.at(10))
    inside = Actor("person", house.agent.id, house.agent.org, channel="area")
    overrun(house.centre, inside, Overrun(booking=first.id, end=end))
    settle(house.centre)
    return house.booking(first.id), house.booking(second.id)


def told(house: House) -> dict[str, str]:
    with house.centre.reading() as db:
        return {one.reader: one.body_zh for one in db.scalars(select(Message).where(Message.subject_zh == "须分区的场次同在一条通道"))}


@pytest.mark.parametrize(("minutes", "wish", "number", "meets"), [(15, True, NEXT_DOOR, False), (60, True, NEXT_DOOR, True), (60, False, NEXT_DOOR, False), (60, True, WEST, False)])
def test_an_overrun_onto_the_corridor_is_shown_at_once_and_not_refused(house: House, minutes: int, wish: bool, number: int, meets: bool) -> None:
    """The first is cleaned for thirty minutes after its new end."""
    first, second = needs_longer(house, house.at(13, minutes) if minutes < 60 else house.at(14), wish, number=number)
    assert first.to_ms > house.at(13) and second.stage == "held"
    with house.centre.reading() as db:
        seen = apart_reads.together(db, house.manager, house.centre.now())
        with pytest.raises(NotYours):
            apart_reads.together(db, house.agent, house.centre.now())
    if not meets:
        assert seen == () and told(house) == {}
        return
    assert [(one.stays, one.moves.booking, len(one.free)) for one in seen] == [(first.code, second.id, 3)]
    assert set(told(house)) == {house.manager.id, house.agent.id} and seen[0].free[0].words.zh in told(house)[house.manager.id]
    assert "示例道路工程" not in told(house)[house.manager.id]


def test_every_slot_offered_lifts_it(house: House) -> None:
    _, second = needs_longer(house, house.at(15))
    with house.centre.reading() as db:
        (seen,) = apart_reads.together(db, house.manager, house.centre.now())
    for one in seen.free:
        to = Slot(kind="evaluation", start=one.start, end=one.end, seats=7, room=one.room)
        move.trial(house.centre, house.manager, Move(booking=second.id, to=to))
    move(house.centre, house.manager, Move(booking=second.id, to=Slot(kind="evaluation", start=seen.free[0].start, end=seen.free[0].end, seats=7, room=seen.free[0].room)))
    with house.centre.reading() as db:
        assert apart_reads.together(db, house.manager, house.centre.now()) == ()


@pytest.mark.parametrize("later_asked_first", [False, True])
def test_the_plan_moves_the_later_one_off_the_corridor(house: House, later_asked_first: bool) -> None:
    """Whoever asked first: a committee that sits cannot be moved."""
    first, second = needs_longer(house, house.at(15))
    if later_asked_first:
        change(house.centre, Booking, second.id, asked=first.asked - HOUR)
    with house.centre.reading() as db:
        plan = proposed(db, house.manager, house.day, house.day, house.centre.now())
    (row,) = plan.rows
    assert not plan.stuck and (row.booking, row.to_start, row.why.zh) == (second.id, second.from_ms, "须与同一通道的场次分区")
    move(house.centre, house.manager, Move(booking=second.id, to=Slot(kind="evaluation", start=row.to_start, end=row.to_end, seats=7, room=row.to_id)))
    with house.centre.reading() as db:
        assert not proposed(db, house.manager, house.day, house.day, house.centre.now()).rows


def test_what_is_about_to_begin_is_named_as_stuck(house: House) -> None:
    """Less than two hours before its start a session is not moved; the conflict is on the plan all the same, with what is free."""
    _, second = needs_longer(house, house.at(15))
    forward(house.centre, second.from_ms - HOUR)
    with house.centre.reading() as db:
        plan = proposed(db, house.manager, house.day, house.day, house.centre.now())
    assert not plan.rows and [(one.booking, len(one.free)) for one in plan.stuck] == [(second.id, 3)]


def test_an_overrun_onto_a_corridor_stands_on_the_board_and_the_desk(house: House) -> None:
    first, second = needs_longer(house, house.at(15))
    with reader(house.centre) as page:
        page.sign_in(house.centre, house.manager.id)
        shown = page.get(f"/rooms?day={house.day}").text
        assert "须分区，同在一条通道" in shown and first.code in shown and shown.count(f"/rooms/bookings/{second.id}/move?room=") == 3
        assert 'class="conflict' in shown and "须分区，同在一条通道" in page.get("/desk").text
        assert "须与同一通道的场次分区" in page.get(f"/rooms/plan?day={house.day}").text
        page.sign_in(house.centre, house.agent.id)
        assert "须分区，同在一条通道" not in page.get(f"/rooms?day={house.day}").text
    with reader(house.centre, "en") as page:
        page.sign_in(house.centre, house.manager.id)
        assert "To be kept apart, and on one corridor" in page.get(f"/rooms?day={house.day}").text
