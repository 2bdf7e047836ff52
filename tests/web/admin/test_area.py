"""The desk of the area: badges by code, no names, no tender; doors that refuse and say why."""
import pytest

from kernel.command import Actor
from kernel.ticker import settle
from tests.worlds import evaluation as world
from tests.worlds.readers import forms_on, reader, readers
from trading.projects.records import Project


@pytest.fixture
def hall(centre):  # type: ignore[no-untyped-def]
    return world.prepared(centre)


@pytest.fixture
def client(centre):  # type: ignore[no-untyped-def]
    with readers(centre) as made:
        yield made


def secrets(hall) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    with hall.centre.reading() as session:
        tender = session.get_one(Project, hall.project)
        return (tender.id, tender.code, tender.title, "评委甄", "示例供应商", "示例采购人")


def test_the_desk_opens_at_its_terminal_alone(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    outside = reader(client, centre, Actor("person", hall.guard.id)).text("/area")
    assert "评标区的终端" in outside and forms_on(outside) == set() and hall.room.code not in outside
    for other in (hall.people["A"], hall.tender.suppliers[0], None):
        assert reader(client, centre, other).get("/area").status_code == 404


def test_a_member_is_let_in_with_his_phone_away(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    guard, code = reader(client, centre, hall.guard), hall.badge("A")
    page = guard.text("/area")
    assert code in page and not any(secret in page for secret in secrets(hall))
    door = {"badge": code, "door": "D1", "face": "yes", "paper": "yes", "_next": "/area"}
    refused = guard.do("evaluation.area.admit", **door)
    assert refused.status_code == 409
    settle(centre)
    assert guard.do("evaluation.area.store_phone", badge=code, locker="7").status_code == 303
    assert guard.do("evaluation.area.store_phone", badge=hall.badge("B"), locker="7").status_code == 409
    assert guard.do("evaluation.area.store_phone", badge=code, locker="x").status_code == 422
    assert guard.do("evaluation.area.admit", **door).status_code == 303
    settle(centre)
    page = guard.text("/area")
    assert "在区内" in page and "Inside" in guard.text("/area", "en")
    assert guard.do("evaluation.area.leave", badge=code, door="D1").status_code == 409
    assert guard.do("evaluation.area.return_phone", badge=code).status_code == 409


def test_the_running_session_shows_letters_alarms_and_doors(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    guard = reader(client, centre, hall.guard)
    guard.do("evaluation.area.admit", badge=hall.badge("E"), door="D9", face="yes", paper="yes")
    world.gathered(world.inside(hall))
    page = guard.text("/area")
    assert "出入被拒" in page and "D1" in page and "通讯工具未存放" in page or "手机" in page
    assert not any(secret in page for secret in secrets(hall)) and hall.room.id in page
    alarm = page.split('name="alarm" value="')[1].split('"')[0]
    assert guard.do("evaluation.area.settle_alarm", alarm=alarm, finding="").status_code == 422
    assert guard.do("evaluation.area.settle_alarm", alarm=alarm, finding="explained").status_code == 303
    assert guard.do("evaluation.area.settle_alarm", alarm=alarm, finding="explained").status_code == 409
    guest = {"room": hall.room.id, "kind": "technician", "escort": "值守甲", "hours": "1"}
    assert guard.do("evaluation.area.register_guest", **guest).status_code == 409
    assert guard.do("evaluation.area.register_guest", **guest, regulator_told="yes").status_code == 303
    assert guard.do("evaluation.area.register_guest", **(guest | {"room": "nowhere"}), regulator_told="yes").status_code == 404
    assert "技术支持" in guard.text("/area")


def test_the_agency_opens_and_verifies_by_letter(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    agent = reader(client, centre, hall.agent)
    assert "evaluation.open" in forms_on(agent.text("/area"))
    assert agent.do("evaluation.open", project=hall.project, network_cut="yes").status_code == 409
    world.inside(hall)
    assert agent.do("evaluation.open", project=hall.project, network_cut="yes").status_code == 303
    settle(centre)
    page = agent.text("/area")
    assert page.count('action="/do/evaluation.verify_member"') == 5 and "评委甄" not in page and hall.badge("A") not in page
    assert agent.do("evaluation.verify_member", project=hall.project, seat="A", face="yes").status_code == 409
    assert agent.do("evaluation.verify_member", project=hall.project, seat="A", face="yes", paper="yes").status_code == 303
    assert agent.text("/area").count('action="/do/evaluation.verify_member"') == 4
    leave = {"badge": hall.badge("A"), "minutes": "10", "escort": "值守甲", "reason": "就医"}
    assert agent.do("evaluation.area.allow_leave", **(leave | {"reason": " "})).status_code == 422
    assert agent.do("evaluation.area.allow_leave", **leave).status_code == 303
    assert agent.do("evaluation.area.allow_leave", **leave).status_code == 409


@pytest.mark.parametrize("query", ["?session=x", "?session=%00", "?session=" + "9" * 400])
def test_hostile_queries_show_the_first_session(hall, client, centre, query: str) -> None:  # type: ignore[no-untyped-def]
    assert hall.room.code in reader(client, centre, hall.guard).text("/area" + query)
