"""From asking to release, each guard once met and once not, with one fact changed."""
import pytest
from sqlalchemy import select

from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.identity.records import Person
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import DAY, HOUR, MINUTE, new_id
from rooms.block import Block, block
from rooms.book import Book, Slot, book
from rooms.catalogue import furnish_all
from rooms.enrol_device import EnrolDevice, enrol_device
from rooms.expect import Expect, expect
from rooms.hold import Hold, hold
from rooms.move import Move, move
from rooms.overrule import Overrule, overrule
from rooms.overrun import Overrun, overrun
from rooms.records import Blocking, Booking, Room, Seat
from rooms.release import Release, release
from rooms.report_fault import ReportFault, report_fault
from rooms.take import Take, take
from tests.world import staff
from tests.worlds.rooms import forward, house_of, organisation, rooms_for
from trading.asks import opening_place, room_held
from trading.notices.records import Notice
from trading.opening.records import Opening
from trading.projects.records import Project


@pytest.fixture
def house(centre):  # type: ignore[no-untyped-def]
    return house_of(centre)


def rule(act, *args) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reason.rule


def held_chain(house, **where):  # type: ignore[no-untyped-def]
    project = house.project()
    made = book(house.centre, house.agent, house.chain(project, **where))
    for one in made:
        hold(house.centre, SYSTEM, Hold(booking=one.id))
    return project, *(house.booking(one.id) for one in made)


def message(house, subject: str) -> Message:  # type: ignore[no-untyped-def]
    with house.centre.reading() as session:
        return session.scalars(select(Message).where(Message.subject_zh == subject, Message.reader == house.agent.id)).one()


def change(centre, table, id, **columns) -> None:  # type: ignore[no-untyped-def]
    with centre.database.writing() as session:
        row = session.get_one(table, id)
        for name, value in columns.items():
            setattr(row, name, value)
        session.commit()


def test_the_house_has_27_rooms_with_seats_and_is_furnished_once(house) -> None:  # type: ignore[no-untyped-def]
    with house.centre.reading() as session:
        rooms = list(session.scalars(select(Room)))
        assert sorted(r.kind for r in rooms) == ["evaluation"] * 15 + ["opening"] * 12
        assert len(list(session.scalars(select(Seat)))) == sum(r.seats for r in rooms)
    assert furnish_all(house.centre, house.manager) == ()
    with pytest.raises(NotYours):
        furnish_all(house.centre, house.agent)


def test_a_chain_is_asked_and_then_held_by_the_system(house) -> None:  # type: ignore[no-untyped-def]
    project = house.project()
    opening, evaluation = book(house.centre, house.agent, house.chain(project))
    assert {opening.stage, evaluation.stage} == {"asked"}
    settle(house.centre)
    opening = house.booking(opening.id)
    assert opening.stage == house.booking(evaluation.id).stage == "held"
    with house.centre.reading() as session:
        assert room_held(session, project.id, house.at(9)) and not room_held(session, project.id, house.at(10))
        assert opening_place(session, project.id) == "开标一室"
        entry = session.scalars(select(Entry).where(Entry.tag == "rooms.hold")).first()
        assert entry is not None and entry.opens == "never" and entry.on == project.id
    assert opening.busy_to == opening.to_ms + 15 * MINUTE and len(opening.code) == 4


def test_only_the_tenders_own_agency_and_the_manager_book(house) -> None:  # type: ignore[no-untyped-def]
    project, stranger = house.project(), organisation(house.centre, "另一代理", is_agent=1)
    for nobody in (stranger, house.buyer, house.guard):
        with pytest.raises(NotYours):
            book(house.centre, nobody, house.chain(project))
    assert book(house.centre, house.manager, house.chain(project))[0].party == ""


@pytest.mark.parametrize("fault, expected", [
    ({"seats": 500}, "room_fits"), ({"wishes": ("pool",)}, "room_fits"), ({"kind": "evaluation"}, "room_fits"),
    ({"start": -2, "end": -1}, "within_advance_limit"), ({"start": 19, "end": 20}, "within_advance_limit"), ({"days": 200}, "within_advance_limit"),
])
def test_a_slot_must_fit_the_room_and_its_hours(house, fault, expected) -> None:  # type: ignore[no-untyped-def]
    project, room = house.project(), house.room("opening").id
    good = {"kind": "opening", "start": 9, "end": 10, "seats": 20, "room": room, "wishes": (), "days": 0}

    def slots(**values):  # type: ignore[no-untyped-def]
        values = good | values
        days = values.pop("days") * DAY
        values["start"], values["end"] = (house.centre.now() + v * HOUR if v < 0 else house.at(v) + days for v in (values["start"], values["end"]))
        return Book(project=project.id, slots=(Slot(**values), house.slots()[1]))

    assert rule(book, house.centre, house.agent, slots(**fault)) == expected
    assert len(book(house.centre, house.agent, slots())) == 2


