"""The supervising office: masked boards, looks that leave an entry, orders that need their number."""
import pytest
from sqlalchemy import select

from kernel.ledger.entries import Entry
from kernel.values import MINUTE
from tests.world import login, staff
from tests.worlds import evaluation as world
from tests.worlds import experts as draws
from tests.worlds.readers import forms_on, reader, readers
from trading.projects.records import Project
from trading.sealing.enrol_custodian import enrolment
from trading.sealing.records import Custodian
from trading.sealing.rules.ceremony import identity_seed


@pytest.fixture
def hall(centre):  # type: ignore[no-untyped-def]
    return world.gathered(world.inside(world.prepared(centre)))


@pytest.fixture
def client(centre):  # type: ignore[no-untyped-def]
    with readers(centre) as made:
        yield made


def test_the_board_names_nobody(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    office = reader(client, centre, staff(centre, "regulator", scope="procurement"))
    for path in ("/regulator", "/regulator/wall", f"/regulator/sessions/{hall.room.id}"):
        page = office.text(path)
        assert hall.room.code in page and "评委甄" not in page and "示例供应商" not in page
        assert office.get(path, "en").status_code == 200
    assert "5 / 5" in office.text("/regulator") and "Seated" in office.text("/regulator/wall", "en")
    masked = office.text(f"/regulator/sessions/{hall.room.id}")
    assert "评审情况保密" in masked and hall.project not in masked and "示例项目" not in masked


def test_other_offices_and_people_see_an_empty_room(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    other = reader(client, centre, staff(centre, "regulator", scope="works"))
    assert hall.room.code not in other.text("/regulator") + other.text("/regulator/wall")
    assert other.get(f"/regulator/sessions/{hall.room.id}").status_code == 404
    auditor = reader(client, centre, login(centre, "auditor1"))
    assert hall.room.code not in auditor.text("/regulator") and auditor.get("/regulator/wall").status_code == 404
    for actor in (hall.guard, hall.agent, hall.people["A"], hall.tender.suppliers[0], None):
        for path in ("/regulator", "/regulator/wall", f"/regulator/sessions/{hall.room.id}"):
            assert reader(client, centre, actor).get(path).status_code == 404


def test_a_look_is_an_entry_and_lasts_fifteen_minutes(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    office, path = reader(client, centre, staff(centre, "regulator", scope="procurement")), f"/regulator/sessions/{hall.room.id}"
    look = {"room": hall.room.id, "file_number": "财〔2026〕9号", "reason": "例行监督", "_next": path}
    assert office.do("evaluation.area.watch", **(look | {"file_number": ""})).status_code == 422
    assert reader(client, centre, staff(centre, "regulator", scope="works")).do("evaluation.area.watch", **look).status_code == 404
    assert office.do("evaluation.area.watch", **look).status_code == 303
    with centre.reading() as session:
        assert len(session.scalars(select(Entry).where(Entry.tag == "evaluation.area.watch")).all()) == 1
    page = office.text(path)
    assert all(f"评委甄{x}" in page for x in world.LETTERS) and "示例项目" in page and "监督视图开放至" in page
    assert "评委甄" not in reader(client, centre, staff(centre, "regulator", scope="procurement")).text(path)
    hall.tender.forward(15 * MINUTE)
    office = reader(client, centre, login(centre, "regulator1"))
    assert "评委甄" not in office.text(path)


def test_halting_needs_an_order_and_is_lifted(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    office, path = reader(client, centre, staff(centre, "regulator", scope="procurement")), f"/regulator/sessions/{hall.room.id}"
    stop = {"room": hall.room.id, "cause": "complaint_order", "order": "监〔2026〕1号", "_next": path}
    assert "evaluation.resume" not in forms_on(office.text(path))
    assert office.do("evaluation.halt", **(stop | {"order": ""})).status_code == 422
    assert office.do("evaluation.halt", **(stop | {"cause": "none_such"})).status_code == 422
    assert office.do("evaluation.halt", **stop).status_code == 303
    page = office.text(path)
    assert "评审已暂停" in page and "evaluation.halt" not in forms_on(page)
    assert office.do("evaluation.resume", room=hall.room.id).status_code == 409
    assert office.do("evaluation.resume", room=hall.room.id, cause_gone="yes").status_code == 303
    assert "evaluation.halt" in forms_on(office.text(path))


def test_a_tender_is_suspended_by_order(hall, client, centre) -> None:  # type: ignore[no-untyped-def]
    with centre.reading() as session:
        code = session.get_one(Project, hall.project).code
    office, path = reader(client, centre, staff(centre, "regulator", scope="procurement")), f"/regulator/tenders/{code}"
    assert "trading.projects.suspend" in forms_on(office.text(path))
    order = {"project": hall.project, "cause": "complaint_order", "typed": code[-4:], "_next": path}
    assert office.do("trading.projects.suspend", **order).status_code == 409
    assert office.do("trading.projects.suspend", **order, order_number="监〔2026〕2号").status_code == 303
    page = office.text(path)
    assert "已暂停" in page and "trading.projects.resume" in forms_on(page)
    assert office.do("trading.projects.resume", project=hall.project, finding="投诉已处理", _next=path).status_code == 303
    assert reader(client, centre, staff(centre, "regulator", scope="works")).get(path).status_code == 404
    assert reader(client, centre, login(centre, "auditor1")).get(path).status_code == 404


def test_two_persons_enrol_a_custodian(client, centre) -> None:  # type: ignore[no-untyped-def]
    one, two = (reader(client, centre, staff(centre, "regulator")) for _ in range(2))
    given = enrolment(identity_seed(b"\x01" * 32), centre.origin, "公证处", "notary", "示例公证处").model_dump()
    assert one.do("trading.sealing.enrol_custodian", **(given | {"proof": "0" * 128})).status_code == 409
    assert one.do("trading.sealing.enrol_custodian", **(given | {"identity": "xyz"})).status_code == 422
    assert one.do("trading.sealing.enrol_custodian", **given).status_code == 303
    assert one.do("trading.sealing.enrol_custodian", **given).status_code == 409
    assert two.do("trading.sealing.enrol_custodian", **given).status_code == 303
    with centre.reading() as session:
        assert session.scalars(select(Custodian.name)).all() == ["公证处"]
    assert "示例公证处" in one.text("/regulator")


def test_the_office_contributes_to_a_draw(client, centre) -> None:  # type: ignore[no-untyped-def]
    from kernel.ticker import settle

    made = draws.world(centre)
    draw = made.brief()
    settle(centre)
    office = reader(client, centre, made.regulator)
    page = office.text("/regulator")
    path = f"/regulator/draws/{draw.id}/contribute"
    assert path in page and path not in reader(client, centre, staff(centre, "regulator", scope="procurement")).text("/regulator")
    assert reader(client, centre, made.agent).post(path, {}).status_code == 404
    shown = office.post(path, {})
    assert shown.status_code == 200
    value = shown.text.split('data-copy="')[1].split('"')[0]
    assert office.post(path, {}).status_code == 404 and len(value) == 64
    for party in ("agent", "centre"):
        made.commit(draw.id, party)
    assert "experts.reveal" in forms_on(office.text("/regulator"))
    assert office.do("experts.reveal", project=made.project, draw=draw.id, value="0" * 64).status_code == 409
    assert office.do("experts.reveal", project=made.project, draw=draw.id, value=value).status_code == 303
    assert "experts.reveal" not in forms_on(office.text("/regulator"))


@pytest.mark.parametrize("path", ["/regulator/sessions/x", "/regulator/sessions/%00", "/regulator/tenders/NONE", "/regulator/tenders/" + "x" * 300])
def test_unknown_things_are_absent(client, centre, path: str) -> None:  # type: ignore[no-untyped-def]
    assert reader(client, centre, staff(centre, "regulator")).get(path).status_code == 404
