"""The desk and the place of work: who sees what, why an act waits, what never stands on a page."""
import pytest

from kernel.centre import Centre
from kernel.machine import span
from kernel.ticker import settle
from tests.web.pages import Reader, reader
from tests.world import login, staff
from tests.worlds import awards, evaluation
from tests.worlds.experts import world
from tests.worlds.projects import People, people
from tests.worlds.rooms import forward
from tests.worlds.tenders import complete, confirmed, document, entered, mandated, published, put
from trading.procedures import procedure as procedure_of
from trading.projects.mandate import GiveMandate, mandate
from trading.projects.set_document import set_document
from trading.projects.suspend import Suspend, suspend
from web.agent.workspace import NAMES

PLACES = ("/desk", "/desk/projects", "/desk/projects/new")


@pytest.fixture
def who(centre: Centre) -> People:
    return people(centre)


def every(page: Reader, project: str) -> dict[str, int]:
    """Status of each act's page of a tender."""
    return {name: page.get(f"/desk/projects/{project}/{name}").status_code for name in NAMES}


def test_every_page_speaks_both_languages(centre: Centre, who: People) -> None:
    project = complete(centre, who).id
    words = {"zh": ("工作台", "我的项目", "登记项目", "提交审核"), "en": ("Desk", "My tenders", "Enter a tender", "Submit for review")}
    for lang, said in words.items():
        with reader(centre, lang) as page:
            page.sign_in(centre, who.agent.id)
            for path, word in zip((*PLACES, f"/desk/projects/{project}"), said, strict=True):
                answer = page.get(path)
                assert answer.status_code == 200 and word in answer.text, path


def test_a_stranger_finds_nothing(centre: Centre, who: People) -> None:
    project = complete(centre, who).id
    with reader(centre) as page:
        assert page.get("/desk").headers["location"].startswith("/sign-in")
        assert page.get(f"/desk/projects/{project}").status_code == 404
        page.sign_in(centre, who.supplier.id)
        assert page.get(f"/desk/projects/{project}").status_code == 404
        assert page.get("/desk").status_code == 200
        assert page.get("/desk/projects/new").status_code == 404


@pytest.mark.parametrize("role", ["registrar", "regulator", "auditor", "room_manager", "cashier", "reviewer1", "area_guard", "sysadmin"])
def test_the_desk_of_each_role(centre: Centre, role: str) -> None:
    with reader(centre) as page:
        answer = page.sign_in(centre, staff(centre, role).id).get("/desk")
        assert answer.status_code == 200 and "现在没有等您办理的事" in answer.text


def test_the_mandated_agency_sees_the_offer_and_no_more(centre: Centre, who: People) -> None:
    project = entered(centre, who, title="示例项目甲")
    mandate(centre, who.buyer, GiveMandate(project=project.id, agent=who.agent.org, contract="k" * 16, digest="c" * 64))
    with reader(centre) as page:
        page.sign_in(centre, who.agent.id)
        shown = page.get(f"/desk/projects/{project.id}").text
        assert "委托您办理一个项目" in shown and "8,000,000" not in shown and "800.00" not in shown
        assert page.send("/do/trading.projects.accept_mandate", f"/desk/projects/{project.id}", project=project.id).status_code == 303
        assert "办理事项" in page.get(f"/desk/projects/{project.id}").text


