"""The seat from pledge to signature, through the pages alone; and shut for everybody who does not sit there."""
import re

import pytest
from sqlalchemy import select

from evaluation.records import Question
from kernel.command import Actor
from kernel.ticker import settle
from tests.worlds import evaluation as world
from tests.worlds.readers import Reader, forms_on, reader, readers
from trading.bids.packing import pack
from trading.opening.plain import PlainFile
from trading.opening.records import Opened


class Room:
    def __init__(self, hall: world.Hall, client) -> None:  # type: ignore[no-untyped-def]
        self.hall, self.client = hall, client
        self.path = f"/seat/{hall.room.id}"

    def of(self, letter: str) -> Reader:
        return reader(self.client, self.hall.centre, self.hall.people[letter])

    def page(self, letter: str, tail: str = "", lang: str = "") -> str:
        return self.of(letter).text(self.path + tail, lang)

    def do(self, letter: str, short: str, **more):  # type: ignore[no-untyped-def]
        answer = self.of(letter).do(f"evaluation.{short}", project=self.hall.project, seat=letter, _next=self.path, **more)
        settle(self.hall.centre)
        return answer


def hidden(html: str, form: str, name: str) -> str:
    """A hidden value of the form that posts to this act. A proposal is JSON and ends at the tag's end."""
    part = html.split(f'action="{form}"')[1].split("</form>")[0]
    found = re.search(f'name="{name}" value="(.*?)">', part)
    assert found, name
    return found.group(1)


@pytest.fixture
def room(centre):  # type: ignore[no-untyped-def]
    with readers(centre) as client:
        yield lambda hall: Room(hall, client)


@pytest.fixture
def gathered(centre):  # type: ignore[no-untyped-def]
    return world.gathered(world.inside(world.prepared(centre)))


def test_seats_open_inside_the_area_alone(gathered, centre, room) -> None:  # type: ignore[no-untyped-def]
    seat = room(gathered)
    assert seat.of("A").text("/seat").count(seat.path) == 1
    outside = reader(seat.client, centre, Actor("person", gathered.people["A"].id))
    page = outside.text("/seat")
    assert "评审席位只在评标区内打开" in page and "第三十三条" in page and gathered.room.code not in page
    assert "Seats open inside the evaluation area only" in outside.text("/seat", "en")
    assert outside.get(seat.path).status_code == 404
    for other in (gathered.guard, gathered.agent, gathered.tender.buyer, gathered.tender.suppliers[0]):
        assert reader(seat.client, centre, other).get(seat.path).status_code == 404
    assert reader(seat.client, centre).get("/seat").status_code == 404
    for tail in ("/hand-in", "/report", "/files/甲/technical/0"):
        assert outside.get(seat.path + tail).status_code == 404


def test_pledge_then_list_then_declaration_then_chair(gathered, room) -> None:  # type: ignore[no-untyped-def]
    seat = room(gathered)
    page = seat.page("A")
    assert "等待代理机构核对身份" in page and "示例供应商" not in page and "Wait: the agency" in seat.page("A", lang="en")
    assert seat.do("A", "pledge").status_code == 409
    agent = reader(seat.client, gathered.centre, gathered.agent)
    for letter in world.LETTERS:
        values = {"project": gathered.project, "seat": letter, "face": "yes", "paper": "yes"}
        if letter == "E":
            assert agent.post("/do/evaluation.verify_member", values).status_code == 409
        done = agent.post("/do/evaluation.verify_member", values, files={"letter": ("letter.pdf", b"%PDF-1.7")} if letter == "E" else None)
        assert done.status_code == 303
        page = seat.page(letter)
        assert "evaluation.pledge" in forms_on(page) and "示例供应商" not in page
        assert seat.do(letter, "pledge").status_code == 303
        page = seat.page(letter)
        assert "示例供应商0" in page and "评委甄" not in page.replace(f"评委甄{letter}", "")
        assert seat.do(letter, "declare_no_interest", bidders="0" * 64).status_code == 409
        assert seat.do(letter, "declare_no_interest", bidders=hidden(page, "/do/evaluation.declare_no_interest", "bidders")).status_code == 303
    for letter in "ABC":
        assert "evaluation.elect_chair" in forms_on(seat.page(letter))
        assert seat.of(letter).do("evaluation.elect_chair", project=gathered.project, seat="B").status_code == 303
    assert "evaluation.start" in forms_on(seat.page("B")) and "evaluation.start" not in forms_on(seat.page("A"))
    assert seat.do("B", "start", scheme=hidden(seat.page("B"), "/do/evaluation.start", "scheme")).status_code == 303
    assert "请逐家进行初步评审" in seat.page("A")


