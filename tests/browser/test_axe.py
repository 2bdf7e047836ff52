"""axe-core finds nothing to say against the pages that people use most: by language, on a desk in light and on a phone in dark."""
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.centre import Centre
from kernel.command import Actor
from kernel.ticker import settle
from tests.world import found_test_centre, staff
from tests.worlds import evaluation
from tests.worlds.sealed import formal
from tests.worlds.served import served
from trading.projects.records import Project

pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
LOOKS = {"zh": ("light", {"width": 1366, "height": 768}), "en": ("dark", {"width": 390, "height": 844})}
WALL = {"width": 1920, "height": 1080}
FOUND = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
    .flatMap(({ id, impact, nodes }) => nodes.map((node) => [id, impact, node.target.join(" "), node.any.concat(node.all, node.none).map((one) => one.message).join("; ")]))"""

Places = dict[str, tuple[str, Centre, list[tuple[str, Actor | None]]]]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """What is looked at: address of a centre, the centre, and pages with whoever reads them."""
    folder = tmp_path_factory.mktemp("axe")
    one, other = found_test_centre(folder / "bidding"), found_test_centre(folder / "evaluating")
    bidding, hall = formal(one, folder, ceiling=5_000_000_000, deposit=8_000_000), evaluation.ready(other)
    supplier, late = bidding.supplier(), bidding.supplier()
    bidding.bid(supplier)
    settle(one)
    tender, opened = bidding.row(Project, bidding.project).code, hall.tender.row(Project, hall.project).code
    with served(one) as before, served(other) as after:
        yield {
            "anybody": (before, one, [(path, None) for path in ("/", "/tenders", f"/tenders/{tender}", "/sign-in", "/sign-up", "/custodian", "/verify?number=abcd2345efgh", "/rules")]),
            "supplier": (before, one, [(path, late) for path in ("/desk", "/supplier/bids", f"/supplier/bids/{bidding.project}")]
                         + [(f"/supplier/bids/{bidding.project}", supplier), (f"/openings/{tender}", late)]),
            "hall": (after, other, [(f"/openings/{opened}", None), (f"/openings/{opened}", hall.tender.host), (f"/openings/{opened}", hall.tender.suppliers[0])]),
            "seat": (after, other, [("/seat", hall.people["A"]), (f"/seat/{hall.room.id}", hall.people["A"]), (f"/seat/{hall.room.id}", hall.people["B"])]),
            "wall": (after, other, [(f"/openings/{opened}/wall", None), ("/regulator/wall", staff(other, "regulator"))]),
        }
    one.close()
    other.close()


@pytest.mark.parametrize("lang", LOOKS)
@pytest.mark.parametrize("place", ["anybody", "supplier", "hall", "seat", "wall"])
def test_axe_finds_nothing(arrive: Any, places: Places, place: str, lang: str) -> None:
    assert AXE.exists(), "axe-core is not installed: make setup"
    (address, centre, pages), (theme, size) = places[place], LOOKS[lang]
    found = []
    for path, actor in pages:
        context = arrive(address, centre, actor, lang, viewport=WALL if place == "wall" else size)
        context.add_cookies([{"name": "theme", "value": theme, "url": address}])
        tab = context.new_page()
        assert tab.goto(address + path).status == 200, path
        tab.evaluate(AXE.read_text())
        found += [(path, *one) for one in tab.evaluate(FOUND)]
        context.close()
    assert found == []


def test_axe_would_find_something(arrive: Any, places: Places) -> None:
    address, _, _ = places["anybody"]
    tab = arrive(address).new_page()
    tab.goto(address + "/sign-in")
    tab.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')")
    tab.evaluate(AXE.read_text())
    assert [(rule, impact) for rule, impact, *_ in tab.evaluate(FOUND)] == [("button-name", "critical")]
