"""A person keeps a key in the browser: made under a passkey, enrolled, in a ceremony with two programs, and at the opening."""
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from kernel.ticker import settle
from tests.browser.test_axe import AXE, FOUND
from tests.browser.test_pages import FAULTS
from tests.world import found_test_centre, staff
from tests.worlds import sealed
from tests.worlds.sealed import Sealed
from tests.worlds.served import served
from trading.opening.records import Batch, GateReport
from trading.sealing.begin_ceremony import BeginCeremony, begin_ceremony
from trading.sealing.custodian import found
from trading.sealing.enrol_custodian import EnrolCustodian, enrol_custodian

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
# what the browser remembers of answered points: told, and put in its place what is given
POINTS = """async (rows) => {
    const { openStore } = await import("/static/look/custodian/store.js");
    const store = await openStore();
    if (rows) await store.keep("points", rows);
    return [...(await store.all("points"))];
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    """A tender before its ceremony, and two custodians with programs."""
    folder = tmp_path_factory.mktemp("keeper")
    centre = found_test_centre(folder / "home")
    yield sealed.drafted(centre, folder, n=2)
    centre.close()


@pytest.fixture(scope="module")
def server(world: Sealed) -> Iterator[str]:
    with served(world.centre, "localhost") as address:
        yield address


@pytest.fixture
def tab(server: str, arrive: Any) -> Any:
    """The page, in a browser whose authenticator has secrets of its own to give (PRF)."""
    page = arrive(server).new_page()
    page.troubles = []
    page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" and "404" not in said.text else None)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.lies = {}  # part of an address → what the server makes of its answer
    page.route("**/api/programs/**", lambda route: answer(page, route))
    authenticator(page, prf=True)
    page.goto(f"{server}/custodian")
    return page


def answer(page: Any, route: Any) -> None:
    lie = next((lie for part, lie in page.lies.items() if part in route.request.url), None)
    if lie is None:
        route.continue_()
    else:
        got = route.fetch()
        route.fulfill(response=got, json=lie(got.json()))


def authenticator(page: Any, prf: bool) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "hasPrf": prf,
        "isUserVerified": True, "automaticPresenceSimulation": True}})


def press(page: Any, act: str) -> None:
    page.click(f"form[data-act={act}] [type=submit]")


def seen(page: Any, name: str) -> None:
    """A view is there, and is built as every page of the house."""
    page.wait_for_selector(f"[data-view={name}]:not([hidden])")
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert {what: how for what, how in page.evaluate(FAULTS).items() if how} == {}, (name, width)


def duty(page: Any, name: str, then: str) -> None:
    """Does the only duty by its button, once it is `name` in a list of after the click; then another waits, or none."""
    page.evaluate("for (const row of document.querySelectorAll('[data-duties] li')) row.dataset.old = ''")
    page.click("[data-refresh]")
    page.wait_for_selector(f"[data-duties] li:not([data-old]) [data-what]:has-text('{name}')")
    page.click("[data-duties] [data-do]")
    page.wait_for_selector(f"[data-done] li:has-text('{name}'):has-text('已应答')")
    page.wait_for_selector(then)


def test_a_person_keeps_a_key_from_its_making_to_the_opening(tab: Any, world: Sealed, tmp_path: Path) -> None:
    centre = world.centre
    seen(tab, "none")
    press(tab, "make")
    seen(tab, "paper")
    paper = tab.inner_text("[data-seed]").replace(" ", "")
    tab.fill("#last", "00000000")
    press(tab, "written")
    assert "最后 8 位" in tab.inner_text("[data-trouble]")
    tab.fill("#last", paper[-8:])
    press(tab, "written")
    seen(tab, "pins")
    press(tab, "pin")
    seen(tab, "enrol")
    tab.fill("#name", "示例保管人")
    tab.select_option("#party", "regulator")
    tab.fill("#employer", "示例单位")
    press(tab, "describe")
    with tab.expect_download() as saved:
        tab.click("[data-save]")
    cmd = EnrolCustodian.model_validate_json(Path(saved.value.path()).read_text())
    assert found(tmp_path / "program", bytes.fromhex(paper)).hex() == cmd.identity, "the paper is not the program's"
    enrol_custodian(centre, staff(centre, "regulator"), cmd)
    row = enrol_custodian(centre, staff(centre, "regulator"), cmd)
    assert row is not None
    press(tab, "look")
    tab.wait_for_selector("form[data-act=look] [type=submit]:enabled")  # this look is over before there is anything to see
    settle(centre)
    press(tab, "look")
    seen(tab, "work")
    tab.wait_for_selector("[data-quiet]:not([hidden])")

    begin_ceremony(centre, world.who, BeginCeremony(project=world.project, custodians=(row.id, *(keeper.id for keeper in world.keepers)), k=2))
    tab.lies = {"/tasks": lambda tasks: [task | {"enrolments": []} for task in tasks]}
    tab.click("[data-refresh]")
    tab.click("[data-duties] [data-do]:has-text('作出承诺')")
    tab.wait_for_selector("[data-held]:has-text('有保管人未在账本登记')")
    tab.lies = {}
    for name in ("作出承诺", "公布承诺", "核对份额"):
        assert [done.gate for keeper in world.keepers for done in keeper.program.run_once()] == ["", ""]
        duty(tab, name, "[data-quiet]:not([hidden])" if name == "核对份额" else "[data-duties] li")
    assert len(world.key) == 32
    sealed.published(world)
    bids = [world.bid(world.supplier(), amount) for amount in (300, 100)]
    world.started()

    tab.lies = {"/openings/": lambda papers: {name: value for name, value in papers.items() if name != "close"}}
    tab.reload()
    seen(tab, "locked")
    press(tab, "unlock")
    tab.wait_for_selector("[data-held]:has-text('没有可验证的截止记录')")
    tab.click("[data-duties] [data-do]")
    tab.wait_for_selector("[data-done] li:has-text('没有可验证的截止记录')")
    assert [report.gate for report in world.all(GateReport)] == ["close_leaf"]
    tab.lies = {}
    tab.click("[data-refresh]")
    tab.wait_for_selector("[data-duties] [data-detail]:has-text('2 个文件')")
    seen(tab, "work")
    tab.evaluate(AXE.read_text())
    assert tab.evaluate(FOUND) == []
    assert world.prices() == {}, "something was answered by itself"
    tab.check("[data-auto]")
    tab.wait_for_selector("[data-quiet]:not([hidden])")
    points = tab.evaluate(POINTS, None)
    assert len(points) == 2 and all(name.startswith(f"{world.project} ") for _, name in points)
    tab.evaluate(POINTS, [[point, "another 00"] for point, _ in points])
    with centre.database.writing() as session:
        session.execute(delete(Batch))  # the server asks once more, as if nothing had come
        session.commit()
    tab.click("[data-refresh]")
    tab.wait_for_selector("[data-held]:has-text('曾在别处解密')")
    tab.wait_for_selector("[data-done] li:has-text('曾在别处解密')")
    assert sorted(report.gate for report in world.all(GateReport)) == ["close_leaf", "repeated"] and world.all(Batch) == []
    tab.evaluate(POINTS, points)
    tab.click("[data-refresh]")
    tab.wait_for_selector("[data-quiet]:not([hidden])")
    assert [done.gate for done in world.keepers[0].program.run_once()] == [""]
    settle(centre)
    assert world.prices() == {bids[0].id: 300, bids[1].id: 100}
    assert tab.troubles == []


def test_a_programs_paper_seed_serves_here_and_its_file_again(tab: Any, world: Sealed, arrive: Any, server: str) -> None:
    keeper = world.keepers[0]
    tab.check("[name=source][value=paper]")
    tab.check("[name=guard][value=password]")
    tab.fill("#seed", "12 34")
    press(tab, "make")
    assert "64 位" in tab.inner_text("[data-trouble]")
    tab.fill("#seed", (keeper.home / "seed").read_bytes().hex())
    for field, word in (("#password", PASSWORD), ("#again", "another password")):
        tab.fill(field, word)
    press(tab, "make")
    tab.wait_for_selector("[data-trouble]:has-text('两次输入的密码不同')")
    tab.fill("#again", PASSWORD)
    press(tab, "make")
    seen(tab, "pins")
    assert tab.inner_text("aside [data-identity]").replace(" ", "") == keeper.program.identity.hex()
    press(tab, "pin")
    seen(tab, "work")
    assert tab.inner_text("[data-program]") == keeper.id
    tab.click("[data-repin]")
    tab.fill("#witnesses", "witness.example+00000000+AAAA")
    press(tab, "pin")
    tab.wait_for_selector("[data-trouble]:has-text('公钥无法读取')")
    tab.fill("#witnesses", "")
    press(tab, "pin")
    seen(tab, "work")
    with tab.expect_download() as saved:
        tab.click("[data-keyfile]")
    text = Path(saved.value.path()).read_text()
    assert (keeper.home / "seed").read_bytes().hex() not in text and json.loads(text)["public"] == keeper.program.identity.hex()
    other = arrive(server, lang="en").new_page()
    authenticator(other, prf=False)
    other.goto(f"{server}/custodian")
    press(other, "make")
    other.wait_for_selector("[data-trouble]:has-text('knows no PRF')")
    other.check("[name=source][value=file]")
    other.set_input_files("#file", saved.value.path())
    other.fill("#old", "wrong password")
    other.check("[name=guard][value=password]")
    other.fill("#password", PASSWORD)
    other.fill("#again", PASSWORD)
    press(other, "make")
    other.wait_for_selector("[data-trouble]:has-text('The password is wrong')")
    other.fill("#old", PASSWORD)
    press(other, "make")
    other.wait_for_selector("[data-view=pins]:not([hidden])")
    press(other, "pin")
    other.wait_for_selector("[data-asked]:has-text('looked at')")
    other.route("**/api/programs/nonces", lambda route: route.abort())
    other.click("[data-refresh]")
    other.wait_for_selector("[data-trouble]:has-text('does not answer')")
    other.unroute("**/api/programs/nonces")
    other.click("[data-refresh]")
    other.wait_for_selector("[data-trouble]", state="hidden")
    other.click("[data-lock]")
    other.wait_for_selector("[data-view=locked]:not([hidden])")
    other.click("aside summary")
    other.fill("#typed", keeper.program.identity.hex()[-4:])
    press(other, "forget")
    other.wait_for_selector("[data-view=none]:not([hidden])")
    assert tab.troubles == []
