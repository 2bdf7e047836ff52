"""Signing in and out, registering, the own page, messages, and what only a rehearsal has."""
import re

import pytest

from kernel.identity.sessions import find
from kernel.ticker import settle
from kernel.values import DAY
from tests.web.pages import reader
from tests.world import found_test_centre, login, staff
from tests.worlds import people
from tests.worlds.people import EMAIL, PASSWORD, SECRET, code, link_of
from web.viewer import COOKIE


@pytest.fixture
def real(tmp_path, database_url):  # type: ignore[no-untyped-def]
    made = found_test_centre(tmp_path / "real", database_url, rehearsal=False)
    yield made
    made.close()


def session_of(centre, visitor):  # type: ignore[no-untyped-def]
    with centre.reading() as session:
        return find(session, visitor.client.cookies.get(COOKIE) or "", centre.now())


def test_one_click_makes_a_session_and_sign_out_ends_it(centre) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        assert visitor.get("/me").headers["location"] == "/sign-in?next=%2Fme"
        visitor.sign_in(centre, "registrar1")
        assert session_of(centre, visitor).person == login(centre, "registrar1").id
        page = visitor.get("/me").text
        assert "登记甲" in page and "登录" in page and "登记受理员" in page
        assert visitor.send("/sign-out", "/me").headers["location"] == "/"
        assert session_of(centre, visitor) is None and visitor.get("/me").status_code == 303


@pytest.mark.parametrize(("change", "status"), [({}, 303), ({"login": "nobody"}, 409), ({"kind": "passkey"}, 409), ({"kind": "x"}, 422), ({"area": "yes"}, 409)])
def test_one_fact_wrong_and_nobody_comes_in(centre, change, status) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        answer = visitor.send("/sign-in", "/sign-in", **({"kind": "rehearsal", "login": "registrar1", "next": "/me"} | change))
        assert answer.status_code == status and (session_of(centre, visitor) is not None) == (status == 303)


def test_a_form_of_another_page_or_no_token_is_refused(centre) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        visitor.get("/sign-in")
        for token in ("", "x"):
            answer = visitor.client.post("/sign-in", data={"_csrf_token": token, "kind": "rehearsal", "login": "registrar1"}, follow_redirects=False)
            assert answer.status_code == 422


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_sign_in_leads_nowhere_else(centre, onward) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        answer = visitor.send("/sign-in", "/sign-in", kind="rehearsal", login="registrar1", next=onward)
        assert answer.headers["location"] == "/"


def test_a_real_centre_has_no_clicks_no_outbox_and_no_other_clock(real) -> None:  # type: ignore[no-untyped-def]
    with reader(real) as visitor:
        page = visitor.get("/sign-in").text
        assert "登记甲" not in page and "registrar1" not in page and "通行密钥" in page
        assert visitor.send("/sign-in", "/sign-in", kind="rehearsal", login="registrar1").status_code == 409
        for path in ("/rehearsal", "/outbox"):
            assert visitor.get(path).status_code == 404
        assert visitor.send("/rehearsal/step", "/sign-in", step="hour").status_code == 404


@pytest.mark.parametrize(("change", "status"), [({}, 303), ({"password": "another password"}, 409), ({"code": "000000"}, 409), ({"login": "b@example.com"}, 409)])
def test_a_supplier_registers_and_comes_in_by_password_and_code(real, change, status) -> None:  # type: ignore[no-untyped-def]
    with reader(real) as visitor:
        assert "已受理" in visitor.send("/sign-up", "/sign-up", name="示例经办", email=EMAIL).text
        join = f"/join/{link_of(real, EMAIL)}"
        assert "示例经办" in visitor.get(join).text
        wrong = visitor.send(join, join, kind="secret", totp=SECRET, code=code(0), password="short")
        assert wrong.status_code == 422 and "密码须为" in wrong.text
        done = visitor.send(join, join, kind="secret", totp=SECRET, code=code(0), password=PASSWORD)
        assert done.status_code == 303 and visitor.get(join).status_code == 404
        answer = visitor.send("/sign-in", "/sign-in", **({"kind": "password", "login": EMAIL, "password": PASSWORD, "code": code(1), "next": "/me"} | change))
        assert answer.status_code == status
        assert (session_of(real, visitor) is not None) == (status == 303)
        if status == 303:
            assert EMAIL not in answer.headers["set-cookie"] and "HttpOnly" in answer.headers["set-cookie"]


