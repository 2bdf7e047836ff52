"""What each viewer sees of one house, and what two different worlds may not tell the public."""
import json
from dataclasses import asdict

import pytest

from kernel.command import PUBLIC, SYSTEM
from kernel.errors import NotYours
from kernel.values import HOUR
from rooms.block import Block, block
from rooms.book import book
from rooms.feed import folded, own_bookings, public_openings
from rooms.hold import Hold, hold
from rooms.reads import board, free_slots, nearest, utilisation
from rooms.screen_reads import door_screen, room_counts, tiles, wall
from rooms.take import Take, take
from tests.world import staff
from tests.worlds.rooms import forward, house_of, organisation
from trading.projects.records import Project

SECRET, KNOWN = "示例机密标题", "示例公开标题"


@pytest.fixture
def house(centre):  # type: ignore[no-untyped-def]
    """Two tenders, one published, with an opening and an evaluation each; one blocked room."""
    house = house_of(centre)
    for name, title, published, number in (("hidden", SECRET, False, 1), ("shown", KNOWN, True, 2)):
        project = house.project(published, title, stage="inviting" if published else "draft")
        made = book(centre, house.agent, house.chain(project, room=house.room("opening", number).id, evaluation=house.room("evaluation", number).id))
        for one in made:
            hold(centre, SYSTEM, Hold(booking=one.id))
        setattr(house, name, project)
        setattr(house, f"{name}_bookings", made)
    block(centre, house.manager, Block(room=house.room("opening", 3).id, start=house.at(9), end=house.at(10), reason="空调检修"))
    return house


def seen(house, actor):  # type: ignore[no-untyped-def]
    with house.centre.reading() as session:
        return board(session, actor, house.day, house.centre.clock.now(session))


def bars(lines):  # type: ignore[no-untyped-def]
    return [bar for line in lines for bar in line.bars]


def text(lines) -> str:  # type: ignore[no-untyped-def]
    return json.dumps([asdict(line) for line in lines], ensure_ascii=False, default=str)


def test_the_public_sees_openings_of_published_tenders_and_no_evaluation_room(house) -> None:  # type: ignore[no-untyped-def]
    for actor in (PUBLIC, staff(house.centre, "regulator"), organisation(house.centre, "供应商甲", is_supplier=1)):
        lines = seen(house, actor)
        assert {line.kind for line in lines} == {"opening"} and len(lines) == 12
        (bar,) = bars(lines)
        assert bar.words.zh == KNOWN and bar.code is None and bar.seats is None and bar.booking is None
        assert SECRET not in text(lines) and "检修" not in text(lines)


def test_the_manager_sees_codes_and_the_titles_of_announced_openings(house) -> None:  # type: ignore[no-untyped-def]
    lines = seen(house, house.manager)
    assert len(lines) == 27 and len(bars(lines)) == 4
    assert SECRET not in text(lines) and text(lines).count(KNOWN) == 2  # the opening's words, in both languages
    evaluations = [bar for bar in bars(lines) if bar.kind == "evaluation"]
    assert all(bar.project is None and bar.code and bar.code in bar.words.zh and not bar.own for bar in evaluations)
    assert [line.blocked[0][2] for line in lines if line.blocked] == ["空调检修"]


def test_a_technician_sees_room_time_and_equipment_only(house) -> None:  # type: ignore[no-untyped-def]
    for bar in bars(seen(house, staff(house.centre, "technician"))):
        assert (bar.kind, bar.code, bar.project, bar.seats, bar.stage, bar.note) == (None,) * 6 and bar.words.zh == "占用"


def test_an_agency_sees_its_own_whole_and_nothing_of_others(house) -> None:  # type: ignore[no-untyped-def]
    for actor in (house.agent, house.buyer):
        assert {bar.words.zh for bar in bars(seen(house, actor))} == {SECRET, KNOWN}
        assert all(bar.own and bar.project for bar in bars(seen(house, actor)))
    other = organisation(house.centre, "另一代理", is_agent=1)
    assert [bar.words.zh for bar in bars(seen(house, other))] == [KNOWN]


