"""/subject from the first form to a certified key, each step refused with one fact changed."""
from typing import Any

import pytest
from litestar.testing import TestClient
from nacl.signing import SigningKey

from tests.world import staff
from tests.worlds import subjects
from tests.worlds.readers import Reader, forms_on, reader, readers
from trading.subjects.records import Membership, Paper, Subject
from trading.subjects.rules import key_bytes


@pytest.fixture
def client(centre) -> TestClient[Any]:  # type: ignore[no-untyped-def]
    return readers(centre)


@pytest.fixture
def one(centre, client) -> Reader:  # type: ignore[no-untyped-def]
    return reader(client, centre, subjects.newcomer(centre))


ENTRY = {"code": subjects.code(7), "name": "示例新单位", "kinds": "supplier", "email": "office@example.com", "terms": "yes"}


def paper(who: Reader, kind: str, data: bytes = subjects.PDF) -> int:
    return int(who.post("/subject/papers", {"kind": kind}, {"paper": ("a.pdf", data, "application/pdf")}).status_code)


def only(centre: Any, table: type) -> Any:
    from sqlalchemy import select
    with centre.reading() as session:
        return session.scalars(select(table)).one()


@pytest.mark.parametrize(("changed", "status"), [({}, 303), ({"code": "911101050000000000"}, 409), ({"terms": ""}, 409), ({"kinds": ""}, 422), ({"name": "甲"}, 422),
                                                 ({"kinds": "casino"}, 422), ({"email": "x"}, 422)])
def test_entering(one: Reader, centre, changed, status) -> None:  # type: ignore[no-untyped-def]
    assert "单位登记" in one.text("/subject") and "Register" in one.text("/subject", "en")
    answer = one.do("trading.subjects.enter", **(ENTRY | changed))
    assert answer.status_code == status
    assert subjects.count(centre, Subject) == (status == 303)
    if status != 303:
        assert "office" in answer.text or "email" in changed  # what was typed stays


def test_from_papers_to_the_review(one: Reader, centre) -> None:  # type: ignore[no-untyped-def]
    one.do("trading.subjects.enter", **ENTRY)
    assert paper(one, "licence", b"not a paper") == 409 and subjects.count(centre, Paper) == 0
    assert paper(one, "casino") == 404
    assert paper(one, "licence") == 303
    page = one.text("/subject")
    assert "经办人授权书" in page and "还缺" in page
    org = only(centre, Subject).id
    assert one.do("trading.subjects.submit", subject=org).status_code == 409
    assert paper(one, "authorisation") == 303
    assert "trading.subjects.submit" in forms_on(one.text("/subject"))
    assert one.do("trading.subjects.submit", subject=org).status_code == 303
    assert "正在审核" in one.text("/subject") and "Under review" in one.text("/subject", "en")
    assert paper(one, "other") == 409


def test_a_paper_is_read_by_its_own_people_and_the_drawn_reviewer_only(centre, client) -> None:  # type: ignore[no-untyped-def]
    actor = subjects.submitted(centre, 1)
    from sqlalchemy import select
    with centre.reading() as session:
        id = session.scalars(select(Paper.id).where(Paper.kind == "licence")).one()
    path = f"/subject/papers/{id}"
    own = reader(client, centre, actor).get(path)
    assert own.status_code == 200 and own.content.startswith(b"%PDF") and "sandbox" in own.headers["content-security-policy"]
    assert reader(client, centre, subjects.drawn(centre, actor.org)).get(path).status_code == 200
    for other in (subjects.newcomer(centre, "other@example.com"), staff(centre, "registrar"), None):
        assert reader(client, centre, other).get(path).status_code == 404


def test_a_key_is_certified_by_its_proof_of_possession(centre, client) -> None:  # type: ignore[no-untyped-def]
    actor = subjects.admitted(centre, 1)
    one, key = reader(client, centre, actor), SigningKey(b"\x09" * 32)
    page = one.text("/subject")
    assert "data-certify" in page and actor.id in page
    proof = key.sign(key_bytes(centre.origin, actor.org or "", actor.id)).signature.hex()
    values = {"subject": actor.org or "", "public": key.verify_key.encode().hex()}
    assert one.do("trading.subjects.certify_key", **values, proof="00" * 64).status_code == 409
    assert one.do("trading.subjects.certify_key", **values, proof=proof).status_code == 303
    shown = one.text("/subject")
    assert values["public"][:4] in shown and "trading.subjects.revoke_key" in forms_on(shown)
    assert one.do("trading.subjects.revoke_key", subject=actor.org, public=values["public"], words="遗失").status_code == 303


def test_people_come_and_go(centre, client) -> None:  # type: ignore[no-untyped-def]
    actor = subjects.admitted(centre, 1)
    one = reader(client, centre, actor)
    assert one.do("trading.subjects.appoint_person", subject=actor.org, name="示例同事", email="x").status_code == 422
    assert one.do("trading.subjects.appoint_person", subject=actor.org, name="示例同事", email="mate@example.com").status_code == 303
    assert "示例同事" in one.text("/subject") and subjects.count(centre, Membership) == 2
    assert one.do("trading.subjects.dismiss_person", subject=actor.org, person=actor.id).status_code == 409


def test_whoever_is_not_signed_in_is_led_to_the_door(centre, client) -> None:  # type: ignore[no-untyped-def]
    answer = reader(client, centre).get("/subject")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")


def test_a_post_holder_is_told_why_not(centre, client) -> None:  # type: ignore[no-untyped-def]
    page = reader(client, centre, staff(centre, "registrar")).text("/subject")
    assert "不能代表市场主体" in page and "trading.subjects.enter" not in forms_on(page)
