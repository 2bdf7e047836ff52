"""One Chromium for the tests of a file, and somebody signed in before it."""
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.centre import Centre
from kernel.command import Actor
from tests.worlds.readers import signed_in
from web.viewer import COOKIE

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: nobody looked at the pages")
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: nobody looked at the pages")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def arrive(browser: Any) -> Iterator[Callable[..., Any]]:
    """arrive(address, centre, actor, lang=…): the browser of somebody who is signed in, or of nobody."""
    contexts = []

    def come(address: str, centre: Centre | None = None, actor: Actor | None = None, lang: str = "zh", **more: Any) -> Any:
        context = browser.new_context(**({"viewport": {"width": 1366, "height": 900}, "accept_downloads": True} | more))
        contexts.append(context)
        context.set_default_timeout(60_000)  # a busy machine is slow, not wrong
        cookies = {"lang": lang} | ({COOKIE: signed_in(centre, actor).token} if centre and actor else {})
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        return context

    yield come
    for context in contexts:
        context.close()
