"""A one-time link: no log-in, no tender, one answer."""
import pytest

from experts.calling import token
from tests.worlds import experts as world
from tests.worlds.readers import reader, readers
from trading.projects.records import Project


@pytest.fixture
def drawn(centre):  # type: ignore[no-untyped-def]
    made = world.world(centre)
    draw = made.seeded()
    with readers(centre) as client:
        yield made, draw, client


def test_a_call_says_when_and_never_for_whom(drawn, centre) -> None:  # type: ignore[no-untyped-def]
    made, draw, client = drawn
    path = f"/call/{token(centre, made.open_call(draw.id).id)}"
    someone = reader(client, centre)
    for lang, words in (("zh", ("您被抽中参加一次评标", "能参加", "签到后告知")), ("en", ("You have been drawn", "I cannot come", "Told after you arrive"))):
        html = someone.text(path, lang)
        assert all(w in html for w in words) and 'name="robots"' in html
        with centre.reading() as session:
            tender = session.get_one(Project, made.project)
            for secret in (tender.title, tender.code, tender.id, "示例区建设局", "示例招标代理公司", "示例建筑公司", "专家甄", draw.id):
                assert secret not in html
    assert someone.get(path).headers["cache-control"] in ("no-store", "no-cache")


@pytest.mark.parametrize(("answer", "words"), [("yes", "已记录：您能参加"), ("no", "已记录：您不能参加")])
def test_the_first_answer_counts(drawn, centre, answer: str, words: str) -> None:  # type: ignore[no-untyped-def]
    made, draw, client = drawn
    value = token(centre, made.open_call(draw.id).id)
    someone = reader(client, centre)
    bad = someone.post("/do/experts.reply", {"token": value, "accepts": answer, "_csrf_token": "other"})
    assert bad.status_code == 422 and "您被抽中" in someone.text(f"/call/{value}")
    done = someone.do("experts.reply", token=value, accepts=answer, _next=f"/call/{value}")
    assert done.status_code == 303
    assert words in someone.text(f"/call/{value}") and "/do/experts.reply" not in someone.text(f"/call/{value}")
    assert someone.do("experts.reply", token=value, accepts="yes").status_code == 409


def test_a_call_runs_out(drawn, centre) -> None:  # type: ignore[no-untyped-def]
    made, draw, client = drawn
    call = made.open_call(draw.id)
    made.wait(call.until - centre.now() + 1)
    html = reader(client, centre).text(f"/call/{token(centre, call.id)}")
    assert "这次通知已经结束" in html and "/do/experts.reply" not in html


@pytest.mark.parametrize("value", ["0" * 32, "x", "%27", "x" * 400])
def test_unknown_links_are_absent(drawn, centre, value: str) -> None:  # type: ignore[no-untyped-def]
    assert reader(drawn[2], centre).get(f"/call/{value}").status_code == 404