def test_what_waits_says_why(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        page.sign_in(centre, who.agent.id)
        shown = page.get(f"/desk/projects/{project.id}").text
        assert "轮到您办理：编制招标文件" in shown and "招标文件缺少" in shown and "Text(" not in shown
        set_document(centre, who.agent, document(centre, project.id))
        assert "轮到您办理：设定评分办法" in page.get(f"/desk/projects/{project.id}").text


def test_the_buyer_confirms_what_the_agency_wrote(centre: Centre, who: People) -> None:
    project = complete(centre, who)
    with reader(centre) as page:
        page.sign_in(centre, who.agent.id)
        assert "招标人已确认" in page.get(f"/desk/projects/{project.id}").text
        set_document(centre, who.agent, document(centre, project.id, validity_days=120))
        changed = page.get(f"/desk/projects/{project.id}").text
        assert "招标人尚未确认" in changed and page.get(f"/desk/projects/{project.id}/confirm_document").status_code == 200
        confirmed(centre, who, project.id)
        assert "招标人已确认" in page.get(f"/desk/projects/{project.id}").text


def test_no_page_of_a_drafting_tender_fails(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    for lang in ("zh", "en"):
        with reader(centre, lang) as page:
            for actor in (who.buyer, who.agent):
                found = every(page.sign_in(centre, actor.id), project.id)
                assert set(found.values()) <= {200, 404} and found["set_document"] == 200 and found["publish"] == 404, found


def test_inviting_tells_nothing_of_bidders(centre: Centre) -> None:
    from trading.notices.take_document import TakeDocument, take_document

    who, project = published(centre)
    settle(centre)
    take_document(centre, who.supplier, TakeDocument(project=project.id))
    settle(centre)
    with reader(centre) as page:
        for actor in (who.buyer, who.agent):
            page.sign_in(centre, actor.id)
            shown = page.get(f"/desk/projects/{project.id}").text
            assert "截止前保密" in shown and "示例供应商" not in shown and "领取招标文件" not in shown
            assert "指定主持人" in shown and "本操作仅适用于" not in shown
            assert every(page, project.id)["extend"] == 200


def test_a_tender_on_hold(centre: Centre) -> None:
    who, project = published(centre)
    with reader(centre) as page:
        page.sign_in(centre, who.agent.id)
        assert "恢复" not in page.get(f"/desk/projects/{project.id}").text
        suspend(centre, who.agent, Suspend(project=project.id, cause="system_failure"))
        shown = page.get(f"/desk/projects/{project.id}").text
        assert "项目暂停中" in shown and "系统故障" in shown and "项目已暂停，待恢复后办理" in shown
        assert page.get(f"/desk/projects/{project.id}/resume").status_code == 200


def test_a_regulator_may_suspend_from_the_same_page(centre: Centre) -> None:
    _, project = published(centre)
    with reader(centre) as page:
        page.sign_in(centre, login(centre, "regulator1").id)
        shown = page.get(f"/desk/projects/{project.id}").text
        assert "暂停" in shown and "文件摘要" not in shown and "发布澄清" not in shown
        assert page.get(f"/desk/projects/{project.id}/clarify").status_code == 404


@pytest.mark.parametrize(("procedure", "stage"), [
    (name, stage) for name in ("works.open", "procurement.open") for stage in span(procedure_of(name).stages, "contracted", "archived")])
def test_each_stage_has_its_pages(centre: Centre, procedure: str, stage: str) -> None:
    """What the walk through the matrix of secrecy does not reach. The pages of all acts are asked for by the two sides in turn."""
    made = awards.tender(centre, procedure, stage)
    with reader(centre) as page:
        for actor in (made.buyer, made.agent):
            page.sign_in(centre, actor.id)
            assert page.get(f"/desk/projects/{made.project}").status_code == 200
            if (actor == made.buyer) == (procedure_of(procedure).stages.index(stage) % 2 == 0):
                assert set(every(page, made.project).values()) <= {200, 404}


def test_the_draw_is_masked(centre: Centre) -> None:
    made = world(centre)
    with reader(centre) as page:
        page.sign_in(centre, made.agent.id)
        assert "提出抽取需求" in page.get(f"/desk/projects/{made.project}/draw").text
        made.seeded()
        shown = page.get(f"/desk/projects/{made.project}/draw").text
        assert "正在通知" in shown and "专家甄" not in shown and "示例设计院" not in shown and "到法定时间公开" in shown
        assert page.get(f"/desk/projects/{made.project}").status_code == 200
    with reader(centre, "en") as page:
        assert "Draw of experts" in page.sign_in(centre, made.buyer.id).get(f"/desk/projects/{made.project}/draw").text


def test_the_session_is_opened_in_the_area_only(centre: Centre) -> None:
    hall = evaluation.prepared(centre)
    with reader(centre) as page:
        page.sign_in(centre, hall.tender.agent.id)
        assert "须在评标区终端办理" in page.get(f"/desk/projects/{hall.project}").text
        page.sign_in(centre, hall.tender.agent.id, area=True)
        assert page.get(f"/desk/projects/{hall.project}/open").status_code == 200


def test_a_hosted_opening_stands_on_the_hosts_desk(centre: Centre) -> None:
    from trading.opening.name_host import NameHost, name_host

    who, project = published(centre)
    host = staff(centre, "registrar", "主持甲")
    with reader(centre) as page:
        page.sign_in(centre, host.id)
        assert project.title not in page.get("/desk").text
        name_host(centre, who.agent, NameHost(project=project.id, person=host.id))
        shown = page.get("/desk").text
        assert "主持开标" in shown and project.code in shown


def test_hostile_addresses_are_only_missing(centre: Centre, who: People) -> None:
    project = mandated(centre, who)
    with reader(centre) as page:
        page.sign_in(centre, who.agent.id)
        for path in ("/desk/projects/%27%22", "/desk/projects/" + "a" * 500, f"/desk/projects/{project.id}/%00", f"/desk/projects/{project.id}/__init__",
                     f"/desk/projects/{project.id}/draw", f"/desk/projects/{project.id}/commit"):
            assert page.get(path).status_code == 404, path
        assert page.get(f"/desk/projects/{project.id}?done=<script>").status_code == 200


def test_a_past_deadline_closes_the_changes(centre: Centre) -> None:
    who, project = published(centre)
    forward(centre, (project.deadline or 0) + 1000)
    with reader(centre) as page:
        page.sign_in(centre, who.agent.id)
        assert "发布澄清" not in page.get(f"/desk/projects/{project.id}").text
        assert page.get(f"/desk/projects/{project.id}/clarify").status_code == 404


def test_ended_tenders_still_have_their_notice(centre: Centre) -> None:
    who, project = published(centre)
    put(centre, project.id, stage="failed", stopped_at="closed", stop_cause="fewer_than_three_bidders", ended_at=centre.now())
    with reader(centre) as page:
        shown = page.sign_in(centre, who.agent.id).get(f"/desk/projects/{project.id}").text
        assert "本项目已流标" in shown and "发布流标公告" in shown


def test_the_desk_asks_the_place_of_work(centre: Centre) -> None:
    from trading.notices.record_media_time import RecordMediaTime, record_media_time
    from trading.opening.name_host import NameHost, name_host

    who, project = published(centre)
    with reader(centre) as page:
        page.sign_in(centre, who.agent.id)
        assert "指定主持人" in page.get("/desk").text
        name_host(centre, who.agent, NameHost(project=project.id, person=staff(centre, "registrar").id))
        assert "登记媒体发布时间" in page.get("/desk").text
        record_media_time(centre, who.agent, RecordMediaTime(project=project.id, medium="ccgp_province", moment=centre.now(), proof="https://example.cn/1"))
        assert "现在没有等您办理的事" in page.get("/desk").text


@pytest.mark.parametrize(("field", "offered", "absent"), [("works", "特殊原因需终止", "合格投标人不足三家"), ("procurement", "重大变故致采购任务取消", "特殊原因需终止")])
def test_grounds_are_those_of_the_field(centre: Centre, field: str, offered: str, absent: str) -> None:
    who, project = published(centre, field)
    with reader(centre) as page:
        shown = page.sign_in(centre, who.buyer.id).get(f"/desk/projects/{project.id}/terminate").text
        assert offered in shown and absent not in shown
