"""Pages of the green channel: the centre's list and one tender, and the same on the parties' own desk."""
from typing import Any

import pytest
from litestar.testing import TestClient

from kernel.values import DAY
from tests.world import login, staff
from tests.worlds.projects import load, people, recorded
from tests.worlds.readers import forms_on, reader, readers
from web.agent.presets import wall


@pytest.fixture
def client(centre) -> TestClient[Any]:  # type: ignore[no-untyped-def]
    return readers(centre)


def test_a_draft_is_marked_helped_and_supported_from_desk_to_desk(centre, client) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    tender = recorded(centre, who.buyer)
    code, adviser = load(centre, tender.id).code, login(centre, "registrar1")
    manager, party = reader(client, centre, staff(centre, "room_manager")), reader(client, centre, who.buyer)
    assert "没有与您有关的绿色通道项目" in manager.text("/green") and "没有这个编号" in manager.text("/green?code=NOPE")
    page = manager.text(f"/green?code={code.lower()}")
    assert "trading.projects.flag_green" in forms_on(page) and "历史项目" not in page
    assert manager.get(f"/green/{tender.id}").status_code == 404
    assert manager.do("trading.projects.flag_green", project=tender.id, kind="key_work").status_code == 303
    page = manager.text("/green")
    assert code in page and "重点工作" in page and "历史项目" not in page and "Key work" in manager.text("/green", "en")
    assert {"trading.green.name_adviser", "trading.green.call_desks"} <= forms_on(manager.text(f"/green/{tender.id}"))
    assert "trading.green.ask_adviser" not in forms_on(party.text(f"/desk/projects/{tender.id}"))
    assert manager.do("trading.green.name_adviser", project=tender.id, person=adviser.id).status_code == 303

    page = party.text(f"/desk/projects/{tender.id}")
    assert "trading.green.ask_adviser" in forms_on(page) and "绿色通道服务" in page and "Services of the green channel" in party.text(f"/desk/projects/{tender.id}", "en")
    assert party.do("trading.green.ask_adviser", project=tender.id, question="评分项可否设最低分？").status_code == 303
    helper = reader(client, centre, adviser)
    assert "答复咨询" in helper.text("/desk") and "评分项可否设最低分" not in manager.text(f"/green/{tender.id}")
    page = helper.text(f"/green/{tender.id}")
    question = page.partition('name="question" value="')[2].partition('"')[0]
    assert "评分项可否设最低分" in page and "历史项目" not in page
    assert helper.do("trading.green.advise", project=tender.id, question=question, answer="可以，须在文件中写明。").status_code == 303
    assert "可以，须在文件中写明。" in party.text(f"/desk/projects/{tender.id}")

    assert manager.do("trading.green.call_desks", project=tender.id, desks=["rooms", "technicians"], wish="开标当日优先").status_code == 303
    desk = reader(client, centre, staff(centre, "technician"))
    assert "确认保障事项：技术支持" in desk.text("/desk") and "Promise support: Technicians" in desk.text("/desk", "en")
    until = wall(centre.now() + 2 * DAY)
    assert desk.do("trading.green.promise", project=tender.id, desk="technicians", promise="提前调试", until=wall(centre.now() - DAY)).status_code == 409
    assert desk.do("trading.green.promise", project=tender.id, desk="technicians", promise="提前调试", until=until).status_code == 303
    assert "提前调试" in party.text(f"/desk/projects/{tender.id}") and "trading.green.keep_promise" in forms_on(desk.text(f"/green/{tender.id}"))
    assert desk.do("trading.green.keep_promise", project=tender.id, desk="technicians").status_code == 303
    assert "Joint support" in party.text(f"/desk/projects/{tender.id}", "en") and "已办结" in party.text(f"/desk/projects/{tender.id}")

    for other in (party, reader(client, centre, who.supplier), reader(client, centre, staff(centre, "regulator")), reader(client, centre)):
        assert other.get("/green").status_code == other.get(f"/green/{tender.id}").status_code == other.get(f"/green?code={code}").status_code == 404
