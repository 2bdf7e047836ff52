"""A signed form in a real centre: checked first, signed by the person's own key, then done; nothing else passes."""
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from nacl.signing import SigningKey as Ed25519
from webauthn.helpers import base64url_to_bytes

from kernel.canonical import sha256
from kernel.centre import Centre
from kernel.clock import system_ms
from kernel.command import Actor
from kernel.identity.passkeys import enrolled, registration_options
from kernel.identity.records import Credential, SigningKey
from kernel.identity.signing import NONCE_MS, PREFIX, sign_with_key
from kernel.ledger.entries import Entry
from tests.world import found_test_centre
from tests.worlds.authenticator import Authenticator
from tests.worlds.projects import organisation
from tests.worlds.readers import Reader, reader, readers
from trading.projects.draft import Draft, draft
from trading.projects.records import Mandate
from trading.subjects.rules import key_bytes

MANDATE, CERTIFY = "trading.projects.mandate", "trading.subjects.certify_key"
PDF = b"%PDF-1.7\ncontract\n%%EOF\n"
SEED, OTHER_SEED, NEW_SEED = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32


@pytest.fixture
def real(tmp_path: Path, database_url: str) -> Iterator[Centre]:
    made = found_test_centre(tmp_path / "real", database_url, rehearsal=False)
    yield made
    made.close()


@pytest.fixture
def client(real: Centre) -> Iterator[TestClient[Any]]:
    with readers(real) as running:
        yield running


def enrol(centre: Centre, actor: Actor) -> Authenticator:
    device, challenge = Authenticator(), registration_options(centre, actor.id)
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        session.add(enrolled(centre, session, actor.id, challenge.nonce, device.create(challenge.options), "示例", now))
        session.commit()
    return device


def certified(centre: Centre, actor: Actor, seed: bytes) -> None:
    with centre.database.writing() as session:
        public = Ed25519(seed).verify_key.encode()
        session.add(SigningKey(person=actor.id, org=actor.org or "", public=public, certified=centre.clock.now(session)))
        session.commit()


def rows(centre: Centre, table: Any, **where: Any) -> list[Any]:
    from sqlalchemy import select

    with centre.reading() as session:
        return list(session.scalars(select(table).filter_by(**where)))


class Buyer:
    """A buyer with a draft tender, a passkey and a browser."""

    def __init__(self, centre: Centre, client: TestClient[Any]) -> None:
        self.centre = centre
        self.actor, self.agent = organisation(centre, "示例采购人", buyer=True), organisation(centre, "示例代理机构", agent=True)
        self.project = draft(centre, self.actor, Draft(procedure="procurement.open", field="procurement", kind="services", title="示例项目",
                                                       budget=800_000_000, plan="示例批复〔2026〕1 号")).id
        self.device, self.page = enrol(centre, self.actor), reader(client, centre, self.actor)
        self.fields = {"project": self.project, "agent": self.agent.org or ""}

    def prepare(self, page: Reader | None = None, **changed: str) -> Any:
        return (page or self.page).post(f"/do/{MANDATE}/prepare", self.fields | changed, {"file": ("contract.pdf", PDF, "application/pdf")})

    def ready(self) -> Any:
        answer = self.prepare()
        assert answer.status_code == 200, answer.text
        return answer.json()

    def signed(self, ready: Any, device: Authenticator | None = None) -> dict[str, str]:
        answer = json.loads((device or self.device).get(ready["options"]))
        part = {name: base64url_to_bytes(value).hex() for name, value in answer["response"].items()}
        return {"sig_kind": "passkey", "sig_key": answer["id"], "sig_nonce": ready["nonce"], "sig_signature": part["signature"],
                "sig_auth": part["authenticatorData"], "sig_client": part["clientDataJSON"], **ready["kept"]}

    def do(self, fields: dict[str, str], **changed: str) -> Any:
        return self.page.post(f"/do/{MANDATE}", self.fields | fields | changed)

    def nothing(self) -> None:
        assert rows(self.centre, Mandate) == [] and rows(self.centre, Entry, tag=MANDATE) == []


@pytest.fixture
def buyer(real: Centre, client: TestClient[Any]) -> Buyer:
    return Buyer(real, client)


