"""The scoring bench and the promise of a contribution in Chromium: keys, saving without a reload, the kernel's own hash."""
import io
from collections.abc import Iterator

import pytest
from nacl.bindings import crypto_scalarmult
from nacl.public import PrivateKey

from kernel.draw import commit
from tests.worlds import evaluation as world
from tests.worlds.served import served
from trading.sealing.draw_gates import contribution
from trading.sealing.rules import scalars
from trading.sealing.rules.envelope import open_with_key
from trading.sealing.rules.hpke import file_key_from_dh

pytestmark = pytest.mark.browser


@pytest.fixture
def page(centre, arrive) -> Iterator[tuple[object, world.Hall, str]]:  # type: ignore[no-untyped-def]
    hall = world.ready(centre)
    with served(centre) as url:
        yield arrive(url, centre, hall.people["A"]).new_page(), hall, url


def test_keys_save_and_move(page) -> None:  # type: ignore[no-untyped-def]
    tab, hall, url = page
    tab.goto(f"{url}/seat/{hall.room.id}")
    assert tab.evaluate("document.activeElement.id") == "score"
    tab.keyboard.type("41")
    tab.keyboard.press("Tab")
    tab.wait_for_selector("[data-saved]:has-text('已保存')")
    with tab.expect_navigation():
        tab.keyboard.press("Tab")
    assert "bid=" in tab.url and len(hall.grid("A").cells) == 1
    tab.keyboard.type("5")
    tab.keyboard.press("Tab")
    tab.wait_for_selector("[data-problem]:not([hidden])")
    assert len(hall.grid("A").cells) == 1
    tab.keyboard.type("照搬通用文本")
    with tab.expect_navigation():
        tab.keyboard.press("Tab")
    assert len(hall.grid("A").cells) == 2
    before = tab.url
    with tab.expect_navigation():
        tab.keyboard.press("]")
    assert tab.url != before


def test_the_browser_promises_as_the_kernel_does(page) -> None:  # type: ignore[no-untyped-def]
    tab, _, url = page
    tab.goto(f"{url}/")
    made = tab.evaluate("async () => (await import('/static/look/share.js')).commitment('host', new Uint8Array(32).fill(7))")
    assert made == commit("host", b"\x07" * 32)
    key = PrivateKey.generate()
    public = key.public_key.encode()
    sealed = tab.evaluate("""async (key) => {
        const { sealed } = await import('/static/look/share.js');
        const { hex } = await import('/static/look/tbid.js');
        return hex(await sealed('some draw', 'host', key, new Uint8Array(32).fill(7)));
    }""", public.hex())
    prefix, out = contribution(bytes.fromhex(sealed), "some draw", "host", public.hex()).prefix, io.BytesIO()
    enc = scalars.montgomery(prefix.point)
    open_with_key(io.BytesIO(bytes.fromhex(sealed)), out, file_key_from_dh(crypto_scalarmult(key.encode(), enc), enc, public, prefix.encoded))
    assert out.getvalue() == b"\x07" * 32
