"""Signed acts in Chromium in a real centre: a reviewer and a buyer by passkey, a bidder by key file."""
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import Actor
from kernel.identity.records import Passkey, SigningKey
from kernel.ledger.entries import Entry
from tests.world import found_test_centre
from tests.worlds import subjects
from tests.worlds.projects import organisation
from tests.worlds.served import served
from trading.projects.draft import Draft, draft
from trading.projects.records import Mandate

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
PDF = b"%PDF-1.7\ncontract\n%%EOF\n"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Centre]:
    made = found_test_centre(tmp_path / "real", rehearsal=False)
    yield made
    made.close()


@pytest.fixture
def server(real: Centre) -> Iterator[str]:
    """On localhost: a passkey knows no bare address."""
    with served(real, "localhost") as address:
        real.settings.origin_url = address
        yield address


class Tab:
    """One person's browser, with an authenticator whose holder may be asked to prove who he is."""

    def __init__(self, context: Any, server: str) -> None:
        self.context = context
        self.page, self.base, self.sent = self.context.new_page(), server, []
        self.page.on("request", lambda request: self.sent.append((request.url, request.post_data_buffer or b"")))
        self.wire = self.context.new_cdp_session(self.page)
        self.wire.send("WebAuthn.enable")
        self.device = self.wire.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True}})["authenticatorId"]

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def enrol(self) -> None:
        self.go("/me")
        self.send("form[data-passkey] [type=submit]", "**/me?done=*")

    def send(self, button: str, onward: str) -> None:
        """Waits from before the click: the page that follows takes the mark `done` out of its address at once."""
        with self.page.expect_navigation(url=onward):
            self.page.click(button)

    def said(self) -> str:
        self.page.wait_for_selector("[data-sign-said]")
        return str(self.page.inner_text("[data-sign-said]"))

    def refuse_to_verify(self, refuse: bool) -> None:
        self.wire.send("WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": not refuse})


@pytest.fixture
def tabs(server: str, arrive: Any, real: Centre) -> Callable[[Actor], Tab]:
    return lambda actor: Tab(arrive(server, real, actor), server)


def kind_signed(centre: Centre, tag: str) -> list[str]:
    with centre.reading() as session:
        return [json.loads(entry.payload)["sig"]["kind"] for entry in session.scalars(select(Entry).where(Entry.tag == tag))]


def all_of(centre: Centre, table: Any) -> list[Any]:
    with centre.reading() as session:
        return list(session.scalars(select(table)))


def test_a_buyer_signs_the_mandate_by_passkey_and_the_file_travels_once(real: Centre, tabs: Any, tmp_path: Path) -> None:
    buyer, agent = organisation(real, "示例采购人", buyer=True), organisation(real, "示例代理机构", agent=True)
    project = draft(real, buyer, Draft(procedure="procurement.open", field="procurement", kind="services", title="示例项目", budget=800_000_000,
                                       plan="示例批复〔2026〕1 号")).id
    tab = tabs(buyer)
    tab.go(f"/desk/projects/{project}/mandate")
    (tmp_path / "contract.pdf").write_bytes(PDF)
    tab.page.select_option("#agent", agent.org)
    tab.page.set_input_files("#file", str(tmp_path / "contract.pdf"))
    tab.page.click("form[data-sign] [type=submit]")
    assert "还没有可用于签名的密钥" in tab.said() and all_of(real, Mandate) == []
    tab.enrol()
    tab.go(f"/desk/projects/{project}/mandate")
    tab.page.select_option("#agent", agent.org)
    tab.page.set_input_files("#file", str(tmp_path / "contract.pdf"))
    tab.refuse_to_verify(True)
    tab.page.click("form[data-sign] [type=submit]")
    assert "没有签名，没有提交" in tab.said() and tab.page.input_value("#agent") == agent.org
    tab.page.screenshot(path=tmp_path / "unsigned.png", full_page=True)
    assert all_of(real, Mandate) == []
    tab.refuse_to_verify(False)
    tab.sent.clear()
    tab.send("form[data-sign] [type=submit]", "**?done=trading.projects.mandate")
    kept, = all_of(real, Mandate)
    assert real.blobs.get(kept.blob) == PDF and kind_signed(real, "trading.projects.mandate") == ["passkey"]
    assert not any(PDF in body for _, body in tab.sent), "the file was sent again"


