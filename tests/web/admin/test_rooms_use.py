"""The week beside the day, what is free, and how the house was used: each for those whose it is."""
import io
import re

import pytest
from openpyxl import load_workbook

from kernel.centre import Centre
from kernel.ticker import settle
from kernel.values import HOUR
from rooms.block import Block, block
from rooms.book import book
from rooms.records import Booking
from rooms.use import use
from tests.web.pages import reader
from tests.world import login
from tests.worlds.rooms import House


@pytest.fixture
def house(centre: Centre) -> House:
    return House(centre)


def held(house: House, title: str, published: bool) -> list[Booking]:
    made = book(house.centre, house.agent, house.chain(house.project(published, title, "inviting" if published else "draft")))
    settle(house.centre)
    return [house.booking(one.id) for one in made]


def test_the_week_shows_each_reader_what_the_day_shows(house: House) -> None:
    _, evaluation = held(house, "未公告的项目甲", published=False)
    held(house, "示例道路工程", published=True)
    for lang, words in (("zh", "一周场地"), ("en", "Rooms of the week")):
        with reader(house.centre, lang) as page:
            shown = page.get(f"/rooms/week?day={house.day}").text
            assert words in shown and "示例道路工程" in shown
            for canary in ("未公告的项目甲", evaluation.code, evaluation.id, "评标室", "Evaluation rooms"):
                assert canary not in shown, canary
            managed = page.sign_in(house.centre, house.manager.id).get(f"/rooms/week?day={house.day}").text
            assert evaluation.code in managed and f"/rooms/bookings/{evaluation.id}" in managed and "未公告的项目甲" not in managed
            assert page.get("/rooms/week?day=9999-99-99").status_code == 200


def test_an_agency_sees_what_is_free_and_nothing_else(house: House) -> None:
    _, evaluation = held(house, "未公告的项目甲", published=False)
    with reader(house.centre) as page:
        assert page.get("/rooms/free").status_code == 404
        page.sign_in(house.centre, login(house.centre, "auditor1").id)
        assert page.get("/rooms/free").status_code == 404
        page.sign_in(house.centre, house.agent.id)
        shown = page.get(f"/rooms/free?day={house.day}&kind=evaluation&seats=7&hours=2").text
        assert "08:00–11:00" in shown and "评标一室" in shown and evaluation.code not in shown and "未公告的项目甲" not in shown
        assert "评标一室" not in page.get(f"/rooms/free?day={house.day}&kind=evaluation&seats=20&hours=2").text
        assert "没有合适的空闲场地" in page.get(f"/rooms/free?day={house.day}&seats=400").text
        for query in ("day=x&kind=hall&seats=-1&hours=nan", "hours=1e99&seats=99999999999999999999"):
            assert page.get(f"/rooms/free?{query}").status_code == 200


def test_use_adds_up_and_is_the_managers(house: House) -> None:
    """An opening of one hour, an evaluation of three, one room blocked for two hours."""
    opening, evaluation = held(house, "示例道路工程", published=True)
    block(house.centre, house.manager, Block(room=house.room("opening", 3).id, start=house.at(9), end=house.at(11), reason="检修"))
    with house.centre.reading() as session:
        rows = {row.name.zh: row for row in use(session, house.manager, house.day, house.day, house.centre.now())}
    one, three = rows["开标一室"], rows["开标三室"]
    assert (one.sessions, one.open, one.used, one.idle, one.late_sessions, one.overruns) == (1, 600, 60, 540, 0, 0)
    assert (three.used, three.blocked, three.idle) == (0, 120, 480)
    with house.centre.database.writing() as session:  # it began on time, lasted until nine in the evening, and was a late service
        row = session.get_one(Booking, evaluation.id)
        row.stage, row.taken, row.freed, row.reason, row.busy_to = "released", row.from_ms, house.at(21), "延时服务", house.at(21, 30)
        session.commit()
    with house.centre.reading() as session:
        late = next(row for row in use(session, house.manager, house.day, house.day, house.centre.now()) if row.used and row.kind == "evaluation")
    assert (late.used, late.late, late.late_sessions, late.overruns, late.over) == (600, 180, 1, 1, (house.at(21) - evaluation.to_ms) // 60_000)
    assert late.idle == 600 - (late.used - late.late)
    with reader(house.centre) as page:
        for path in ("/rooms/use", "/rooms/use.xlsx"):
            assert page.get(path).status_code == 404
        page.sign_in(house.centre, house.agent.id)
        assert page.get("/rooms/use.xlsx").status_code == 404
        page.sign_in(house.centre, house.manager.id)
        shown = page.get(f"/rooms/use?day={house.day}").text
        assert re.search(r"开标一室.*?1\.0", shown, re.DOTALL) and "合计" in shown
        book_ = load_workbook(io.BytesIO(page.get(f"/rooms/use.xlsx?day={house.day}").content))
    table = book_["评标室"]
    assert table["A1"].value.startswith(str(house.day.replace(day=1))) and table["E3"].value == late.used / 60
    assert table["H18"].value == "=SUM(H3:H17)"
    assert (evaluation.to_ms - evaluation.from_ms, opening.to_ms - opening.from_ms) == (3 * HOUR, HOUR)
