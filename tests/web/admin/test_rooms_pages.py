"""The day board by viewer, bookings by form, screens that tell nothing of evaluations, calendars."""
import re

import pytest
from sqlalchemy import select

from kernel.centre import Centre
from kernel.ticker import settle
from kernel.values import DAY, HOUR, local
from rooms.block import Block, block
from rooms.book import book
from rooms.records import Blocking, Booking
from tests.web.pages import Reader, reader
from tests.world import login
from tests.worlds.rooms import House, forward, house_of
from trading.projects.records import Project


@pytest.fixture
def house(centre: Centre) -> House:
    return house_of(centre)


def held(house: House, title: str = "示例道路工程", published: bool = True, hour: int = 9) -> list[Booking]:
    made = book(house.centre, house.agent, house.chain(house.project(published, title, "inviting" if published else "draft"), hour=hour))
    settle(house.centre)
    return [house.booking(one.id) for one in made]


def board(page: Reader, house: House, **query: str) -> str:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = page.get(f"/rooms?day={house.day}{more}")
    assert answer.status_code == 200
    return str(answer.text)


def test_the_public_sees_openings_of_published_tenders_only(house: House) -> None:
    opening, evaluation = held(house)
    held(house, "未公告的项目甲", published=False, hour=13)
    for lang, words in (("zh", "开标室"), ("en", "Opening rooms")):
        with reader(house.centre, lang) as page:
            shown = board(page, house)
            assert "示例道路工程" in shown and words in shown
            for canary in ("未公告的项目甲", evaluation.code, opening.code, "评标室", "Evaluation rooms", opening.id, "待锁定"):
                assert canary not in shown, canary


def test_the_manager_sees_evaluations_by_their_code(house: House) -> None:
    _, evaluation = held(house)
    unseen, _ = held(house, "未公告的项目甲", published=False, hour=13)
    with reader(house.centre) as page:
        shown = board(page.sign_in(house.centre, house.manager.id), house)
        assert evaluation.code in shown and unseen.code in shown and "未公告的项目甲" not in shown and "停用场地" in shown
        only = board(page, house, kind="evaluation")
        assert evaluation.code in only and "示例道路工程" not in re.sub(r"<title>.*?</title>", "", only.split("当日场次")[0])


def test_the_agency_sees_its_own_whole(house: House) -> None:
    opening, evaluation = held(house, "未公告的项目甲", published=False)
    with reader(house.centre) as page:
        shown = board(page.sign_in(house.centre, house.agent.id), house)
        assert shown.count("未公告的项目甲") >= 2 and "停用场地" not in shown
        for one in (opening, evaluation):
            answer = page.get(f"/rooms/bookings/{one.id}")
            assert answer.status_code == 200 and "变更场地" in answer.text and "撤销锁定" not in answer.text
        page.sign_in(house.centre, login(house.centre, "auditor1").id)
        assert page.get(f"/rooms/bookings/{opening.id}").status_code == 404


@pytest.mark.parametrize("query", ["day=2026-13-99", "day=%27%22%3Cscript%3E", "day=0001-01-01&kind=x", "kind=evaluation", "day=" + "9" * 400])
def test_hostile_queries(house: House, query: str) -> None:
    with reader(house.centre) as page:
        assert page.get(f"/rooms?{query}").status_code == 200


def test_holding_waits_for_the_room(house: House) -> None:
    first = book(house.centre, house.agent, house.chain(house.project(True), room=house.room("opening").id, evaluation=house.room("evaluation").id))
    second = book(house.centre, house.agent, house.chain(house.project(True, "二号工程"), room=house.room("opening").id, evaluation=house.room("evaluation", 2).id))
    with reader(house.centre) as page:
        page.sign_in(house.centre, house.manager.id)
        assert "待锁定" in board(page, house)
        assert page.send("/do/rooms.hold", f"/rooms?day={house.day}", booking=first[0].id, _next="/rooms").status_code == 303
        refused = page.send("/do/rooms.hold", f"/rooms?day={house.day}", booking=second[0].id, _next="/rooms")
        assert refused.status_code == 409 and "可改为" in refused.text
        assert "时段冲突" in board(page, house)
    assert house.booking(first[0].id).stage == "held" and house.booking(second[0].id).stage == "asked"


def test_moving_a_booking(house: House) -> None:
    opening, _ = held(house, published=False)
    new = house.at(9) + 30 * 60_000
    given = {"booking": opening.id, "kind": "opening", "start": f"{local(new):%Y-%m-%dT%H:%M}", "hours": "1", "seats": "20", "room": house.room("opening", 3).id}
    with reader(house.centre) as page:
        where = f"/rooms/bookings/{opening.id}?act=move"
        page.sign_in(house.centre, house.agent.id)
        assert page.send("/do/rooms.move", where, **(given | {"hours": "many"})).status_code == 422
        night = page.send("/do/rooms.move", where, **(given | {"start": f"{local(new + 12 * HOUR):%Y-%m-%dT%H:%M}"}))
        assert night.status_code == 409 and "within_advance_limit" in night.text
        assert page.send("/do/rooms.move", where, **given).status_code == 303
    assert house.booking(opening.id).from_ms == new and house.booking(opening.id).room == house.room("opening", 3).id