def test_a_reviewer_agrees_by_passkey(real: Centre, tabs: Any) -> None:
    supplier = subjects.submitted(real, 1)
    tab = tabs(subjects.drawn(real, supplier.org))
    tab.enrol()
    tab.go(f"/reviews/{supplier.org}")
    tab.send("form[data-agree] [type=submit]", "**/reviews?done=*")
    assert kind_signed(real, "trading.subjects.review_first") == ["passkey"]
    assert len(all_of(real, Passkey)) == 1


def test_a_bidder_signs_by_key_file_which_never_leaves_the_browser(real: Centre, tabs: Any, tmp_path: Path) -> None:
    supplier = organisation(real, "示例供应商", supplier=True)
    tab = tabs(supplier)
    tab.go("/subject")
    text = tab.page.evaluate("""async (password) => (await (await import("/static/look/keyfile.js")).make(password, { ops: 1, mem: 8192 })).text""", PASSWORD)
    key, other = tmp_path / "mine.key.json", tmp_path / "other.json"
    key.write_text(text)
    other.write_text("{}")
    with real.database.writing() as session:
        session.add(SigningKey(person=supplier.id, org=supplier.org or "", public=bytes.fromhex(json.loads(text)["public"]), certified=real.clock.now(session)))
        session.commit()
    tab.page.fill("#secret", "a second password")
    tab.page.fill("#again", "a second password")
    with tab.page.expect_download():
        tab.page.click("[data-certify] [type=submit]")
    tab.page.wait_for_function("document.querySelector('[data-finish] form').elements.proof.value.length === 128")
    send = "[data-finish] [type=submit]"
    tab.page.click(send)
    file, password = "[data-sign-key] input[type=file]", "[data-sign-key] input[type=password]"
    tab.page.wait_for_selector(file)
    tab.page.screenshot(path=tmp_path / "keyfile.png", full_page=True)
    for chosen, typed, words in ((other, PASSWORD, "不是签名密钥文件"), (key, "wrong", "密码不对")):
        tab.page.set_input_files(file, str(chosen))
        tab.page.fill(password, typed)
        tab.page.click(send)
        tab.page.wait_for_selector(f"[data-sign-said]:has-text('{words}')")
    assert len(all_of(real, SigningKey)) == 1
    tab.page.fill(password, PASSWORD)
    tab.send(send, "**/subject?done=*")
    assert len(all_of(real, SigningKey)) == 2 and kind_signed(real, "trading.subjects.certify_key") == ["keyfile"]
    secret = json.loads(text)["box"].encode()
    assert not any(PASSWORD.encode() in body or secret in body for _, body in tab.sent)


def test_what_is_wrong_is_told_beside_the_form_before_the_key(real: Centre, tabs: Any) -> None:
    supplier = organisation(real, "示例供应商", supplier=True)
    tab = tabs(supplier)
    tab.enrol()
    tab.go("/subject")
    tab.page.click("[data-finish] summary")
    tab.page.fill("[data-finish] [name=public]", "xyz")
    tab.page.fill("[data-finish] [name=proof]", "0" * 128)
    tab.page.click("[data-finish] [type=submit]")
    assert "公钥格式不对" in tab.said() and tab.page.input_value("[data-finish] [name=public]") == "xyz"
    tab.page.fill("[data-finish] [name=public]", "00" * 32)
    tab.page.click("[data-finish] [type=submit]")
    tab.page.wait_for_selector("[data-sign-said] .refuse")
    assert "未要求签名" in tab.said() and all_of(real, SigningKey) == []
