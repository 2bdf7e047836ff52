"""A bid sealed in Chromium opens with the custodians in Python, and a file sealed in Python opens in the browser."""
import json
import socket
import socketserver
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey

from kernel.canonical import sha256
from kernel.identity.records import SigningKey
from kernel.identity.signing import sign_with_key
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.world import found_test_centre
from tests.worlds import subjects
from tests.worlds.readers import signed_in
from tests.worlds.sealed import Sealed, formal
from tests.worlds.served import served
from trading.bids.packing import unpack
from trading.bids.records import Attempt, Bid, Envelope
from trading.bids.sealer import seal_bid
from trading.opening.plain import read_plain
from trading.opening.records import Opened
from trading.sealing.rules.price import PriceForm
from web.viewer import COOKIE

pytestmark = pytest.mark.browser
SECRET = "MIMOSA-7731"


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Sealed]:
    """The parameter is the number of envelopes."""
    centre = found_test_centre(tmp_path / "home")
    yield formal(centre, tmp_path, envelopes=getattr(request, "param", 1), ceiling=5_000_000_000, deposit=8_000_000)
    centre.close()


@pytest.fixture
def server(world: Sealed) -> Iterator[str]:
    with served(world.centre) as address:
        yield address


@pytest.fixture
def tab(server: str, arrive: Any, world: Sealed) -> Any:
    """A page of a supplier that is signed in."""
    context = arrive(server, world.centre, world.supplier())
    page = context.new_page()
    page.troubles, page.base, page.sent = [], server, []
    page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    context.on("request", lambda request: page.sent.append(request.post_data_buffer or b""))
    return page


def fill(tab: Any, world: Sealed, folder: Path, amount: str = "41,836,216.50") -> None:
    big = folder / "plan.pdf"
    big.write_bytes(b"%PDF-1.7 " + SECRET.encode() + bytes(range(256)) * 12_000)
    small = folder / "offer.pdf"
    small.write_bytes(b"%PDF-1.7 offer " + SECRET.encode())
    tab.goto(f"{tab.base}/supplier/bids/{world.project}")
    tab.fill("#row1", amount)
    tab.set_input_files("#commercial", str(small))
    tab.set_input_files("#technical", [str(big), str(small)])


def seal(tab: Any) -> None:
    tab.click("#seal [data-ends] button")
    tab.wait_for_selector("[data-outcome] [data-receipt], [data-outcome] .note.bad, [data-outcome] .refuse", timeout=60_000)


def test_a_bid_sealed_in_the_browser_is_opened_by_the_custodians(tab: Any, world: Sealed, tmp_path: Path) -> None:
    fill(tab, world, tmp_path)
    assert tab.inner_text("[data-capitals]") == "人民币肆仟壹佰捌拾叁万陆仟贰佰壹拾陆元伍角整"
    assert "差 8,163,783.50 元" in tab.inner_text("[data-ceiling]")
    tab.screenshot(path=tmp_path / "filled.png", full_page=True)
    seal(tab)
    assert tab.troubles == []
    assert tab.inner_text("[data-outcome] b").startswith("投标已收到")
    assert not any(SECRET.encode() in body or b"41836216" in body or b"4183621650" in body for body in tab.sent), "plain text left the browser"
    kept = [file.read_bytes() for file in world.centre.home.rglob("*") if file.is_file()]
    assert not any(word in data for data in kept for word in (SECRET.encode(), b"4183621650")), "plain text reached the centre"
    with tab.expect_download() as saved:
        tab.click("[data-keys]")
    keys = json.loads(Path(saved.value.path()).read_text())
    bid = world.all(Bid)[0]
    parts = {row.part: row for row in world.all(Envelope, bid=bid.id)}
    assert {one["part"]: one["digest"] for one in keys["parts"]} == {part: row.digest for part, row in parts.items()}
    for amount in (100, 101):
        world.bid(world.supplier(), amount)
    settle(world.centre)
    tab.click("[data-receipt]")
    tab.wait_for_selector(".receipt")
    world.opened()
    assert world.prices()[bid.id] == 4_183_621_650
    kept = world.all(Opened, bid=bid.id, part="technical")[0].plain
    files = unpack(b"".join(read_plain(world.centre, world.project, kept)))
    assert SECRET.encode() in files["plan.pdf"] and set(files) == {"plan.pdf", "offer.pdf", "manifest.json", "manifest.sig", "manifest.pub"}
    listed = {(part, name): digest for part, name, _, digest in json.loads(files["manifest.json"])["files"]}
    assert listed["technical", "plan.pdf"] == sha256(files["plan.pdf"]).hex()