def test_a_reason_opens_the_late_hours(house) -> None:  # type: ignore[no-untyped-def]
    project = house.project()
    assert rule(book, house.centre, house.agent, house.chain(project, hour=17)) == "within_advance_limit"
    late = book(house.centre, house.agent, house.chain(project, hour=17, reason="延时服务"))
    settle(house.centre)
    assert [house.booking(b.id).stage for b in late] == ["held", "held"]


def test_opening_and_evaluation_go_together(house) -> None:  # type: ignore[no-untyped-def]
    opening, evaluation = house.slots()
    project = house.project()
    assert rule(book, house.centre, house.agent, Book(project=project.id, slots=(opening,))) == "whole_chain"
    early = evaluation.model_copy(update={"start": house.at(8), "end": house.at(9)})
    assert rule(book, house.centre, house.agent, Book(project=project.id, slots=(opening, early))) == "whole_chain"
    book(house.centre, house.agent, Book(project=project.id, slots=(opening, evaluation)))
    replay = house.project()
    change(house.centre, Project, replay.id, procedure="replay.lowest")
    assert len(book(house.centre, house.agent, Book(project=replay.id, slots=(opening,)))) == 1


def test_a_taken_slot_is_refused_with_three_free_ones(house) -> None:  # type: ignore[no-untyped-def]
    room = house.room("opening").id
    held_chain(house, room=room)
    second = book(house.centre, house.agent, house.chain(house.project(), room=room))[0]
    with pytest.raises(Refused) as refused:
        hold(house.centre, SYSTEM, Hold(booking=second.id))
    reason = refused.value.reason
    assert reason.rule == "slot_free" and reason.under
    offered = reason.values["alternatives"]
    assert len(offered) == 3 and all(one["start"] == house.at(9) and one["room"] != room for one in offered)
    assert "开标二室" in reason.needed.zh and "Opening Room 2" in reason.needed.en
    settle(house.centre)
    assert house.booking(second.id).stage == "asked"
    with house.centre.reading() as session:
        told = session.scalars(select(Message).where(Message.reader == house.agent.id)).one()
        assert "示例道路" not in told.subject_zh + told.body_zh and "开标二室" in told.body_zh
    to = Slot(kind="opening", start=house.at(9), end=house.at(10), seats=20, room=offered[0]["room"])
    taken = move(house.centre, house.agent, Move(booking=second.id, to=to))
    settle(house.centre)
    assert house.booking(taken.id).stage == "held"


def test_two_who_name_no_room_do_not_wait_for_the_same(house) -> None:  # type: ignore[no-untyped-def]
    first, second = (book(house.centre, house.agent, house.chain(house.project())) for _ in range(2))
    assert {b.room for b in first} & {b.room for b in second} == set()
    settle(house.centre)
    assert {house.booking(b.id).stage for b in (*first, *second)} == {"held"}


@pytest.mark.parametrize("minute, expected", [(14, "buffer_kept"), (15, None)])
def test_cleaning_time_lies_between_sessions(house, minute, expected) -> None:  # type: ignore[no-untyped-def]
    room = house.room("opening").id
    held_chain(house, room=room)
    slot = Slot(kind="opening", start=house.at(10, minute), end=house.at(11), seats=9, room=room)
    waiting = book(house.centre, house.agent, Book(project=house.project().id, slots=(slot, house.slots(hour=10)[1])))[0]
    if expected:
        assert rule(hold, house.centre, SYSTEM, Hold(booking=waiting.id)) == expected
    else:
        assert hold(house.centre, SYSTEM, Hold(booking=waiting.id)).stage == "held"


def test_a_blocked_room_and_a_faulty_device_stop_a_hold(house) -> None:  # type: ignore[no-untyped-def]
    room = house.room("opening")
    asked = book(house.centre, house.agent, house.chain(house.project(), room=room.id))[0]
    one, two = staff(house.centre, "technician"), staff(house.centre, "technician")
    cmd = EnrolDevice(room=room.id, kind="camera", label="摄像机一", key="ab" * 32)
    assert enrol_device(house.centre, one, cmd) is None
    assert rule(enrol_device, house.centre, one, cmd) == "other_than_first"
    device = enrol_device(house.centre, two, cmd)
    assert rule(enrol_device, house.centre, one, cmd.model_copy(update={"label": "摄像机二"})) == "device_key_fresh"
    report_fault(house.centre, one, ReportFault(device=device.id, state="faulty"))
    assert rule(hold, house.centre, SYSTEM, Hold(booking=asked.id)) == "devices_whole"
    report_fault(house.centre, one, ReportFault(device=device.id, state="whole"))
    blocked = Block(room=room.id, start=house.at(9), end=house.at(12), reason="检修")
    assert rule(block, house.centre, house.manager, blocked.model_copy(update={"reason": " "})) == "reason_given"
    block(house.centre, house.manager, blocked)
    assert rule(hold, house.centre, SYSTEM, Hold(booking=asked.id)) == "room_not_blocked"
    _, opening, _ = held_chain(house, room=house.room("opening", 2).id)
    inside = Block(room=opening.room, start=house.at(8), end=house.at(9, 30), reason="检修")
    assert rule(block, house.centre, house.manager, inside) == "no_held_session_inside"
    assert block(house.centre, house.manager, inside.model_copy(update={"end": house.at(9)})).reason == "检修"