def test_releasing_is_for_what_is_over(house: House) -> None:
    opening, _ = held(house)
    with reader(house.centre) as page:
        page.sign_in(house.centre, house.manager.id)
        assert page.send("/do/rooms.release", f"/rooms/bookings/{opening.id}?act=move", booking=opening.id).status_code == 409
        forward(house.centre, opening.to_ms + DAY)
        page.sign_in(house.centre, house.manager.id)
        released = page.send("/do/rooms.release", f"/rooms/bookings/{opening.id}?act=release", booking=opening.id)
        assert released.status_code == 303, released.text


def test_blocking_a_room(house: House) -> None:
    held(house)
    day, taken = house.working_day(20), house.room("opening").id
    given = {"room": taken, "start": f"{day}T08:00", "end": f"{day}T12:00", "reason": "音视频检修"}
    with reader(house.centre) as page:
        page.sign_in(house.centre, house.manager.id)
        where = f"/rooms?day={house.day}"
        assert page.send("/do/rooms.block", where, **(given | {"reason": ""})).status_code == 422
        busy = {"start": f"{house.day}T08:00", "end": f"{house.day}T18:00"}
        assert page.send("/do/rooms.block", where, **(given | busy)).status_code == 409
        assert page.send("/do/rooms.block", where, **given).status_code == 303
        assert "音视频检修" in page.get(f"/rooms?day={day}").text
    with house.centre.reading() as session:
        assert session.query(Blocking).count() == 1
    with reader(house.centre) as page:
        assert "音视频检修" not in page.get(f"/rooms?day={day}").text


def test_the_wall_and_the_doors(house: House) -> None:
    opening, evaluation = held(house)
    with reader(house.centre) as page:
        assert "今日没有更多开标" in page.get("/rooms/wall").text
        forward(house.centre, opening.from_ms + 60_000)
        settle(house.centre)
        assert "示例道路工程" in page.get("/rooms/wall").text and "开标中" in page.get("/rooms/wall").text
        assert evaluation.code not in page.get("/rooms/wall").text
        assert "示例道路工程" in page.get(f"/rooms/doors/{opening.room}").text
        door = page.get(f"/rooms/doors/{evaluation.room}").text
        assert "示例道路工程" not in door and evaluation.code not in door
        assert page.get("/rooms/doors/nowhere").status_code == 404


def test_calendars(house: House) -> None:
    held(house)
    held(house, "未公告的项目甲", published=False, hour=13)
    with reader(house.centre) as page:
        answer = page.get("/rooms/openings.ics")
        assert answer.headers["content-type"].startswith("text/calendar")
        assert "示例道路工程" in answer.text and "未公告的项目甲" not in answer.text and answer.text.count("BEGIN:VEVENT") == 1
        assert page.get("/rooms/mine.ics").status_code == 404
        own = page.sign_in(house.centre, house.agent.id).get("/rooms/mine.ics")
        assert own.text.count("BEGIN:VEVENT") == 4


def test_the_board_asks_before_it_moves(house: House) -> None:
    """A bar that was let go elsewhere leads to a page that says what changes, or why it cannot and what is free instead."""
    opening, _ = held(house, published=False)
    other, _ = held(house, "二号工程", published=False)
    with reader(house.centre) as page:
        ask = f"/rooms/bookings/{opening.id}/move"
        assert page.get(ask).status_code == 404 and "data-move" not in board(page, house)
        page.sign_in(house.centre, house.agent.id)
        for shown in (board(page, house), page.get(f"/rooms/week?day={house.day}").text):
            assert f'data-move="{ask}"' in shown and f'data-start="{opening.from_ms}"' in shown and "timeline.js" in shown
        taken = page.get(f"{ask}?room={other.room}&start={other.from_ms}")
        assert taken.status_code == 409 and "不能这样变更" in taken.text and taken.text.count("选此时段") == 3
        night = page.get(f"{ask}?start={house.at(20)}")
        assert night.status_code == 409 and 'name="reason"' in night.text
        assert page.get(f"{ask}?start={house.at(20)}&reason=延时服务").status_code == 200
        again = page.get(re.search(r'href="([^"]+)">选此时段', taken.text)[1].replace("&amp;", "&"))  # type: ignore[index]
        assert again.status_code == 200 and "确认变更" in again.text
        values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', again.text))
        assert house.booking(opening.id).from_ms == opening.from_ms, "reading it changed nothing"
        assert page.client.post("/do/rooms.move", data=values, follow_redirects=False).status_code == 303
        page.sign_in(house.centre, login(house.centre, "auditor1").id)
        assert page.get(ask).status_code == 404
    moved = house.booking(opening.id)
    assert (moved.room, moved.from_ms) != (opening.room, opening.from_ms) and moved.to_ms - moved.from_ms == HOUR