@pytest.mark.parametrize("world", [2], indirect=True)
def test_of_two_envelopes_the_list_of_files_is_silent_about_the_price(tab: Any, world: Sealed, tmp_path: Path) -> None:
    fill(tab, world, tmp_path)
    seal(tab)
    with tab.expect_download() as saved:
        tab.click("[data-keys]")
    bid = world.all(Bid)[0]
    for amount in (100, 101):
        world.bid(world.supplier(), amount)
    world.started()
    tab.context.add_cookies([{"name": COOKIE, "value": signed_in(world.centre, world.suppliers[0]).token, "url": tab.base}])
    tab.goto(f"{tab.base}/supplier/bids/{world.project}")
    tab.click("#rescue summary")
    tab.set_input_files("#rescue input[type=file]", saved.value.path())
    tab.wait_for_function("document.querySelector('#rescue [name=keys]').value")
    given = json.loads(tab.input_value("#rescue [name=keys]"))
    assert {one["part"] for one in given["parts"]} == {"commercial", "technical"}, "the key of a price left before its turn"
    world.custodians_answer()
    assert world.prices() == {} and tab.troubles == []
    kept = world.all(Opened, bid=bid.id, part="technical")[0].plain
    files = unpack(b"".join(read_plain(world.centre, world.project, kept)))
    assert {part for part, *_ in json.loads(files["manifest.json"])["files"]} == {"commercial", "technical"}


def sealed_with_a_lock(tab: Any, world: Sealed, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """The key file that the page saved for a bid of a tender whose bidders unlock, and what stands in it."""
    world.set(mode="M2", lock_minutes=20)
    tab.on("dialog", lambda asked: asked.accept())
    fill(tab, world, tmp_path)
    seal(tab)
    with tab.expect_download() as saved:
        tab.click("[data-keys]")
    return saved.value.path(), json.loads(Path(saved.value.path()).read_text())


def test_a_lock_made_in_the_browser_is_opened_with_the_saved_key_file(tab: Any, world: Sealed, tmp_path: Path) -> None:
    saved, keys = sealed_with_a_lock(tab, world, tmp_path)
    assert not any(keys["lock"].encode() in body for body in tab.sent), "the lock left the browser"
    mine = world.all(Bid)[0].id
    for n in (1, 2):
        world.bid(world.supplier(), 100 + n, lock=bytes([n]) * 32)
    world.opened()
    tab.context.add_cookies([{"name": COOKIE, "value": signed_in(world.centre, world.suppliers[0]).token, "url": tab.base}])
    tab.goto(f"{tab.base}/supplier/bids/{world.project}")
    tab.set_input_files("[data-filekeys] input[type=file]", saved)
    tab.wait_for_function("document.querySelector('[name=secret]').value.length === 64")
    tab.click("#unlock [type=submit]")
    tab.wait_for_selector(".note.ok")
    assert tab.troubles == []
    world.forward(20 * MINUTE)
    settle(world.centre)
    assert world.prices() == {mine: 4_183_621_650}


@pytest.mark.parametrize("world", [2], indirect=True)
def test_of_two_envelopes_only_the_lock_whose_turn_it_is_leaves_the_machine(tab: Any, world: Sealed, tmp_path: Path) -> None:
    saved, keys = sealed_with_a_lock(tab, world, tmp_path)
    assert len(keys["price_lock"]) == 64 and keys["price_lock"] != keys["lock"]
    for n in (1, 2):
        world.bid(world.supplier(), 100 + n, lock=bytes([n]) * 32, price_lock=bytes([n + 2]) * 32)
    world.opened()
    tab.context.add_cookies([{"name": COOKIE, "value": signed_in(world.centre, world.suppliers[0]).token, "url": tab.base}])
    tab.goto(f"{tab.base}/supplier/bids/{world.project}")
    tab.set_input_files("#unlock input[type=file]", saved)
    tab.wait_for_function("document.querySelector('#unlock [name=secret]').value.length === 64")
    assert tab.input_value("#unlock [name=secret]") == keys["lock"]
    tab.click("#unlock [type=submit]")
    tab.wait_for_selector(".note.ok")
    assert not any(keys["price_lock"].encode() in body for body in tab.sent) and tab.troubles == []


class Line(socketserver.ThreadingTCPServer):
    """A line to a server, which breaks in the middle of the first requests that begin with any of `breaks`."""

    daemon_threads = True

    def __init__(self, to: int, breaks: dict[bytes, int]) -> None:
        self.to, self.breaks = to, breaks
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)

    def finish_request(self, request: Any, _: Any) -> None:
        with socket.create_connection(("127.0.0.1", self.to)) as server:
            threading.Thread(target=self.back, args=(server, request), daemon=True).start()
            while data := request.recv(1 << 16):
                found = next((start for start, left in self.breaks.items() if left and data.startswith(start)), None)
                if found:
                    self.breaks[found] -= 1
                    server.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(data)

    @staticmethod
    def back(server: socket.socket, request: Any) -> None:
        with suppress(OSError):
            while data := server.recv(1 << 16):
                request.sendall(data)


