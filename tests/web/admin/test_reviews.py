"""The review queue: who sees which file, what is masked, agree and return with one fact changed."""
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from kernel.command import SYSTEM, Actor
from kernel.values import day_of
from tests.world import staff
from tests.worlds import subjects
from tests.worlds.projects import organisation, recorded
from tests.worlds.projects import reviewers as drawn_for
from tests.worlds.readers import Reader, forms_on, reader, readers
from trading.projects.assign import Assign, assign
from trading.projects.flag_green import FlagGreen, flag_green
from trading.projects.records import OwedPaper, Project
from trading.projects.rules.reviewing import CHECKLIST
from trading.projects.submit import Submit, submit
from trading.subjects.change import Change, change
from trading.subjects.records import Membership, Subject

PHONE = "01012345678"


@pytest.fixture
def client(centre) -> TestClient[Any]:  # type: ignore[no-untyped-def]
    return readers(centre)


def row(centre: Any, table: type, id: str | None) -> Any:
    with centre.reading() as session:
        return session.get_one(table, id)


def at_desk(client: TestClient[Any], centre: Any, org: str | None) -> Reader:
    return reader(client, centre, subjects.drawn(centre, org))


def test_the_drawn_reviewer_sees_the_file_masked(centre, client) -> None:  # type: ignore[no-untyped-def]
    org = subjects.submitted(centre, 1).org
    desk = at_desk(client, centre, org)
    assert "示例单位1" in desk.text("/reviews")
    page = desk.text(f"/reviews/{org}")
    assert subjects.code(1) in page and "营业执照" in page and "退回时，对方会看到" in page
    assert PHONE not in page and "张三" not in page and "office1@example.com" not in page
    english = desk.text(f"/reviews/{org}", "en")
    assert "Return for repair" in english and "What they will see" in english


def test_another_reviewer_and_everybody_else_finds_nothing(centre, client) -> None:  # type: ignore[no-untyped-def]
    org = subjects.submitted(centre, 1).org
    other = reader(client, centre, staff(centre, "reviewer1"))
    assert "示例单位1" not in other.text("/reviews")
    for who in (other, reader(client, centre, organisation(centre, "示例供应商", supplier=True)), reader(client, centre)):
        assert who.get(f"/reviews/{org}").status_code == 404
    assert reader(client, centre).get("/reviews").status_code == 404


@pytest.mark.parametrize("path", ["/reviews/%00", "/reviews/" + "x" * 400, "/reviews/1'--", "/reviews?show=<script>", "/reviews?show=bad"])
def test_hostile_addresses(centre, client, path) -> None:  # type: ignore[no-untyped-def]
    org = subjects.submitted(centre, 1).org
    assert at_desk(client, centre, org).get(path).status_code in (200, 400, 404)


def test_two_looks_admit_the_organisation(centre, client) -> None:  # type: ignore[no-untyped-def]
    org = subjects.submitted(centre, 1).org
    for stage in ("first", "second"):
        desk = at_desk(client, centre, org)
        assert f"trading.subjects.review_{stage}" in forms_on(desk.text(f"/reviews/{org}"))
        stale = desk.do(f"trading.subjects.review_{stage}", subject=org, round="7")
        assert stale.status_code == 409
        assert desk.do(f"trading.subjects.review_{stage}", subject=org, round="1").headers["location"].startswith("/reviews")
        subjects.drain(centre)
    assert row(centre, Subject, org).stage == "admitted"


def test_a_return_names_its_faults_and_the_organisation_reads_them(centre, client) -> None:  # type: ignore[no-untyped-def]
    actor = subjects.submitted(centre, 1)
    desk = at_desk(client, centre, actor.org)
    empty = desk.do("trading.subjects.return_for_repair", subject=actor.org, round="1")
    assert empty.status_code == 409 and row(centre, Subject, actor.org).stage == "first_review"
    assert desk.do("trading.subjects.return_for_repair", subject=actor.org, round="1", item_name="名称与执照不一致").status_code == 303
    page = reader(client, centre, actor).text("/subject")
    assert "名称与执照不一致" in page and "已退回补正" in page


def test_a_change_is_drawn_as_a_difference(centre, client) -> None:  # type: ignore[no-untyped-def]
    actor = subjects.admitted(centre, 1)
    change(centre, actor, Change(subject=actor.org or "", address="示例新路 8 号"))
    subjects.drain(centre)
    page = at_desk(client, centre, actor.org).text(f"/reviews/{actor.org}")
    assert "<del>示例路 1 号</del>" in page and "<ins>示例新路 8 号</ins>" in page and "同意变更" in page


def test_an_overseer_reads_in_full_only_after_a_recorded_reading(centre, client) -> None:  # type: ignore[no-untyped-def]
    org = subjects.submitted(centre, 1).org
    registrar = reader(client, centre, staff(centre, "registrar"))
    before = registrar.text(f"/reviews/{org}")
    assert PHONE not in before and "trading.subjects.read_personal" in forms_on(before)
    assert registrar.do("trading.subjects.read_personal", subject=org, file_number=" ", cause="review").status_code in (409, 422)
    assert registrar.do("trading.subjects.read_personal", subject=org, file_number="A-1", cause="review").status_code == 303
    after = registrar.text(f"/reviews/{org}")
    assert PHONE in after and "trading.subjects.review_first" not in forms_on(after)


