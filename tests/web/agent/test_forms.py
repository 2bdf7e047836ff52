"""Each form of a tender's page: taken, and refused with one fact changed; what was typed stays."""
import io
from datetime import timedelta
from typing import Any

import pytest

from experts.records import Contribution, Draw
from kernel.centre import Centre
from kernel.ticker import settle
from kernel.values import DAY, HOUR, day_of, instant, local, yuan
from rooms.catalogue import furnish_all
from rooms.records import Booking
from tests.web.pages import TOKEN, Reader, reader
from tests.world import login, staff
from tests.worlds import awards
from tests.worlds.experts import world
from tests.worlds.projects import People, load, people
from tests.worlds.sealed import enrol
from tests.worlds.tenders import BUDGET, colleague, complete, confirmed, deadline_after, document, entered, mandated, published
from trading.awards.records import Award, RegulatorReport
from trading.notices.records import Notice
from trading.opening.records import Judgement, Opening
from trading.projects.records import Document, Lot, Mandate, Project, Scoring
from trading.projects.set_document import set_document
from trading.sealing.records import Ceremony

PDF = b"%PDF-1.7\nexample\n%%EOF\n"
ROWS = {"zh1": "实施方案", "section1": "technical", "kind1": "subjective", "high1": "60", "zh2": "同类业绩", "section2": "commercial", "kind2": "objective",
        "high2": "20", "zh3": "报价", "section3": "price", "kind3": "objective", "high3": "20", "places": "2", "tie": "draw", "conditions": "营业执照"}
WRITTEN = {"requirements": "具备相应资质", "consortium": "不接受", "subject": "示例服务", "contact": "甄某 010-00000000", "deposit": "160,000.00",
           "fair_competition": "审查表 1 号", "validity_days": "90", "decrypt_minutes": "30", "confirm_minutes": "10"}


@pytest.fixture
def who(centre: Centre) -> People:
    return people(centre)


def rows(centre: Centre, table: Any, **where: Any) -> list[Any]:
    from sqlalchemy import select

    with centre.reading() as session:
        return list(session.scalars(select(table).filter_by(**where)))


class Place:
    """A signed-in person at one tender's page."""

    def __init__(self, page: Reader, centre: Centre, person: str, project: str, area: bool = False) -> None:
        self.page, self.project = page.sign_in(centre, person, area), project

    @property
    def at(self) -> str:
        return f"/desk/projects/{self.project}"

    def take(self, name: str, files: dict[str, bytes] | None = None, **values: Any) -> Any:
        token = TOKEN.search(self.page.get("/me").text)
        assert token
        sent = {key: (f"{key}.pdf", io.BytesIO(data), "application/pdf") for key, data in (files or {}).items()}
        return self.page.client.post(f"{self.at}/{name}", data={"_csrf_token": token[1], **values}, files=sent or None, follow_redirects=False)


def moment(ms: int) -> str:
    return f"{local(ms):%Y-%m-%dT%H:%M}"


def test_entering_a_tender(centre: Centre, who: People) -> None:
    given = {"field": "works", "kind": "construction", "title": "示例桥梁", "budget": "8,000,000", "plan": "批复 1 号"}
    with reader(centre) as page:
        page.sign_in(centre, who.buyer.id)
        short = page.send("/do/trading.projects.draft", "/desk/projects/new", **(given | {"title": ""}))
        assert short.status_code == 422 and "请填写项目名称" in short.text and "批复 1 号" in short.text
        done = page.send("/do/trading.projects.draft", "/desk/projects/new", **given)
        assert done.status_code == 303 and done.headers["location"].startswith("/desk/projects/")
        assert "示例桥梁" in page.get(done.headers["location"]).text
    assert rows(centre, Project, title="示例桥梁")[0].budget == BUDGET


def test_a_mandate_needs_its_contract(centre: Centre, who: People) -> None:
    project = entered(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.buyer.id, project.id)
        assert place.take("mandate", agent=who.agent.org).status_code == 422
        assert place.take("mandate", {"file": PDF}, agent=who.agent.org).status_code == 303
    assert rows(centre, Mandate, project=project.id)[0].agent == who.agent.org