def test_waiting_in_line(house: House) -> None:
    """A taken slot: free ones to choose from, or the line; when it comes free, it is kept and taken on the same page."""
    room, evaluation = house.room("opening").id, house.room("evaluation", 9).id
    held(house, hour=9)
    one = book(house.centre, house.agent, house.chain(house.project(), room=room, evaluation=evaluation))[0]
    settle(house.centre)
    path = f"/rooms/bookings/{one.id}"
    with reader(house.centre) as page:
        shown = page.sign_in(house.centre, house.agent.id).get(path).text
        assert "该时段不可用" in shown and shown.count("选此时段") == 3 and "或者排队等候" in shown and "锁定场地" not in shown and "放弃预约" in shown
        assert page.send("/do/rooms.wait", path, booking=one.id, _next=path).status_code == 303
        assert "正在排队" in page.get(path).text
        with house.centre.database.writing() as session:
            standing = session.scalars(select(Booking).where(Booking.room == room, Booking.stage == "held")).one()
            project = session.get_one(Project, standing.project)
            project.stage, project.stopped_at = "terminated", "inviting"
            session.commit()
        settle(house.centre)
        shown = page.get(path).text
        assert "时段已为您保留至" in shown and "锁定场地" in shown
        page.sign_in(house.centre, house.manager.id)
        assert "保留至" in board(page, house)
        page.sign_in(house.centre, house.agent.id)
        assert page.send("/do/rooms.hold", path, booking=one.id, _next=path).status_code == 303
        assert "已锁定" in page.get(path).text
    assert house.booking(one.id).stage == "held"


def test_what_goes_first_or_lies_late_is_told_apart(house: House) -> None:
    opening, _ = held(house, published=False)
    book(house.centre, house.agent, house.chain(house.project(green="key_project"), hour=17, reason="延时服务"))
    with reader(house.centre) as page:
        shown = board(page.sign_in(house.centre, house.manager.id), house)
        assert 'class="green-bar late"' in shown and 'class="book"' in shown and opening.code in shown


def test_a_blocked_morning_and_an_overrun_are_bars(house: House) -> None:
    opening, _ = held(house)
    block(house.centre, house.manager, Block(room=house.room("opening", 9).id, start=house.at(8), end=house.at(12), reason="检修"))
    with house.centre.database.writing() as session:
        row = session.get_one(Booking, opening.id)
        row.stage, row.taken = "used", row.from_ms
        session.commit()
    forward(house.centre, opening.to_ms + 12 * 60_000)
    with reader(house.centre) as page:
        shown = board(page.sign_in(house.centre, house.manager.id), house)
        assert 'class="blocked"' in shown and 'class="overrun"' in shown and "超 12 分" in shown


def test_what_if_is_read_and_then_carried_out(house: House) -> None:
    """A room is thought away; the manager reads who would move, and carries out what was read, unless it changed meanwhile."""
    _, evaluation = held(house, "未公告的项目甲", published=False)
    with reader(house.centre) as page:
        page.sign_in(house.centre, house.agent.id)
        assert page.get("/rooms/plan").status_code == 404
        page.sign_in(house.centre, house.manager.id)
        path = f"/rooms/plan?day={house.day}&close={evaluation.room}"
        shown = page.get(path).text
        assert evaluation.code in shown and "按此办理 1 场" in shown and "未公告的项目甲" not in shown
        assert "没有需要调整的场次" in page.get(f"/rooms/plan?day={house.day}&span=week").text
        digest = re.search(r'name="digest" value="(\w+)"', shown)
        assert digest
        values = {"day": str(house.day), "span": "day", "close": evaluation.room}
        assert page.send("/rooms/plan", path, **values, digest="0" * 32).status_code == 409
        assert house.booking(evaluation.id).room == evaluation.room
        assert page.send("/rooms/plan", path, **values, digest=digest[1]).status_code == 303
        assert house.booking(evaluation.id).room != evaluation.room
        assert page.send("/rooms/plan", "/rooms", **values, digest=digest[1]).status_code == 409


def test_two_tenders_of_one_agency_are_kept_apart(house: House) -> None:
    _, evaluation = held(house)
    other = house.project(title="示例桥梁工程")
    with reader(house.centre) as page:
        page.sign_in(house.centre, house.agent.id)
        at = f"/rooms/bookings/{evaluation.id}"
        assert "示例桥梁工程" in page.get(f"{at}?act=keep_apart").text
        given = {"booking": evaluation.id, "other": other.id, "apart": "yes"}
        assert page.send("/do/rooms.keep_apart", f"{at}?act=keep_apart", **given, reason=" ").status_code in (409, 422)
        assert page.send("/do/rooms.keep_apart", f"{at}?act=keep_apart", **given, reason="投标人相互竞争").status_code == 303
        assert "投标人相互竞争" in page.get(at).text
        page.sign_in(house.centre, house.manager.id)
        assert "投标人相互竞争" not in page.get(at).text