def test_a_booking_moves_until_two_hours_before(house) -> None:  # type: ignore[no-untyped-def]
    _, opening, _ = held_chain(house)
    to = Slot(kind="opening", start=house.at(9), end=house.at(10), seats=20, room=house.room("opening", 5).id)
    moved = move(house.centre, house.agent, Move(booking=opening.id, to=to))
    assert moved.room == to.room and moved.code != opening.code and moved.stage == "held"
    forward(house.centre, house.at(9) - 2 * HOUR + MINUTE)
    assert rule(move, house.centre, house.agent, Move(booking=opening.id, to=to.model_copy(update={"room": opening.room}))) == "not_within_two_hours"


def test_a_published_opening_moves_only_after_a_correction(house) -> None:  # type: ignore[no-untyped-def]
    project, opening, _ = held_chain(house)
    to = Move(booking=opening.id, to=Slot(kind="opening", start=house.at(9), end=house.at(10), seats=20, room=house.room("opening", 5).id))
    change(house.centre, Project, project.id, published_at=1, stage="inviting")
    assert rule(move, house.centre, house.agent, to) == "parties_told_if_opening"
    with house.centre.database.writing() as session:
        session.add(Notice(id=new_id(), project=project.id, kind="clarification", title="更正", fields={}, digest="0" * 64,
                           published_at=house.centre.now()))
        session.commit()
    assert move(house.centre, house.agent, to).room == to.to.room


def test_a_room_is_taken_in_its_window_and_comes_free_when_the_record_is_signed(house) -> None:  # type: ignore[no-untyped-def]
    project, opening, _ = held_chain(house)
    cmd = Take(booking=opening.id)
    assert rule(take, house.centre, house.guard, cmd) == "within_window"
    forward(house.centre, house.at(8, 30))
    with pytest.raises(NotYours):
        take(house.centre, house.agent, cmd)
    assert take(house.centre, house.guard, cmd).stage == "used"
    with pytest.raises(Stale):
        take(house.centre, house.guard, cmd)
    assert rule(release, house.centre, house.manager, Release(booking=opening.id)) == "session_over_or_no_show"
    with house.centre.database.writing() as session:
        session.add(Opening(id=new_id(), project=project.id, host=house.manager.id, started=1, signed=2))
        session.commit()
    settle(house.centre)
    done = house.booking(opening.id)
    assert done.stage == "released" and done.cause == "over"
    now = house.centre.now()
    slot = Slot(kind="opening", start=now + MINUTE, end=now + 11 * MINUTE, seats=9, room=done.room)
    again = book(house.centre, house.agent, Book(project=house.project().id, slots=(slot, house.slots(hour=10)[1])))[0]
    assert rule(hold, house.centre, SYSTEM, Hold(booking=again.id)) == "buffer_kept"  # the cleaning after it goes on


def test_a_session_nobody_comes_to_is_released_after_thirty_minutes(house) -> None:  # type: ignore[no-untyped-def]
    _, opening, evaluation = held_chain(house)
    forward(house.centre, house.at(9, 29))
    settle(house.centre)
    assert house.booking(opening.id).stage == "held"
    forward(house.centre, house.at(9, 31))
    settle(house.centre)
    assert house.booking(opening.id).cause == "no_show" and house.booking(evaluation.id).stage == "held"


def test_an_opening_that_has_begun_is_no_no_show(house) -> None:  # type: ignore[no-untyped-def]
    project, opening, _ = held_chain(house)
    with house.centre.database.writing() as session:
        session.add(Opening(id=new_id(), project=project.id, host=house.manager.id, started=house.at(9)))
        session.commit()
    forward(house.centre, house.at(9, 40))
    settle(house.centre)
    assert house.booking(opening.id).stage == "held"
    assert rule(release, house.centre, house.manager, Release(booking=opening.id)) == "session_over_or_no_show"


def test_an_ended_tender_gives_back_its_rooms_and_books_no_more(house) -> None:  # type: ignore[no-untyped-def]
    project, opening, evaluation = held_chain(house)
    change(house.centre, Project, project.id, stage="terminated", stopped_at="draft")
    settle(house.centre)
    assert house.booking(opening.id).stage == house.booking(evaluation.id).stage == "released"
    with pytest.raises(Stale):
        book(house.centre, house.agent, house.chain(project))


