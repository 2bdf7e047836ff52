"""The portal as anybody reads it: every page in both languages, nothing secret, no fault for a hostile address."""
import pytest

from kernel.ticker import settle
from tests.web.pages import reader
from tests.worlds.projects import people
from tests.worlds.sealed import formal
from tests.worlds.tenders import BUDGET, complete, published, put
from trading.projects.records import Project

PAGES = {
    "/": ("今天没有开标", "No opening today"), "/tenders": ("项目查询", "Tenders"), "/notices": ("公告公示", "Notices"), "/openings": ("这一天没有开标", "No opening on this day"),
    "/rules": ("规则手册", "Rule book"), "/rules/ENG-T03": ("20 日", "20 days"), "/statistics": ("数据统计", "Statistics"), "/ledger": ("账本共", "entries in the ledger"),
    "/ledger/0": ("账本第 0 号", "Ledger no. 0"), "/verify": ("核验", "Verify"), "/help": ("帮助", "Help"), "/sign-up": ("注册", "Register"), "/recover": ("密钥遗失", "Lost keys"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_with_its_own_words(centre, lang) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    with reader(centre, lang) as visitor:
        for path, words in PAGES.items():
            answer = visitor.get(path)
            assert answer.status_code == 200 and words[lang == "en"] in answer.text, path
            assert answer.text.count("<h1") == 1 and 'id="main"' in answer.text, path


@pytest.mark.parametrize("path", [
    "/tenders?phase=x&field=y&kind=z&region=--&q=%00%27%22&since=0001-01-01&until=9999-99-99", "/tenders?q=" + "a" * 5000, "/notices?kind=x&field=%00",
    "/openings?day=99999-01-01", "/openings?day=%00", "/rules?part=x&q=%00", "/ledger?before=99999999999999999999", "/ledger?before=-1", "/verify?number=%00%0a",
    "/?done=x", "/statistics?x=1",
])
def test_a_hostile_query_changes_nothing(centre, path) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    with reader(centre) as visitor:
        assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(("path", "status"), [
    ("/tenders/%00", 404), ("/tenders/x", 404), ("/notices/x", 404), ("/rules/x", 404), ("/files/x", 422), ("/files/aaaaaaaaaaaaaaaa", 404), ("/ledger/99999999999999999999", 404),
    ("/ledger/tile/../../ledger.key", 404), ("/ledger/tile/0/000.p/999", 404), ("/statistics/x.csv", 404), ("/tenders?cursor=!!!", 422), ("/notices?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS5h", 422),
])
def test_what_is_not_there_is_said_not_to_be(centre, path, status) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    with reader(centre) as visitor:
        assert visitor.get(path).status_code == status


@pytest.mark.parametrize("field", ["works", "procurement"])
def test_a_published_tender_its_notice_and_its_paper_are_everybodys(centre, field) -> None:  # type: ignore[no-untyped-def]
    _, project = published(centre, field)
    put(centre, project.id, title="望岳中学实验楼", title_en="Wangyue laboratory")
    settle(centre)
    with reader(centre) as visitor:
        page = visitor.get(f"/tenders/{project.code}").text
        assert "望岳中学实验楼" in page and "距投标截止" in page and "已入账" in page and "800.00 万元" in page
        assert visitor.get(f"/tenders/{project.id}").headers["location"] == f"/tenders/{project.code}"
        found = page.split('/files/')[1][:16]
        paper = visitor.get(f"/files/{found}")
        assert paper.content == b"%PDF-1.7 example" and project.code in paper.headers["content-disposition"]
        notice = page.split('/notices/')[1][:16]
        assert "核验摘要" in visitor.get(f"/notices/{notice}").text
        assert visitor.get("/feed").json()["items"][0]["id"] == notice
        assert project.code in visitor.get("/ocds.json").text
        digest = paper.headers["x-content-sha256"]
        assert "摘要相符" in visitor.get(f"/verify?number={digest.upper()}").text
        assert "没有发布过" in visitor.get(f"/verify?number={digest[::-1]}").text
        for listed in ("/tenders?q=望岳", f"/tenders?field={field}&phase=open", "/tenders?q=望岳&phase=open"):
            assert project.code in visitor.get(listed).text
        assert project.code not in visitor.get("/tenders?phase=announced").text
    with reader(centre, "en") as visitor:
        assert "Wangyue laboratory" in visitor.get(f"/tenders/{project.code}").text


def test_a_tender_before_its_notice_does_not_exist(centre) -> None:  # type: ignore[no-untyped-def]
    project = complete(centre, people(centre))
    put(centre, project.id, title="金丝雀项目")
    settle(centre)
    with reader(centre) as visitor:
        assert visitor.get(f"/tenders/{project.code}").status_code == 404
        for path in ("/", "/tenders?q=金丝雀", "/notices", "/ocds.json", "/feed", "/ledger"):
            assert "金丝雀" not in visitor.get(path).text.replace('value="金丝雀"', "")


def test_how_many_bid_is_a_sealed_region_until_the_deadline(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path, "works.open")
    code = world.row(Project, world.project).code
    with reader(centre) as visitor:
        before = visitor.get(f"/tenders/{code}").text
        for _ in range(3):
            world.bid(world.supplier("金丝雀供应商"))
        settle(centre)
        after = visitor.get(f"/tenders/{code}").text
        assert "截止前保密" in before and "截止前保密" in after and "金丝雀供应商" not in after
        for path in ("/", "/ledger", "/ocds.json", "/statistics", "/openings"):
            assert "金丝雀供应商" not in visitor.get(path).text
        world.to_deadline()
        world.set(stage="opened")
        opened = visitor.get(f"/tenders/{code}").text
        assert "截止前保密" not in opened


def test_rules_are_found_by_article_number_and_word(centre) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        for wanted, found in (("第二十四条", "ENG-T03"), ("ENG-T09", "保证金"), ("bid deposit", "ENG-T09")):
            assert found in visitor.get(f"/rules?q={wanted}").text
        assert "没有找到" in visitor.get("/rules?q=zzzz").text
        history = visitor.get("/rules/ADJ-1").text
        assert "已被替代" in history and "2022-07-01" in history


def test_no_money_of_the_law_is_a_budget_of_works(centre) -> None:  # type: ignore[no-untyped-def]
    """A works budget stays with the buyer; its ceiling, one fen below, is public."""
    _, project = published(centre, "works")
    settle(centre)
    with reader(centre, "en") as visitor:
        page = visitor.get(f"/tenders/{project.code}").text
        assert f"{BUDGET // 100 - 1:,}.99" in page and f"{BUDGET // 100:,}.00" not in page