def test_lots_add_up(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        wrong = place.take("split", lots="一标段 | 5,000,000\n二标段 | 2,000,000")
        assert wrong.status_code == 422 and "各标段之和应为" in wrong.text and "二标段" in wrong.text
        assert place.take("split", lots="一标段").status_code == 422
        assert place.take("split", lots="一标段 | 5,000,000\n二标段 | 3,000,000").status_code == 303
    assert len(rows(centre, Lot, project=project.id)) == 2


def test_the_method_must_be_one_of_the_field(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        assert place.take("choose_method", method="open", evaluation="benchmark").status_code == 409
        assert place.take("choose_method", method="open", evaluation="lowest_price").status_code == 303


def test_the_document_and_its_files(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        high = place.take("set_document", {"file_tender_document": PDF}, **(WRITTEN | {"deposit": "200,000"}))
        assert high.status_code == 409 and "160,000.00" in high.text and "具备相应资质" in high.text
        odd = place.take("set_document", {"file_tender_document": b"plain text"}, **WRITTEN)
        assert odd.status_code == 422 and "仅接受完整的 PDF" in odd.text
        assert place.take("set_document", {"file_tender_document": PDF}, **WRITTEN).status_code == 303
    assert [paper.media for paper in rows(centre, Document, project=project.id)] == ["application/pdf"]
    assert load(centre, project.id).details["requirements"] == "具备相应资质"


def test_the_scoring_table(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        wrong = place.take("set_scoring", **(ROWS | {"high1": "59"}))
        assert wrong.status_code == 409 and 'value="59"' in wrong.text and "同类业绩" in wrong.text
        assert place.take("set_scoring", **(ROWS | {"high2": "二十"})).status_code == 422
        assert place.take("set_scoring", **(ROWS | {"zh2": "营业执照"})).status_code == 409
        assert place.take("set_scoring", **ROWS).status_code == 303
        assert 'value="同类业绩"' in page.get(f"{place.at}/set_scoring").text
    scheme = rows(centre, Scoring, project=project.id)[0].scheme
    assert [item["weight"] for item in scheme["items"]] == ["0.6", "0.2", "0.2"] and scheme["items"][2]["code"] == "P"


def test_the_benchmark_of_works(centre: Centre, who: People) -> None:
    project = mandated(centre, who, "works")
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        assert place.take("choose_method", method="open", evaluation="benchmark").status_code == 303
        assert "下浮系数" in page.get(f"{place.at}/set_scoring").text
        assert place.take("set_scoring", **(ROWS | {"above": "1", "below": "0.5", "k": "0.03"})).status_code == 303
    assert rows(centre, Scoring, project=project.id)[0].scheme["benchmark"]["k"] == "0.03"


def test_the_ceiling_stays_within_the_budget(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.buyer.id, project.id)
        assert place.take("set_ceiling", ceiling=yuan(BUDGET + 1)).status_code == 409
        assert place.take("set_ceiling", ceiling=yuan(BUDGET)).status_code == 303
    assert load(centre, project.id).ceiling == BUDGET


def booking(start: int) -> dict[str, str]:
    return {"opening_at": moment(start), "opening_hours": "1", "opening_seats": "20", "evaluation_at": moment(start + HOUR), "evaluation_hours": "4",
            "evaluation_seats": "9"}


def test_rooms_are_booked_together_and_the_nearest_free_are_offered(centre: Centre, who: People) -> None:
    furnish_all(centre, login(centre, "registrar1"))
    project, start = mandated(centre, who), deadline_after(centre)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        late = place.take("book", **(booking(start) | {"opening_at": moment(instant(day_of(start), 20))}))
        assert late.status_code == 409 and "最近的空闲时段" in late.text and late.text.count('name="opening_at" value=') == 3
        assert place.take("book", **(booking(start) | {"opening_hours": "long"})).status_code == 422
        assert place.take("book", **booking(start)).status_code == 303
        settle(centre)
        assert {row.stage for row in rows(centre, Booking, project=project.id)} == {"held"}
        assert "已锁定" in page.get(place.at).text


def test_the_calendar_keeps_the_periods(centre: Centre, who: People) -> None:
    from tests.worlds.rooms import rooms_for

    project, deadline = mandated(centre, who), deadline_after(centre)
    rooms_for(centre, who.agent, project.id, deadline)
    given = {"publish_on": day_of(centre.now()).isoformat(), "document_until": moment(deadline - 9 * DAY), "deadline": moment(deadline),
             "evaluation": moment(deadline + HOUR)}
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        short = place.take("set_calendar", **(given | {"publish_on": (day_of(centre.now()) + timedelta(days=5)).isoformat()}))
        assert short.status_code == 409 and "需要的条件" in short.text
        assert place.take("set_calendar", **(given | {"deadline": "tomorrow"})).status_code == 422
        assert place.take("set_calendar", **given).status_code == 303
    assert load(centre, project.id).deadline == deadline


def test_the_ceremony_has_enough_custodians(centre: Centre, who: People, tmp_path: Any) -> None:
    project, keepers = mandated(centre, who), enrol(centre, tmp_path)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        assert "保管人1" in page.get(f"{place.at}/begin_ceremony").text
        assert place.take("begin_ceremony", k="2").status_code == 422
        assert place.take("begin_ceremony", custodians=[one.id for one in keepers[:2]], k="2").status_code == 409
        assert place.take("begin_ceremony", custodians=[one.id for one in keepers], k="2").status_code == 303
        assert "保管人进行中 0/9" in page.get(place.at).text
    assert rows(centre, Ceremony, project=project.id)[0].k == 2


def test_confirming_takes_the_code_and_the_same_file(centre: Centre, who: People) -> None:
    project = complete(centre, who)
    set_document(centre, who.agent, document(centre, project.id, validity_days=120))
    with reader(centre) as page:
        place = Place(page, centre, who.buyer.id, project.id)
        digest = page.get(f"{place.at}/confirm_document").text.split('name="digest" value="')[1][:64]
        wrong = place.take("confirm_document", digest=digest, typed="0000")
        assert wrong.status_code == 422 and "与项目编号后四位不一致" in wrong.text
        assert place.take("confirm_document", digest="0" * 64, typed=project.code[-4:]).status_code == 409
        assert place.take("confirm_document", digest=digest, typed=project.code[-4:].lower()).status_code == 303


def test_submitting_waits_for_the_confirmation(centre: Centre, who: People) -> None:
    project = complete(centre, who)
    set_document(centre, who.agent, document(centre, project.id, validity_days=120))
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        refused = place.take("submit")
        assert refused.status_code == 409 and "buyer_confirmed" in refused.text
        confirmed(centre, who, project.id)
        done = place.take("submit")
        assert done.status_code == 303 and "已办理：提交审核" in page.get(done.headers["location"]).text
    assert load(centre, project.id).stage == "review"


def test_publishing_waits_for_both_reviews(centre: Centre, who: People) -> None:
    from tests.worlds.projects import reviewed

    project = complete(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        reviewed(centre, project.id, who.agent)
        assert place.take("publish", typed="XXXX").status_code == 422
        assert place.take("publish", typed=project.code[-4:]).status_code == 303
    assert load(centre, project.id).stage == "inviting"


def test_changes_while_bids_are_open(centre: Centre) -> None:
    who, project = published(centre)
    deadline = project.deadline or 0
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        assert place.take("extend", deadline=moment(deadline - DAY), reason="更正图纸").status_code == 409
        assert place.take("extend", deadline=moment(deadline_after(centre, 28)), reason="更正图纸").status_code == 303
        assert place.take("clarify", text="应示例公司来函要求，更正第 3 页", touches="document", affects="yes").status_code == 409
        assert place.take("clarify", {"file": PDF}, text="更正第 3 页", touches="document", affects="yes").status_code == 303
        notice = next(row.id for row in rows(centre, Notice, project=project.id) if row.kind == "tender")
        assert place.take("correct", notice=notice, code="experts", text="x", change="y").status_code == 422
        assert place.take("correct", notice=notice, code="contact", text="甄某", change="联系人").status_code == 303
        assert place.take("record_media_time", medium="ccgp_province", moment=moment(centre.now() - DAY), proof="https://example.cn/1").status_code == 409
    assert {row.kind for row in rows(centre, Notice, project=project.id)} == {"tender", "extension", "clarification", "correction"}


def test_naming_the_host(centre: Centre) -> None:
    who, project = published(centre)
    host = staff(centre, "registrar", "主持甲")
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        assert place.take("name_host", person=who.supplier.id).status_code == 409
        assert place.take("name_host", person=host.id).status_code == 303
        assert "主持甲" in page.get(place.at).text


def test_two_persons_judge_a_qualification(centre: Centre) -> None:
    made = awards.tender(centre, "procurement.open", "qualifying", prices=(90_000_000, 95_000_000, 97_000_000))
    with centre.database.writing() as session:
        from sqlalchemy import select

        opening = session.scalars(select(Opening).where(Opening.project == made.project)).one()
        opening.read_out = opening.signed = centre.clock.now(session)
        session.commit()
    with reader(centre) as page:
        place = Place(page, centre, made.buyer.id, made.project)
        assert place.take("judge_qualification", bid=made.bids[0], passed="no", clause="不在文件中", reason="缺").status_code == 409
        assert place.take("judge_qualification", bid=made.bids[0], passed="yes").status_code == 303
        assert place.take("judge_qualification", bid=made.bids[0], passed="yes").status_code == 409
        place = Place(page, centre, made.buyer2.id, made.project)
        assert place.take("judge_qualification", bid=made.bids[0], passed="yes").status_code == 303
        assert len(rows(centre, Judgement, project=made.project)) == 1
        assert place.take("close_qualification").status_code == 409
        assert "尚不能办理" in page.get(place.at).text


def test_the_draw_from_the_brief_to_the_reveal(centre: Centre) -> None:
    made = world(centre)
    brief = {"category1": "a0801", "seats1": "3", "category2": "A0601", "seats2": "1", "members": "5", "representatives": "1", "hours": "4"}
    with reader(centre) as page:
        place = Place(page, centre, made.agent.id, made.project)
        assert place.take("brief", **(brief | {"members": "4", "seats1": "2"})).status_code == 409
        assert place.take("brief", **(brief | {"seats2": ""})).status_code == 422
        done = place.take("brief", **brief)
        assert done.headers["location"] == f"{place.at}/draw?done=experts.brief"
        settle(centre)
        fresh = page.send(f"{place.at}/draw/contribute", f"{place.at}/draw")
        assert fresh.status_code == 200 and "仅显示这一次" in fresh.text
        value = fresh.text.split('data-copy="')[1][:64]
        draw = rows(centre, Draw, project=made.project)[0]
        assert [one.party for one in rows(centre, Contribution, draw=draw.id)] == ["agent"]
        for party in ("centre", "regulator"):
            made.commit(draw.id, party)
        assert place.take("reveal", draw=draw.id, value="0" * 64).status_code == 409
        assert place.take("reveal", draw=draw.id, value=value).status_code == 303
        assert value[:4] in page.get(f"{place.at}/draw").text


def test_the_buyer_names_its_representative(centre: Centre) -> None:
    made = world(centre)
    draw = made.brief()
    with reader(centre) as page:
        place = Place(page, centre, made.buyer.id, made.project)
        assert "采购乙" in page.get(f"{place.at}/draw").text
        assert place.take("name_representative", draw=draw.id, person=made.representative.id).status_code == 422
        assert place.take("name_representative", {"authorisation": PDF}, draw=draw.id, person=made.representative.id).status_code == 303


def test_from_the_report_to_the_letter(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = awards.tender(centre, "procurement.open", "evaluating")
    code = load(centre, made.project).code[-4:]
    with reader(centre) as page:
        agent = Place(page, centre, made.agent.id, made.project)
        awards.answer(monkeypatch, session_sealed=False)
        assert agent.take("send_report").status_code == 409
        awards.sealed(monkeypatch, made)
        assert agent.take("send_report").status_code == 303
        buyer = Place(page, centre, made.buyer.id, made.project)
        assert buyer.take("receive_report").status_code == 303
        settle(centre)
        shown = page.get(f"{buyer.at}/fix_winner").text
        first, second = (f"{made.bids[n]}:{awards.PRICES[n]}" for n in (0, 1))
        assert first in shown and "示例供应商0" in shown
        assert buyer.take("fix_winner", choice=second, typed=code).status_code == 409
        assert buyer.take("fix_winner", choice=first, typed="0000").status_code == 422
        assert buyer.take("fix_winner", choice=f"{made.bids[0]}:1", typed=code).status_code == 409
        assert buyer.take("fix_winner", choice=first, typed=code).status_code == 303
        assert rows(centre, Award, project=made.project)[0].bid == made.bids[0]
        assert Place(page, centre, made.agent.id, made.project).take("send_letter").status_code == 409


def test_the_end_of_a_tender(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = awards.announced(centre, monkeypatch, "works.open")
    code = load(centre, made.project).code[-4:]
    report = {"scope": "全部", "method_and_media": "公开", "document": "见文件", "committee_and_report": "五人", "result": "已公告"}
    with reader(centre) as page:
        buyer = Place(page, centre, made.buyer.id, made.project)
        assert buyer.take("report_to_regulator", **(report | {"result": ""})).status_code == 422
        assert buyer.take("report_to_regulator", **report).status_code == 303
        assert rows(centre, RegulatorReport, project=made.project)
        sign = {"lot": made.lot, "amount": yuan(awards.PRICES[0]), "bond": "0", "typed": code}
        assert buyer.take("sign_contract", {"file": PDF}, **(sign | {"amount": "1"})).status_code == 409
        assert buyer.take("sign_contract", {"file": PDF}, **sign).status_code == 303
        assert "已签署，等待对方" in page.get(buyer.at).text
        winner = Place(page, centre, made.suppliers[0].id, made.project)
        assert page.get(f"{winner.at}/sign_contract").status_code == 200
        assert winner.take("sign_contract", {"file": PDF + b"other"}, **sign).status_code == 409
        assert winner.take("sign_contract", {"file": PDF}, **sign).status_code == 303
        assert load(centre, made.project).stage == "contracted"
        assert Place(page, centre, made.suppliers[1].id, made.project).take("sign_contract", {"file": PDF}, **sign).status_code in (404, 409)


def test_hold_and_resume(centre: Centre) -> None:
    who, project = published(centre)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        assert place.take("suspend", cause="system_failure", typed="0000").status_code == 422
        assert place.take("suspend", cause="bad_weather", typed=project.code[-4:]).status_code == 409
        assert place.take("suspend", cause="system_failure", typed=project.code[-4:]).status_code == 303
        assert place.take("resume", finding="").status_code == 422
        assert place.take("resume", finding="系统已恢复").status_code == 303
    assert load(centre, project.id).suspended == ""


def test_two_persons_terminate(centre: Centre) -> None:
    who, project = published(centre)
    second = colleague(centre, who.buyer)
    with reader(centre) as page:
        place = Place(page, centre, who.buyer.id, project.id)
        given = {"cause": "task_cancelled", "typed": project.code[-4:]}
        assert place.take("terminate", **given).status_code == 303 and load(centre, project.id).stage == "inviting"
        assert "须另一人确认" in page.get(place.at).text
        assert place.take("terminate", **given).status_code == 409
        assert Place(page, centre, second.id, project.id).take("terminate", **given).status_code == 303
    assert load(centre, project.id).stage == "terminated"


def test_a_form_without_its_token_does_nothing(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        place = Place(page, centre, who.agent.id, project.id)
        answer = page.client.post(f"{place.at}/split", data={"lots": "一 | 8000000"}, follow_redirects=False)
        assert answer.status_code == 422
    assert len(rows(centre, Lot, project=project.id)) == 1


def test_nobody_acts_on_anothers_tender(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    other = people(centre)
    with reader(centre) as page:
        place = Place(page, centre, other.agent.id, project.id)
        for name, values in (("split", {"lots": "一 | 8000000"}), ("submit", {}), ("accept_mandate", {}), ("suspend", {"cause": "x", "typed": "x"})):
            assert place.take(name, **values).status_code == 404, name