def test_what_was_prepared_and_signed_is_done_with_the_file_that_was_kept(buyer: Buyer) -> None:
    ready = buyer.ready()
    assert ready["kinds"] == ["passkey"] and sha256(ready["signed"].encode()).hex() == ready["h"]
    buyer.nothing()
    answer = buyer.do(buyer.signed(ready))
    assert answer.status_code == 303, answer.text
    kept, = rows(buyer.centre, Mandate)
    assert buyer.centre.blobs.get(kept.blob) == PDF and kept.agent == buyer.agent.org
    assert json.loads(ready["signed"])["cmd"] == {"project": buyer.project, "agent": buyer.agent.org, "contract": kept.blob, "digest": sha256(PDF).hex()}
    entry, = rows(buyer.centre, Entry, tag=MANDATE)
    assert json.loads(entry.payload)["sig"]["kind"] == "passkey"


def test_a_kept_file_prepares_again_and_stays_the_same_file(buyer: Buyer) -> None:
    first = buyer.ready()
    again = buyer.page.post(f"/do/{MANDATE}/prepare", buyer.fields | first["kept"]).json()
    assert json.loads(again["signed"])["cmd"] == json.loads(first["signed"])["cmd"] and again["nonce"] != first["nonce"]
    assert buyer.do(buyer.signed(again)).status_code == 303


def test_a_field_altered_after_the_signature_is_refused(buyer: Buyer) -> None:
    other = organisation(buyer.centre, "示例代理二", agent=True)
    fields = buyer.signed(buyer.ready())
    answer = buyer.do(fields, agent=other.org or "")
    assert answer.status_code == 422 and "签名校验未通过" in answer.text
    buyer.nothing()


def test_an_uploaded_file_is_not_the_one_that_was_signed(buyer: Buyer) -> None:
    fields = {name: value for name, value in buyer.signed(buyer.ready()).items() if name != "file_kept"}
    answer = buyer.page.post(f"/do/{MANDATE}", buyer.fields | fields, {"file": ("contract.pdf", PDF, "application/pdf")})
    assert answer.status_code == 422
    buyer.nothing()


def test_one_challenge_serves_once(buyer: Buyer) -> None:
    fields = buyer.signed(buyer.ready())
    assert buyer.do(fields).status_code == 303
    answer = buyer.do(fields)
    assert answer.status_code == 422 and "签名口令已过期" in answer.text
    assert len(rows(buyer.centre, Mandate)) == 1