def test_an_overrun_sends_the_next_session_to_another_room(house) -> None:  # type: ignore[no-untyped-def]
    room = house.room("evaluation", 14).id  # the two largest rooms
    _, _, first = held_chain(house, hour=8, evaluation=room)
    big = Slot(kind="evaluation", start=house.at(14), end=house.at(16), seats=21, room=room)
    other = book(house.centre, house.agent, Book(project=house.project().id, slots=(house.slots(hour=11)[0], big)))
    for one in other:
        hold(house.centre, SYSTEM, Hold(booking=one.id))
    forward(house.centre, house.at(10))
    take(house.centre, house.guard, Take(booking=first.id))
    longer = Overrun(booking=first.id, end=house.at(14))
    with pytest.raises(NotYours):
        overrun(house.centre, house.agent, longer)
    inside = Actor("person", house.agent.id, house.agent.org, channel="area")
    block(house.centre, house.manager, Block(room=house.room("evaluation", 15).id, start=house.at(15), end=house.at(18), reason="检修"))
    assert rule(overrun, house.centre, inside, longer) == "next_can_move"
    with house.centre.database.writing() as session:
        session.query(Blocking).delete()
        session.commit()
    assert overrun(house.centre, inside, longer).to_ms == house.at(14)
    assert house.booking(other[1].id).room == house.room("evaluation", 15).id
    settle(house.centre)
    assert "评标十五室" in message(house, "场地变更").body_zh


def test_an_overrun_stops_before_a_session_that_has_begun(house) -> None:  # type: ignore[no-untyped-def]
    room = house.room("evaluation").id
    _, _, first = held_chain(house, hour=8, evaluation=room)
    _, _, after = held_chain(house, hour=12, evaluation=room)
    for one in (first, after):
        change(house.centre, Booking, one.id, stage="used", taken=1)
    longer = Overrun(booking=first.id, end=after.from_ms + HOUR)
    inside = Actor("person", house.agent.id, house.agent.org, channel="area")
    assert rule(overrun, house.centre, inside, longer) == "next_can_move"
    change(house.centre, Booking, after.id, stage="held", taken=None)
    assert overrun(house.centre, inside, longer).to_ms == longer.end and house.booking(after.id).room != room


def test_two_managers_overrule_a_held_booking_when_they_offer_another_slot(house) -> None:  # type: ignore[no-untyped-def]
    _, opening, _ = held_chain(house)
    second = staff(house.centre, "room_manager")
    offer = Slot(kind="opening", start=house.at(9), end=house.at(10), seats=20, room=house.room("opening", 3).id)
    cmd = Overrule(booking=opening.id, offer=offer, reason="应急项目")
    assert rule(overrule, house.centre, house.manager, cmd.model_copy(update={"reason": ""})) == "reason_given"
    same = cmd.model_copy(update={"offer": offer.model_copy(update={"room": opening.room})})
    assert rule(overrule, house.centre, house.manager, same) == "other_slot_offered"
    overrule(house.centre, house.manager, cmd)
    assert house.booking(opening.id).stage == "held"
    overrule(house.centre, second, cmd)
    assert house.booking(opening.id).cause == "overruled"
    settle(house.centre)
    assert "已被撤销" in message(house, "场地变更").body_zh


def test_the_helper_of_other_rooms_tests_holds_what_trading_asks_for(house) -> None:  # type: ignore[no-untyped-def]
    project = house.project()
    rooms_for(house.centre, house.agent, project.id, house.at(9, 30))
    with house.centre.reading() as session:
        assert room_held(session, project.id, house.at(9, 30)) and not room_held(session, house.project().id, house.at(9, 30))


def test_nobody_is_expected_in_two_rooms_at_once(house) -> None:  # type: ignore[no-untyped-def]
    _, first, later = held_chain(house)
    _, second, _ = held_chain(house)
    with house.centre.reading() as session:
        person = session.scalars(select(Person.id)).first()
    for _ in range(2):
        expect(house.centre, SYSTEM, Expect(booking=first.id, person=person))
    assert rule(expect, house.centre, SYSTEM, Expect(booking=second.id, person=person)) == "slot_free"
    expect(house.centre, SYSTEM, Expect(booking=later.id, person=person))
    with pytest.raises(NotYours):
        expect(house.centre, house.manager, Expect(booking=first.id, person=person))


def test_a_suspended_tender_books_nothing(house) -> None:  # type: ignore[no-untyped-def]
    project = house.project()
    change(house.centre, Project, project.id, suspended="regulator")
    assert rule(book, house.centre, house.agent, house.chain(project)) == "not_suspended"
    change(house.centre, Project, project.id, suspended="")
    assert isinstance(book(house.centre, house.agent, house.chain(project))[0], Booking)