@pytest.fixture
def tender(centre) -> str:  # type: ignore[no-untyped-def]
    for role in ("reviewer1", "reviewer2"):
        staff(centre, role)
    who = organisation(centre, "示例招标人", buyer=True)
    project = recorded(centre, who)
    submit(centre, who, Submit(project=project.id))
    assign(centre, SYSTEM, Assign(project=project.id))
    return project.id


def checks(**answers: str) -> dict[str, str]:
    return {f"check_{item}": answers.get(item, "yes") for item in CHECKLIST}


def test_a_tender_is_looked_at_twice(centre, client, tender) -> None:  # type: ignore[no-untyped-def]
    first, second = drawn_for(centre, tender)
    assert "历史项目" not in reader(client, centre, second).text("/reviews")
    for who, tag in ((first, "trading.projects.review_first"), (second, "trading.projects.review_second")):
        desk = reader(client, centre, who)
        page = desk.text(f"/reviews/{tender}")
        assert "审批或采购计划文件齐备" in page and tag in forms_on(page)
        unanswered = {key: value for key, value in checks().items() if key != "check_plan"}
        assert desk.do(tag, project=tender, **unanswered).status_code == 409
        assert desk.do(tag, project=tender, **checks()).status_code == 303
        assert desk.get(f"/reviews/{tender}").status_code == 404


def test_a_tender_goes_back_with_every_reason_at_once(centre, client, tender) -> None:  # type: ignore[no-untyped-def]
    desk = reader(client, centre, drawn_for(centre, tender)[0])
    assert desk.do("trading.projects.return_for_repair", project=tender, **checks(plan="no")).status_code == 409
    assert row(centre, Project, tender).stage == "review"
    assert desk.do("trading.projects.return_for_repair", project=tender, **checks(plan="no"), reason_plan="缺少批复").status_code == 303
    assert row(centre, Project, tender).stage == "draft"


def test_a_paper_that_follows_goes_from_desk_to_desk(centre, client, tender) -> None:  # type: ignore[no-untyped-def]
    first, second = drawn_for(centre, tender)
    looks = reader(client, centre, first)
    assert "trading.projects.accept_owing" not in forms_on(looks.text(f"/reviews/{tender}"))  # only in the green channel
    flag_green(centre, staff(centre, "room_manager"), FlagGreen(project=tender, kind="key_project"))
    assert "trading.projects.accept_owing" in forms_on(looks.text(f"/reviews/{tender}"))
    assert looks.do("trading.projects.review_first", project=tender, **checks(plan="no")).status_code == 409
    until = day_of(centre.now()).isoformat()
    assert looks.do("trading.projects.accept_owing", project=tender, item="plan", title="项目批复原件", until=until).status_code == 303
    assert "项目批复原件" in looks.text(f"/reviews/{tender}")
    assert looks.do("trading.projects.review_first", project=tender, **checks(plan="no")).status_code == 303
    assert looks.get(f"/reviews/{tender}").status_code == 404
    assert reader(client, centre, second).do("trading.projects.review_second", project=tender, **checks(plan="no")).status_code == 303

    with centre.reading() as session:
        row = session.scalars(select(OwedPaper)).one()
        member = session.scalars(select(Membership.person).where(Membership.org == session.get_one(Project, tender).buyer)).one()
        buyer = Actor("person", member, session.get_one(Project, tender).buyer)
    owes = reader(client, centre, buyer)
    page = owes.text(f"/desk/projects/{tender}")
    assert "项目批复原件" in page and "trading.projects.supply_paper" in forms_on(page) and "容缺材料尚未补齐" in page
    assert "Papers to follow" in owes.text(f"/desk/projects/{tender}", "en") and "补交容缺材料" in owes.text("/desk")
    assert looks.get(f"/desk/papers/{row.id}").status_code == 404  # nothing was handed in
    given = {"project": tender, "paper": row.id}
    assert owes.post("/do/trading.projects.supply_paper", given, files={"file": ("a.txt", b"no paper")}).status_code == 422
    assert owes.post("/do/trading.projects.supply_paper", given, files={"file": ("plan.pdf", b"%PDF-1.7 plan %%EOF")}).status_code == 303

    assert "容缺材料待核对" in looks.text("/reviews") and "核对补交材料" in looks.text("/desk")
    assert "trading.projects.check_paper" in forms_on(looks.text(f"/reviews/{tender}"))
    assert looks.get(f"/desk/papers/{row.id}").content == b"%PDF-1.7 plan %%EOF"
    stranger = reader(client, centre, staff(centre, "reviewer1"))
    assert stranger.get(f"/reviews/{tender}").status_code == stranger.get(f"/desk/papers/{row.id}").status_code == 404
    assert looks.do("trading.projects.check_paper", **given, good="no").status_code == 409
    assert looks.do("trading.projects.check_paper", **given, good="yes").status_code == 303
    assert "已补齐" in owes.text(f"/desk/projects/{tender}") and looks.get(f"/reviews/{tender}").status_code == 404