def test_findings_keep_what_was_typed_when_refused(gathered, room) -> None:  # type: ignore[no-untyped-def]
    hall = world.reviewing(world.declared(gathered))
    seat = room(hall)
    codes, bid = hall.criteria(), hall.tender.bids[0]
    values = {"seat": "A", "bid": bid, "criterion": list(codes), "verdict": ["fail", *["pass"] * (len(codes) - 1)], "reason": [""] * len(codes), "_next": seat.path}
    refused = seat.of("A").post(seat.path + "/conformity", values)
    assert refused.status_code == 409 and 'value="fail" selected' in refused.text
    values["reason"] = ["没有签字", *[""] * (len(codes) - 1)]
    assert seat.of("A").post(seat.path + "/conformity", values).status_code == 303
    pages = {letter: "".join(seat.page(letter, f"?bid={stem}") for stem in "甲乙丙") for letter in "AB"}
    assert "没有签字" in pages["A"] and f"({len(codes)}/{len(codes)})" in pages["A"] and "没有签字" not in pages["B"]
    assert seat.of("A").post(seat.path + "/conformity", values | {"_csrf_token": "x"}).status_code == 422


def test_the_chair_proposes_and_a_majority_decides(gathered, room) -> None:  # type: ignore[no-untyped-def]
    hall = world.judged(world.reviewing(world.declared(gathered)))
    seat, bid = room(hall), hall.tender.bids[2]
    assert "propose-evaluation-reject" in seat.page("B") and "propose-evaluation-reject" not in seat.page("A")
    ask = {"act": "evaluation.ask_bidder", "bid": bid, "question": "工期单位是日还是月？", "within_bid": "yes", "without_hint": "yes"}
    assert seat.do("B", "vote", **ask).status_code == 303
    page = seat.page("A")
    assert "工期单位是日还是月？" in page and "同意 1，共 5" in page and "evaluation.ask_bidder" not in forms_on(seat.page("B"))
    proposal = hidden(page, "/do/evaluation.vote", "proposal")
    assert seat.of("B").do("evaluation.ask_bidder", proposal=proposal).status_code == 409
    for letter in "AC":
        assert seat.do(letter, "vote", act="evaluation.ask_bidder", proposal=proposal, yes="yes").status_code == 303
    assert "evaluation.ask_bidder" in forms_on(seat.page("B"))
    assert seat.of("B").do("evaluation.ask_bidder", proposal=proposal).status_code == 303
    with hall.centre.reading() as session:
        assert session.scalars(select(Question.question)).all() == ["工期单位是日还是月？"]
    assert "已办理" in seat.page("A")
    assert seat.do("B", "vote", act="evaluation.reject", bid=bid, ground="unsigned").status_code == 422
    assert seat.do("B", "vote", act="evaluation.sign", proposal="").status_code == 422


@pytest.fixture
def scored(centre):  # type: ignore[no-untyped-def]
    return world.ready(centre)


def test_a_cell_is_saved_refused_and_kept(scored, room) -> None:  # type: ignore[no-untyped-def]
    seat = room(scored)
    page = seat.page("A")
    assert "已评 0，共 6" in page and 'data-marks' in page and "稍后继续" in page and "Check and hand in" in seat.page("A", lang="en")
    sheet = hidden(page, f"{seat.path}/score", "sheet")
    values = {"sheet": sheet, "bid": scored.tender.bids[0], "stem": "甲", "item": "T1", "score": "60", "reason": "", "_next": seat.path}
    refused = seat.of("A").post(seat.path + "/score", values)
    assert refused.status_code == 409 and 'value="60"' in refused.text
    low = seat.of("A").post(seat.path + "/score", values | {"score": "5"})
    assert low.status_code == 409
    assert seat.of("A").post(seat.path + "/score", values | {"score": "abc"}).status_code == 422
    assert seat.of("A").post(seat.path + "/score", values | {"score": "5", "reason": "照搬通用文本"}).status_code == 303
    assert "已评 1，共 6" in seat.page("A") and "已评 0，共 6" in seat.page("B")
    assert seat.of("B").post(seat.path + "/score", values | {"score": "30"}).status_code == 409
    assert "照搬通用文本" not in seat.page("B")


@pytest.mark.parametrize("query", ["?bid=甲&item=T1", "?bid=丁&item=zz", "?file=a-b", "?item=%00&bid=<script>", "?bid=" + "x" * 500])
def test_hostile_queries_show_a_cell(scored, room, query: str) -> None:  # type: ignore[no-untyped-def]
    html = room(scored).page("A", query)
    assert 'data-marks' in html and "<script>" not in html.replace('<script type="module"', "")


