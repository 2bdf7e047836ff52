"""Real pages of a small centre in Chromium, in both languages: nothing is wider than a phone, and every page is built as a page."""
from collections.abc import Iterator
from typing import Any

import pytest

from kernel.ticker import settle
from tests.world import found_test_centre
from tests.worlds.sealed import Sealed, formal
from tests.worlds.served import served
from trading.notices.records import Notice
from trading.projects.records import Project

pytestmark = pytest.mark.browser
WIDTHS = {"zh": (1366, 390), "en": (390, 320)}  # a desk and a phone; long words on the smallest
PUBLIC = ["/", "/tenders", "/notices", "/openings", "/rules", "/rules/ENG-T03", "/statistics", "/ledger", "/ledger/0", "/verify?number=abcd2345efgh",
          "/help", "/custodian", "/sign-in", "/sign-up", "/nowhere"]
FAULTS = """() => {
  const seen = (e) => e.getClientRects().length && !e.closest(".vh, svg");
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const all = (what) => [...document.querySelectorAll(what)];
  const ids = all("[id]").map((e) => e.id);
  return {
    wide: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    headings: all("h1").length - 1, mains: all("main").length - 1,
    small: all("body *").filter((e) => seen(e) && own(e)).filter((e) => { const size = parseFloat(getComputedStyle(e).fontSize); return size && size < 12.99; }).map((e) => e.textContent.trim()),
    nameless: all("a, button").filter((e) => seen(e) && !e.textContent.trim() && !e.getAttribute("aria-label")).length,
    unlabelled: all("input:not([type=hidden]), select, textarea").filter((e) => seen(e) && !e.labels.length && !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")).map((e) => e.name),
    twice: ids.filter((id, n) => ids.indexOf(id) !== n), inline: all("[style]").length,
    skipped: all("h1, h2, h3, h4").map((e) => +e.tagName[1]).filter((n, at, list) => n > (list[at - 1] ?? 0) + 1).length,
  };
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    folder = tmp_path_factory.mktemp("pages")
    centre = found_test_centre(folder / "home")
    made = formal(centre, folder, ceiling=5_000_000_000, deposit=8_000_000)
    made.bid(made.supplier())
    settle(centre)
    yield made
    centre.close()


@pytest.fixture(scope="module")
def server(world: Sealed) -> Iterator[str]:
    with served(world.centre) as address:
        yield address


def faults(tab: Any, server: str, lang: str, paths: list[str]) -> list[tuple[str, int, str, Any]]:
    """(path, width, what, how much) of everything that is not as it should be."""
    found = []
    for path in paths:
        tab.goto(server + path)
        for width in WIDTHS[lang]:
            tab.set_viewport_size({"width": width, "height": 800})
            found += [(path, width, what, how) for what, how in tab.evaluate(FAULTS).items() if how]
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_anybody_reads(arrive: Any, server: str, world: Sealed, lang: str) -> None:
    tender = [f"/tenders/{world.row(Project, world.project).code}", f"/openings/{world.row(Project, world.project).code}", f"/notices/{world.all(Notice)[0].id}"]
    assert faults(arrive(server, lang=lang).new_page(), server, lang, PUBLIC + tender) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_of_a_bidder(arrive: Any, server: str, world: Sealed, lang: str) -> None:
    pages = ["/desk", "/inbox", "/me", "/subject", "/supplier/bids", f"/supplier/bids/{world.project}", f"/supplier/bids/{world.project}/withdraw"]
    assert faults(arrive(server, world.centre, world.suppliers[0], lang).new_page(), server, lang, pages) == []


def test_a_page_that_is_too_wide_would_be_found(browser: Any, server: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(server + "/help")
    assert not [how for how in tab.evaluate(FAULTS).values() if how]
    tab.evaluate("document.querySelector('main p').textContent = 'x'.repeat(400); document.querySelector('main p').className = 'nw'")
    assert tab.evaluate(FAULTS)["wide"] > 0
    tab.close()
