"""The board of rooms in Chromium: a bar is moved by keys and by mouse, and nothing changes before its page has been read."""
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from kernel.ticker import settle
from kernel.values import HOUR, MINUTE
from rooms.book import book
from tests.world import found_test_centre
from tests.worlds.readers import signed_in
from tests.worlds.rooms import House
from web.app import create_app
from web.viewer import COOKIE

pytestmark = pytest.mark.browser
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    centre = found_test_centre(tmp_path_factory.mktemp("timeline") / "home")
    yield House(centre)
    centre.close()


@pytest.fixture(scope="module")
def tab(house: House) -> Iterator[Any]:
    """A page of the agency's, on a server of its own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: nobody moved a bar")
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: nobody moved a bar")
    running = uvicorn.Server(uvicorn.Config(create_app(house.centre), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": COOKIE, "value": signed_in(house.centre, house.agent).token, "url": address}, {"name": "lang", "value": "zh", "url": address}])
        yield context.new_page()
        browser.close()
    running.should_exit = True
    thread.join(10)


@pytest.mark.parametrize(("board", "number"), [("/rooms", 5), ("/rooms/week", 7)])
def test_a_bar_goes_where_keys_and_mouse_put_it_and_asks_first(tab: Any, house: House, board: str, number: int) -> None:
    room = house.room("opening", number).id
    opening, _ = book(house.centre, house.agent, house.chain(house.project()))
    settle(house.centre)
    opening = house.booking(opening.id)
    bar = tab.locator(f"#bar-{opening.id}")
    tab.goto(f"{board}?day={house.day}")
    home, hint = bar.get_attribute("x"), tab.inner_text("[data-said]")
    bar.locator("a").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        tab.keyboard.press(key)
    assert bar.get_attribute("x") != home and "09:30–10:30" in tab.inner_text("[data-said]")
    tab.keyboard.press("Escape")
    assert (bar.get_attribute("x"), tab.inner_text("[data-said]")) == (home, hint)
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/rooms/bookings/{opening.id}/move?room={opening.room}&start={opening.from_ms + 15 * MINUTE}")
    tab.goto(f"{board}?day={house.day}")
    held, line = bar.bounding_box(), tab.locator(f"svg[data-room='{room}']").first.bounding_box()
    tab.mouse.move(held["x"] + 6, held["y"] + 6)
    tab.mouse.down()
    tab.mouse.move(held["x"] + 6 + line["width"] * HOUR / (10 * HOUR), line["y"] + 8, steps=5)  # the board shows ten hours
    tab.mouse.up()
    tab.wait_for_url(f"**/move?room={room}&start={opening.from_ms + HOUR}")
    assert house.booking(opening.id).from_ms == opening.from_ms
    tab.get_by_role("button", name="确认变更").click()
    tab.wait_for_url("**/rooms?day=**")
    moved = house.booking(opening.id)
    assert (moved.room, moved.from_ms) == (room, opening.from_ms + HOUR)
    tab.locator(f"#bar-{opening.id} a").click()
    tab.wait_for_url(f"**/rooms/bookings/{opening.id}")


def test_a_finger_moves_a_bar_and_a_tap_opens_it(tab: Any, house: House) -> None:
    room = house.room("opening", 6).id
    opening, _ = book(house.centre, house.agent, house.chain(house.project()))
    settle(house.centre)
    opening = house.booking(opening.id)
    tab.goto("/rooms")
    cookies = tab.context.cookies()
    phone = tab.context.browser.new_context(base_url=tab.url.split("/rooms")[0], viewport={"width": 844, "height": 390}, has_touch=True, is_mobile=True)
    phone.add_cookies(cookies)
    page = phone.new_page()
    page.goto(f"/rooms?day={house.day}")
    bar, line = page.locator(f"#bar-{opening.id}"), page.locator(f"svg[data-room='{room}']").first
    bar.scroll_into_view_if_needed()
    held, there = bar.bounding_box(), line.bounding_box()
    finger = phone.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        touch("touchStart", start)
        for n in range(1, 11):
            touch("touchMove", (start[0] + (end[0] - start[0]) * n / 10, start[1] + (end[1] - start[1]) * n / 10))
        touch("touchEnd")

    at = page.evaluate("scrollY")
    drag((held["x"] + 6, held["y"] + 6), (held["x"] + 6 + there["width"] / 10, there["y"] + 8))  # the board shows ten hours
    page.wait_for_url(f"**/rooms/bookings/{opening.id}/move?room={room}&start={opening.from_ms + HOUR}")
    page.goto(f"/rooms?day={house.day}")
    page.evaluate(f"scrollTo(0, {at})")
    page.locator(f"#bar-{opening.id} a").tap()
    page.wait_for_url(f"**/rooms/bookings/{opening.id}")
    assert house.booking(opening.id).from_ms == opening.from_ms
    phone.close()