def test_files_of_a_bid_are_read_at_the_seat(scored, centre, room) -> None:  # type: ignore[no-untyped-def]
    seat, bid = room(scored), scored.tender.bids[0]
    stem = next(c.stem for c in scored.grid("A").columns if c.bid == bid)
    kept = PlainFile(centre, scored.project)
    kept.write(memoryview(pack({"施工方案.pdf": b"%PDF-1.7 plan", "boom.html": b"<script>alert(1)</script>"})))
    kept.close()
    with centre.database.writing() as session:
        session.add(Opened(project=scored.project, bid=bid, part="technical", state="opened", plain=kept.name, at=centre.now()))
        session.commit()
    page = seat.page("A", f"?bid={stem}&item=T1")
    assert "施工方案.pdf" in page and "<iframe" in page and scored.room.code in page
    plan, boom = (seat.of("A").get(f"{seat.path}/files/{stem}/technical/{n}") for n in (1, 0))
    assert plan.content == b"%PDF-1.7 plan" and plan.headers["content-type"].startswith("application/pdf")
    assert boom.headers["content-disposition"].startswith("attachment") and boom.headers["content-type"] == "application/octet-stream"
    assert all("default-src 'none'" in one.headers["content-security-policy"] for one in (plan, boom))
    assert seat.of("A").get(f"{seat.path}/files/{stem}/technical/2").status_code == 404
    assert seat.of("A").get(f"{seat.path}/files/{stem}/price/0").status_code == 404
    assert reader(seat.client, centre, Actor("person", scored.people["A"].id)).get(f"{seat.path}/files/{stem}/technical/1").status_code == 404


def test_handing_in_totals_recommendation_and_signature(scored, room) -> None:  # type: ignore[no-untyped-def]
    seat = room(scored)
    assert seat.of("A").get(seat.path + "/hand-in").status_code == 200 and "格未评" in seat.page("A", "/hand-in")
    for letter in world.LETTERS:
        world.fill_sheet(scored, letter, {"T1": ("41", "33", "28"), "C1": ("20", "15", "18")})
        page = seat.page(letter, "/hand-in")
        form = {name: hidden(page, "/do/evaluation.hand_in", name) for name in ("sheet", "content")}
        assert seat.do(letter, "hand_in", **form).status_code == 409
        assert "汇总完成" not in seat.page(letter)
        assert seat.do(letter, "hand_in", **form, objective_confirmed="yes").status_code == 303
        if letter != "E":
            assert "等待其他成员" in seat.page(letter) and "总分" not in seat.page(letter)
    page = seat.page("B")
    assert "请推荐候选人" in page and "总分" in page and page.count("席位 ") >= 5
    lots = re.findall(r'name="lots" value="([^"]+)"', page)
    assert len(lots) == 3
    assert seat.do("B", "vote", act="evaluation.recommend", lots=lots).status_code == 303
    proposal = hidden(seat.page("A"), "/do/evaluation.vote", "proposal")
    for letter in "AC":
        seat.do(letter, "vote", act="evaluation.recommend", proposal=proposal, yes="yes")
    assert seat.of("B").do("evaluation.recommend", proposal=proposal).status_code == 303
    page = seat.page("A")
    assert "请阅读并签署评标报告" in page and seat.of("A").get(seat.path + "/report").content.startswith(b"%PDF-")
    digest = hidden(page, "/do/evaluation.sign", "report")
    assert seat.do("A", "dissent", report=digest, reason="").status_code == 422
    assert seat.do("A", "sign", report="0" * 64).status_code == 409
    assert seat.do("A", "dissent", report=digest, reason="价格权重不合理").status_code == 303
    assert "您已书面说明不同意见" in seat.page("A")
    for letter in "BCDE":
        assert seat.do(letter, "sign", report=digest).status_code == 303
    assert scored.room.stage == "sealed" and "报告已封存" in seat.page("A")


def test_a_halted_session_shows_why_and_takes_nothing(scored, centre, room) -> None:  # type: ignore[no-untyped-def]
    from evaluation.halt import Halt, halt
    from tests.world import staff

    seat = room(scored)
    sheet = hidden(seat.page("A"), f"{seat.path}/score", "sheet")
    halt(centre, staff(centre, "regulator", scope="procurement"), Halt(project=scored.project, cause="court_order", order="监〔2026〕1号"))
    page = seat.page("A")
    assert "评审已暂停" in page and "司法或监察机关要求" in page and "data-marks" not in page
    values = {"sheet": sheet, "bid": scored.tender.bids[0], "item": "T1", "score": "30", "reason": ""}
    assert seat.of("A").post(seat.path + "/score", values).status_code == 409


def test_who_steps_down_is_gone_from_the_seat(scored, room) -> None:  # type: ignore[no-untyped-def]
    seat = room(scored)
    assert seat.do("D", "recuse", cause="health").status_code == 303
    assert seat.of("D").get(seat.path).status_code == 404