def test_a_signed_form_for_which_time_ran_out_is_refused(buyer: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = buyer.signed(buyer.ready())
    later = system_ms() + NONCE_MS + 1000
    monkeypatch.setattr("kernel.clock.system_ms", lambda: later)
    answer = buyer.do(fields)
    assert answer.status_code == 422 and "文件已过期" in answer.text
    buyer.nothing()


@pytest.mark.parametrize("harm", ["session", "altered", "field", "nonsense"])
def test_a_kept_file_of_somebody_else_or_altered_is_refused(buyer: Buyer, client: TestClient[Any], harm: str) -> None:
    ready = buyer.ready()
    token = ready["kept"]["file_kept"]
    body, _, mac = token.partition(".")
    second = reader(client, buyer.centre, buyer.actor)  # the same person, another log-in
    bad = {"session": token, "altered": f"{body[:-8]}AAAAAAAA.{mac}", "field": token, "nonsense": "x"}[harm]
    if harm == "field":
        form = "trading.projects.fail"
        answer = buyer.page.post(f"/do/{form}/prepare", {"project": buyer.project, "condition": "fewer_than_three", "typed": "x", "evidence_kept": token})
        assert set(answer.json()["problems"]) >= {"evidence"}
        return
    page = second if harm == "session" else buyer.page
    answer = page.post(f"/do/{MANDATE}/prepare", buyer.fields | {"file_kept": bad})
    assert answer.status_code == 422 and answer.json()["problems"]["file"].startswith("文件已过期")
    assert page.post(f"/do/{MANDATE}", buyer.fields | buyer.signed(ready) | {"file_kept": bad}).status_code == 422
    buyer.nothing()


def test_a_foreign_key_and_a_foreign_challenge_are_refused(buyer: Buyer) -> None:
    stranger = enrol(buyer.centre, buyer.agent)
    assert buyer.do(buyer.signed(buyer.ready(), stranger)).status_code == 422
    assert buyer.do(buyer.signed(buyer.ready(), Authenticator())).status_code == 422
    buyer.nothing()


def test_without_a_signature_nothing_is_done_and_what_was_typed_stays(buyer: Buyer) -> None:
    answer = buyer.page.post(f"/do/{MANDATE}", buyer.fields, {"file": ("contract.pdf", PDF, "application/pdf")})
    assert answer.status_code == 422 and "缺少签名" in answer.text and buyer.project in answer.text
    assert "data-sign" in answer.text and "/static/look/sign.js" in answer.text and "<noscript>" in answer.text
    buyer.nothing()


def test_what_the_act_would_refuse_is_told_before_the_key(buyer: Buyer) -> None:
    supplier = organisation(buyer.centre, "示例供应商", supplier=True)
    answer = buyer.prepare(agent=supplier.org or "")
    assert answer.status_code == 409 and "refuse" in answer.json()["panel"] and "nonce" not in answer.json()
    assert buyer.prepare(agent="").json()["problems"].keys() == {"agent"}
    buyer.ready()
    buyer.nothing()


def test_rested_keys_are_told_before_the_key(buyer: Buyer) -> None:
    with buyer.centre.database.writing() as session:
        session.add(Credential(person=buyer.actor.id, held_until=buyer.centre.clock.now(session) + 3_600_000))
        session.commit()
    answer = buyer.prepare()
    assert answer.status_code == 409 and "密钥找回后" in answer.json()["panel"]


def test_who_may_prepare(buyer: Buyer, client: TestClient[Any]) -> None:
    nobody, stranger = reader(client, buyer.centre), reader(client, buyer.centre, buyer.agent)
    assert buyer.prepare(nobody).json() == {"code": "signed_out"}
    assert buyer.prepare(stranger).status_code == 404
    assert buyer.prepare(_csrf_token="x").json()["problems"].keys() == {"_csrf_token"}
    assert buyer.page.post("/do/trading.projects.split/prepare", buyer.fields).status_code == 404
    assert buyer.page.post("/do/nothing.at.all/prepare", buyer.fields).status_code == 404


class Bidder:
    """A supplier with a certified key file, about to have a second one certified."""

    def __init__(self, centre: Centre, client: TestClient[Any]) -> None:
        self.centre, self.actor = centre, organisation(centre, "示例供应商", supplier=True)
        certified(centre, self.actor, SEED)
        self.page = reader(client, centre, self.actor)
        key = Ed25519(NEW_SEED)
        proof = key.sign(key_bytes(centre.origin, self.actor.org or "", self.actor.id)).signature
        self.fields = {"subject": self.actor.org or "", "public": key.verify_key.encode().hex(), "proof": proof.hex()}

    def ready(self) -> Any:
        answer = self.page.post(f"/do/{CERTIFY}/prepare", self.fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def signed(self, ready: Any, seed: bytes) -> dict[str, str]:
        key = Ed25519(seed)
        return self.fields | {"sig_kind": "keyfile", "sig_key": key.verify_key.encode().hex(), "sig_nonce": ready["nonce"],
                              "sig_signature": key.sign(PREFIX + bytes.fromhex(ready["h"])).signature.hex()}


def test_a_bidder_signs_by_key_file_and_by_no_other(real: Centre, client: TestClient[Any]) -> None:
    bidder = Bidder(real, client)
    enrol(real, bidder.actor)
    ready = bidder.ready()
    assert ready["kinds"] == ["keyfile"]
    assert bidder.page.post(f"/do/{CERTIFY}", bidder.signed(ready, OTHER_SEED)).status_code == 422
    assert len(rows(real, SigningKey)) == 1
    ready = bidder.ready()
    sent = bidder.signed(ready, SEED)
    made = sign_with_key(SEED, real.origin, CERTIFY, json.loads(ready["signed"])["cmd"], ready["nonce"])
    assert made.signature == sent["sig_signature"]
    assert bidder.page.post(f"/do/{CERTIFY}", sent | {"proof": "0" * 128}).status_code == 422
    ready = bidder.ready()
    assert bidder.page.post(f"/do/{CERTIFY}", bidder.signed(ready, SEED)).status_code == 303
    assert len(rows(real, SigningKey)) == 2


def test_keys_are_offered_in_the_order_of_the_reader(real: Centre, client: TestClient[Any], buyer: Buyer) -> None:
    bidder = Bidder(real, client)
    certified(real, buyer.actor, OTHER_SEED)
    assert buyer.ready()["kinds"] == ["passkey", "keyfile"]
    with real.database.writing() as session:
        from sqlalchemy import update

        session.execute(update(SigningKey).values(revoked=1))
        session.commit()
    assert bidder.ready()["kinds"] == []
    assert buyer.ready()["kinds"] == ["passkey"]