def test_a_line_that_breaks_is_waited_for(tab: Any, world: Sealed, tmp_path: Path) -> None:
    breaks = {b"GET /static/look/sender.js": 1, b"PUT /supplier/uploads/": 1, b"POST /supplier/uploads ": 1}
    with Line(int(tab.base.rpartition(":")[2]), breaks) as line:
        threading.Thread(target=line.serve_forever, daemon=True).start()
        tab.base = f"http://127.0.0.1:{line.server_address[1]}"
        fill(tab, world, tmp_path)
        seal(tab)
        assert tab.inner_text("[data-outcome] b").startswith("投标已收到")
        line.shutdown()
    assert set(breaks.values()) == {0} and len(world.all(Envelope)) == 3


def test_a_swapped_key_is_refused_by_the_client(tab: Any, world: Sealed, tmp_path: Path) -> None:
    other = PrivateKey.generate().public_key.encode().hex()
    tab.route(f"**/supplier/bids/{world.project}", lambda route: route.fulfill(response=(got := route.fetch()), body=got.text().replace(world.key.hex(), other)))
    fill(tab, world, tmp_path)
    seal(tab)
    assert "公钥与保管人的记录不符" in tab.inner_text("[data-outcome]")
    assert world.all(Bid) == []


def test_too_late_is_told_with_its_article_and_noted(tab: Any, world: Sealed, tmp_path: Path) -> None:
    world.set(deadline=world.centre.now() + 600_000)
    fill(tab, world, tmp_path)
    world.to_deadline()
    seal(tab)
    assert "投标截止时间已过" in tab.inner_text("[data-outcome] .refuse")
    assert [row.guard for row in world.all(Attempt)] == ["before_closing"]


def test_files_sealed_offline_go_up_as_they_are_and_open_in_the_browser(tab: Any, world: Sealed, tmp_path: Path) -> None:
    actor = world.suppliers[0]
    salt = b"\x07" * 32
    made = seal_bid(world.project, world.lot, world.key, world.code_of(actor), PriceForm("CNY", 777), salt, world.dice.randbytes,
                    files={"commercial": {"a.pdf": b"a"}, "technical": {"b.pdf": b"b" * 3_000_000}}, signer=b"\x05" * 32)
    for part, sealed in made.items():
        (tmp_path / f"{part}.tbid").write_bytes(sealed.data)
    tab.goto(f"{tab.base}/supplier/bids/{world.project}")
    opened = tab.evaluate("""async ([data, key]) => {
        const { default: s } = await import("/static/vendor/sodium.js"); await s.ready;
        const { open, unhex } = await import("/static/look/tbid.js");
        const file = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
        const slice = async (a, b) => file.slice(a, b);
        const came = [];
        const good = await open(s, slice, file.length, unhex(key), (data) => came.push(data.slice()));
        file[file.length - 20] ^= 1;
        const bad = await open(s, slice, file.length, unhex(key), () => {}).catch((error) => error.message);
        return [good.digest, await new Blob(came).text(), bad];
    }""", [b64encode(made["price"].data).decode(), made["price"].file_key.hex()])
    assert opened == [made["price"].digest, '{"amount":777,"currency":"CNY","v":1}', "flipped"]
    tab.click("details summary:has-text('别处封好')")
    for part in made:
        tab.set_input_files(f"#sealed-{part}", str(tmp_path / f"{part}.tbid"))
    tab.fill("#salt", salt.hex())
    seal(tab)
    assert tab.inner_text("[data-outcome] b").startswith("投标已收到")
    assert {row.digest for row in world.all(Envelope)} == {sealed.digest for sealed in made.values()}


def test_a_key_file_is_made_certified_and_signs_as_python_does(server: str, arrive: Any, world: Sealed) -> None:
    page = arrive(server, world.centre, subjects.admitted(world.centre, 3)).new_page()
    page.goto(f"{server}/subject")
    page.fill("#secret", "correct horse battery")
    page.fill("#again", "correct horse batterz")
    page.click("[data-certify] [type=submit]")
    assert page.is_visible("[data-certify] [data-why]")
    page.fill("#again", "correct horse battery")
    with page.expect_download() as saved:
        page.click("[data-certify] [type=submit]")
    text = Path(saved.value.path()).read_text()
    page.wait_for_function("document.querySelector('[data-finish] form').elements.proof.value.length === 128")
    with page.expect_navigation(url="**/subject?done=*"):
        page.click("[data-finish] [type=submit]")
    assert [row.public.hex() for row in world.all(SigningKey)] == [json.loads(text)["public"]]
    seed, wrong, signed = page.evaluate("""async (text) => {
        const file = await import("/static/look/keyfile.js");
        const seed = await file.unlock(text, "correct horse battery");
        const wrong = await file.unlock(text, "another password").catch((error) => error.message);
        return [Array.from(seed), wrong, file.signAct(seed, "rehearsal.x/2026", "trading.bids.submit", { project: "\u9879\u76ee", parts: [{ part: "price" }], version: 1 }, "ab")];
    }""", text)
    assert wrong == "wrong_password"
    made = sign_with_key(bytes(seed), "rehearsal.x/2026", "trading.bids.submit", {"project": "项目", "parts": [{"part": "price"}], "version": 1}, "ab")
    assert (signed["key"], signed["signature"]) == (made.key, made.signature)