def test_a_known_and_an_unknown_address_get_one_answer(real) -> None:  # type: ignore[no-untyped-def]
    people.supplier(real)
    with reader(real) as visitor:
        known, fresh = (re.sub(r"\S+@example\.com|csrf_token\" value=\"[^\"]+|\d\d:\d\d:\d\d|\d{13}", "", visitor.send("/sign-up", "/sign-up", name="甲", email=email).text)
                        for email in (EMAIL, "fresh@example.com"))
        assert known == fresh


@pytest.mark.parametrize("email", ["", "x", "a@b"])
def test_registering_without_an_address_says_so(centre, email) -> None:  # type: ignore[no-untyped-def]
    with reader(centre, "en") as visitor:
        answer = visitor.send("/sign-up", "/sign-up", name="A", email=email)
        assert answer.status_code == 422 and "This is no e-mail address" in answer.text and "Error: " in answer.text


def test_lost_keys_want_a_code(real) -> None:  # type: ignore[no-untyped-def]
    people.supplier(real)
    with reader(real) as visitor:
        assert visitor.send("/recover", "/recover", login=EMAIL, code="000000").status_code == 409
        assert "申请已收到" in visitor.send("/recover", "/recover", login=EMAIL, code=code(1)).text


def test_a_passkey_challenge_is_given_to_the_page(real) -> None:  # type: ignore[no-untyped-def]
    with reader(real) as visitor:
        found = visitor.send("/sign-in/challenge", "/sign-in").json()
        assert len(found["nonce"]) == 32 and "challenge" in found["options"]
        assert visitor.client.post("/sign-in/challenge", data={}).status_code == 422


def test_messages_are_their_readers_and_are_marked_by_them_alone(centre) -> None:  # type: ignore[no-untyped-def]
    from kernel.errors import Text
    from kernel.messages import send

    mine, other = staff(centre, "cashier"), staff(centre, "archivist")
    with centre.database.writing() as session:
        send(session, "one", mine.id, centre.clock.now(session), Text("金丝雀消息", "Canary"), Text("内容", "Body"), link="/me")
        session.commit()
    with reader(centre) as visitor:
        visitor.sign_in(centre, other.id)
        assert "金丝雀" not in visitor.get("/inbox").text
        visitor.send("/inbox", "/me")
    with reader(centre) as visitor:
        visitor.sign_in(centre, mine.id)
        assert "金丝雀消息" in visitor.get("/inbox").text and "1 条未读" in visitor.get("/inbox").text
        assert visitor.send("/inbox", "/inbox").headers["location"] == "/inbox"
        assert "没有未读消息" in visitor.get("/inbox").text


def test_own_acts_are_shown_to_their_actor_alone(centre) -> None:  # type: ignore[no-untyped-def]
    one, two = staff(centre, "cashier"), staff(centre, "archivist")
    with reader(centre) as visitor:
        visitor.sign_in(centre, one.id)
        settle(centre)
        mine = re.findall(r"/ledger/\d+", visitor.get("/me").text)
    with reader(centre) as visitor:
        visitor.sign_in(centre, two.id)
        settle(centre)
        theirs = re.findall(r"/ledger/\d+", visitor.get("/me").text)
    assert mine and theirs and not set(mine) & set(theirs)


@pytest.mark.parametrize(("step", "status"), [("day", 303), ("deadline", 422), ("year", 422), ("", 422)])
def test_the_clock_goes_forward_by_listed_steps(centre, step, status) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        before = centre.now()
        assert visitor.send("/rehearsal/step", "/rehearsal", step=step).status_code == status
        assert (centre.now() - before >= DAY) == (status == 303)


def test_what_was_done_is_told_once_by_its_name(centre) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        assert "已办理：时钟已前进" in visitor.get("/rehearsal?done=kernel.rehearsal.step").text
        page = visitor.get("/rehearsal?done=<script>").text
        assert "已办理" not in page and "<script>" not in page


def test_the_outbox_of_a_rehearsal_shows_the_link(centre) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        visitor.send("/sign-up", "/sign-up", name="新人", email="new@example.com")
        page = visitor.get("/outbox").text
        assert "new@example.com" in page and "/join/" in page