def test_free_slots_are_gaps_and_say_nothing_of_why(house) -> None:  # type: ignore[no-untyped-def]
    other = organisation(house.centre, "另一代理", is_agent=1)
    with house.centre.reading() as session:
        now = house.centre.clock.now(session)
        found = [f for f in free_slots(session, other, house.day, "opening", 9, HOUR, now) if f.start < house.at(18)]
        names = [(f.name.zh, f.start, f.end) for f in found]
        assert ("开标一室", house.at(8), house.at(9)) in names and ("开标一室", house.at(10, 15), house.at(18)) in names
        assert ("开标三室", house.at(10), house.at(18)) in names and ("开标四室", house.at(8), house.at(18)) in names
        near = nearest(session, other, "opening", 9, house.at(9), HOUR, now)
        assert [(f.name.zh, f.start) for f in near] == [("开标四室", house.at(9)), ("开标五室", house.at(9)), ("开标六室", house.at(9))]
        for nobody in (PUBLIC, house.buyer, staff(house.centre, "technician")):
            with pytest.raises(NotYours):
                free_slots(session, nobody, house.day, "opening", 9, HOUR, now)


def test_screens_say_what_is_public_and_evaluations_only_their_code(house) -> None:  # type: ignore[no-untyped-def]
    opening, evaluation = house.shown_bookings
    forward(house.centre, house.at(9, 5))
    with house.centre.reading() as session:
        now = house.centre.clock.now(session)
        assert [tile.title for tile in tiles(session, now)] == [None, KNOWN] + [None] * 10
        assert [(name.zh, bar.words.zh) for name, bar in wall(session, now)] == [("开标二室", KNOWN)]
        screen = door_screen(session, opening.room, now)
        assert (screen.words.zh, screen.until, screen.following, screen.way.zh) == (KNOWN, opening.to_ms, (), "1 层 开标区")
        before = door_screen(session, opening.room, house.at(8))
        assert before.words is None and [(at, words.zh) for at, words in before.following] == [(opening.from_ms, KNOWN)]
        assert not door_screen(session, house.hidden_bookings[0].room, house.at(8)).following
        assert door_screen(session, house.hidden_bookings[0].room, now).words is None
        assert room_counts(session) == {"opening": 12, "evaluation": 15}
    forward(house.centre, house.at(11, 5))
    take(house.centre, house.guard, Take(booking=evaluation.id))

    def door() -> object:
        with house.centre.reading() as session:
            screen = door_screen(session, evaluation.room, house.centre.clock.now(session))
            assert screen.until is None and screen.following == ()
            return screen.words

    assert door() is None  # the tender is not being evaluated yet
    with house.centre.database.writing() as session:
        session.get_one(Project, house.shown.id).stage = "evaluating"
        session.commit()
    assert door().zh == f"使用中 {evaluation.code}"  # type: ignore[attr-defined]


def test_the_public_cannot_tell_a_house_with_secret_sessions_from_one_without(house) -> None:  # type: ignore[no-untyped-def]
    def everything() -> str:
        with house.centre.reading() as session:
            now = house.at(0)
            screens = (tiles(session, house.at(9, 5)), wall(session, house.at(9, 5)), room_counts(session))
            return text(board(session, PUBLIC, house.day, now)) + repr(screens) + public_openings(session, "中心", now)

    before = everything()
    project = house.project(title=SECRET)
    for one in book(house.centre, house.agent, house.chain(project, hour=12)):
        hold(house.centre, SYSTEM, Hold(booking=one.id))
    assert everything() == before


def test_utilisation_is_the_managers(house) -> None:  # type: ignore[no-untyped-def]
    with house.centre.reading() as session:
        now = house.centre.clock.now(session)
        opening, evaluation = utilisation(session, house.manager, house.day, now)
        assert (opening.open_minutes, opening.used_minutes) == (12 * 600, 120)
        assert (evaluation.open_minutes, evaluation.used_minutes) == (15 * 600, 360)
        with pytest.raises(NotYours):
            utilisation(session, house.agent, house.day, now)


def test_calendars_name_no_evaluation(house) -> None:  # type: ignore[no-untyped-def]
    with house.centre.reading() as session:
        now = house.centre.clock.now(session)
        public = public_openings(session, "示例中心", now)
        mine = own_bookings(session, house.agent, "示例中心", now)
        other = own_bookings(session, organisation(house.centre, "另一代理", is_agent=1), "示例中心", now)
    assert public.count("BEGIN:VEVENT") == 1 and KNOWN in public and "评标" not in public
    assert mine.count("BEGIN:VEVENT") == 4 and mine.count("占用 session") == 3 and SECRET not in mine
    assert other.count("BEGIN:VEVENT") == 0
    for word in ("ATTENDEE", "ORGANIZER", "评标一室", "开标二室"):
        assert word not in public + mine
    assert public.endswith("END:VCALENDAR\r\n")


def test_long_lines_are_folded_between_characters() -> None:
    line = "SUMMARY:" + "示例" * 60
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts) and parts[0] + "".join(p[1:] for p in parts[1:]) == line
