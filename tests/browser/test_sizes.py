"""Files of any size in constant memory, in Chromium and in the server: sealed there and opened here, sealed here and opened there.

1 GiB runs with `--gib`. The plain file has holes, so that it takes no room; what is sealed takes its whole size.
"""
import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.ticker import settle
from tests.world import found_test_centre
from tests.worlds.memory import Growth
from tests.worlds.sealed import Sealed, formal
from tests.worlds.served import served
from trading.bids.packing import index_of
from trading.bids.records import Bid
from trading.bids.rules import supplier_commitment
from trading.opening.plain import read_plain
from trading.opening.records import Opened
from trading.sealing.rules.envelope import Params, seal

pytestmark = pytest.mark.browser
MIB = 1 << 20
MOST = 64 * MIB  # bytes by which a process may grow
SIZES = [pytest.param(96 * MIB, id="96-MiB"), pytest.param(1 << 30, id="1-GiB", marks=pytest.mark.gib)]
PATIENCE = 900_000  # ms
OPEN = """async ([selector, key]) => {
    const { default: s } = await import("/static/vendor/sodium.js"); await s.ready;
    const { hex, open, unhex } = await import("/static/look/tbid.js");
    const file = document.querySelector(selector).files[0];
    const state = s.crypto_hash_sha256_init();
    const { digest } = await open(s, async (a, b) => new Uint8Array(await file.slice(a, b).arrayBuffer()), file.size, unhex(key),
        (data) => s.crypto_hash_sha256_update(state, data));
    return [digest, hex(s.crypto_hash_sha256_final(state))];
}"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Sealed]:
    centre = found_test_centre(tmp_path / "home")
    yield formal(centre, tmp_path, ceiling=5_000_000_000, deposit=8_000_000)
    centre.close()


@pytest.fixture
def page(world: Sealed, browser: Any, arrive: Any) -> Iterator[Any]:
    """The workspace of a supplier; page.process: the renderer, in which the page and its workers run; page.keeper: the process
    that keeps Blobs."""
    with served(world.centre) as address:
        made = arrive(address, world.centre, world.supplier()).new_page()
        made.set_default_timeout(PATIENCE)
        made.goto(f"{address}/supplier/bids/{world.project}")
        told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        made.process = max((one for one in told if is_page(one)), key=lambda one: one["cpuTime"])["id"]
        made.keeper = next(one["id"] for one in told if one["type"] == "browser")
        yield made


def is_page(told: dict[str, Any]) -> bool:
    """A renderer that does not draw Chromium's own window."""
    return bool(told["type"] == "renderer" and b"--top-chrome-webui" not in Path(f"/proc/{told['id']}/cmdline").read_bytes())


def holed(path: Path, size: int) -> str:
    """A file of holes with something to read here and there, and at its end; its SHA-256."""
    dice = random.Random(size)
    with path.open("wb") as file:
        for start in range(0, size, 16 * MIB):
            file.seek(start + dice.randrange(MIB))
            file.write(dice.randbytes(64))
        file.seek(size - 1)
        file.write(b"\x01")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.mark.parametrize("size", SIZES)
def test_sealed_in_the_browser_and_opened_by_the_custodians(page: Any, world: Sealed, tmp_path: Path, size: int, record_property: Any) -> None:
    plan, offer = tmp_path / "plan.pdf", tmp_path / "offer.pdf"
    digest = holed(plan, size)
    offer.write_bytes(b"%PDF-1.7 offer")
    page.fill("#row1", "41,836,216.50")
    page.set_input_files("#commercial", str(offer))
    page.set_input_files("#technical", str(plan))
    with Growth(page.process) as sealing, Growth(page.keeper) as keeping, Growth(os.getpid()) as receiving:
        page.click("#seal [data-ends] button")
        page.wait_for_selector("[data-outcome] [data-receipt], [data-outcome] .note.bad, [data-outcome] .refuse")
    assert page.inner_text("[data-outcome] b").startswith("投标已收到")
    bid = world.all(Bid)[0]
    for amount in (100, 101):
        world.bid(world.supplier(), amount)
    settle(world.centre)
    with Growth(os.getpid()) as opening:
        world.opened()
    blocks, found = read_plain(world.centre, world.project, world.all(Opened, bid=bid.id, part="technical")[0].plain), hashlib.sha256()
    first = next(blocks)
    start, length = next((at, count) for name, at, count in index_of(first) if name == "plan.pdf")
    left = length
    for block in (first[start:], *blocks):
        found.update(block[:left])
        left -= min(left, len(block))
    assert (length, found.hexdigest()) == (size, digest)
    grown = {"page": sealing.bytes, "browser": keeping.bytes, "receiving": receiving.bytes, "opening": opening.bytes}
    record_property("grown", {who: f"{count / MIB:.0f} MiB" for who, count in grown.items()})
    assert {who: count for who, count in grown.items() if count >= MOST} == {}


@pytest.mark.parametrize("size", SIZES)
def test_sealed_in_python_and_opened_by_the_browser(page: Any, world: Sealed, tmp_path: Path, size: int, record_property: Any) -> None:
    plain, sealed, actor = tmp_path / "plain", tmp_path / "technical.tbid", world.suppliers[0]
    digest = holed(plain, size)
    params = Params(world.project, world.lot, "technical", supplier_commitment(bytes(32), world.code_of(actor)), 1, world.key)
    with plain.open("rb") as source, sealed.open("wb") as sink, Growth(os.getpid()) as sealing:
        made = seal(source, sink, params, size, world.dice.randbytes, threads=2)
    page.click("details summary:has-text('别处封好')")
    page.set_input_files("#sealed-technical", str(sealed))
    with Growth(page.process) as opening:
        assert page.evaluate(OPEN, ["#sealed-technical", made.file_key.hex()]) == [made.digest.hex(), digest]
    grown = {"sealing": sealing.bytes, "page": opening.bytes}
    record_property("grown", {who: f"{count / MIB:.0f} MiB" for who, count in grown.items()})
    assert {who: count for who, count in grown.items() if count >= MOST} == {}
