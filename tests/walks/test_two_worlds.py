"""Two worlds that differ in one thing: in one nobody has bid, in the other five have, one of whom withdrew. Before the deadline
whoever may not know the number reads the same bytes in both."""
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from cli.cast.house import House
from kernel.centre import Centre
from kernel.clock import Clock
from kernel.ledger import reads as ledger
from kernel.settings import Settings
from kernel.values import HOUR, MINUTE
from law.secrecy import form
from tests.walks import channels, invited
from tests.walks.viewers import Viewer, sight, viewers
from tests.walks.walk import Walk, begin
from tests.worlds.asking import asking
from web.app import create_app

LEDGER = ("/ledger", "/api/programs/custodians", "/open-data", "/ocds", "/feed")  # they tell of leaves and moments, which say nothing of whose they are
SECRETS = ("bid_count", "document_taker_count", "deposit_total", "bidder_identities", "document_taker_names", "deposit_payers")


class Standing(Clock):
    """Both worlds are read at one moment, however long the reading takes."""

    def __init__(self, moment: int) -> None:
        super().__init__(stepped=True)
        self.moment = moment

    def now(self, session: Session) -> int:
        return self.moment


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Walk, Walk]:
    """One history up to the notice, then two. Who reads changes nothing."""
    tmp_path = tmp_path_factory.mktemp("worlds")
    quiet = begin(tmp_path / "quiet", ("procurement",), witnessed=False)
    for stop in invited.stops(quiet):
        if stop == "published":
            break
    quiet.house.settle()
    quiet.centre.close()
    shutil.copytree(tmp_path / "quiet", tmp_path / "busy")
    busy = twin(quiet, tmp_path / "busy")
    moment = quiet.centre.now() + 2 * HOUR
    for play in busy.plays:
        invited.invite_bids(busy, play)
    for walk in (quiet, busy):
        walk.house.until(moment)
        walk.centre.clock = Standing(moment + MINUTE)
    quiet.bids = dict(busy.bids)  # both are asked for the same addresses
    return quiet, busy


def twin(walk: Walk, home: Path) -> Walk:
    """The same people and tenders over a copy of everything stored."""
    centre = Centre(Settings(home=home, argon_time=1, argon_memory_kib=8, secure_cookies=False))
    house = House(centre, dict(walk.house.people), [])
    plays = [replace(play, house=house, bidders=[replace(bidder) for bidder in play.bidders]) for play in walk.plays]
    return Walk(centre, house, walk.companies, walk.experts, plays)


def unknowing(walk: Walk) -> list[Viewer]:
    """Those for whom every count and every name is none; the bidders themselves know what they did."""
    with walk.centre.reading() as session:
        now = walk.centre.clock.now(session)
        found = []
        for viewer in viewers(walk):
            place = next(iter(sight(session, walk, viewer, now).places.values()))
            if not place.roles & {"supplier", "bank", "custodian"} and all(form(kind, set(place.roles), place.field, place.stage) == "none" for kind in SECRETS):
                found.append(viewer)
        return found


def plain(walk: Walk, text: str) -> str:
    """Without what every moment changes: tokens, times, and the head of the ledger that every page shows."""
    with walk.centre.reading() as session:
        head = ledger.head(walk.centre, session)
    assert head is not None
    for word in (head.root, head.note):
        text = text.replace(word, "…")
    text = re.sub(r"[0-9a-f]{4}(?:[ …]+[0-9a-f]{4}){1,15}", "DIGEST", text)
    text = re.sub(r"\d{2}:\d{2}(?::\d{2})?|\d{13}|\d{8}T\d{6}Z|[\w-]{32,64}", "T", text)
    for number in (head.size, head.size - 1):
        for size in (f"{number:,}", str(number)):
            text = re.sub(rf"(?<![A-Za-z\d,]){size}(?![A-Za-z\d]|,\d)", "SIZE", text)
    return text


@pytest.mark.slow
def test_who_may_not_know_reads_the_same_in_both(worlds) -> None:
    quiet, _ = worlds
    readers = unknowing(quiet)
    assert {"public", "agent", "buyer", "regulator", "host", "cashier", "auditor", "sysadmin"} <= {viewer.label for viewer in readers}
    compared = 0
    for viewer in readers:
        told = [dict(asked(walk, viewer)) for walk in worlds]
        assert told[0] == told[1], viewer.label
        compared += len(told[0])
    assert compared > 200


@pytest.mark.slow
def test_pages_are_the_same_bytes(worlds) -> None:
    readers = [viewer for viewer in unknowing(worlds[0]) if viewer.actor.kind != "program"][::2]  # what all of them read stands in the test before
    shown: list[dict[tuple[str, str], str]] = []
    for walk in worlds:
        app, seen = create_app(walk.centre), {}
        with asking(app) as client:
            for n, viewer in enumerate(readers):
                for path, text in channels.pages(client, app, walk, viewer, "en" if n % 2 else "zh", n == 0, set()):
                    if not path.startswith(LEDGER):
                        seen[viewer.label, path] = plain(walk, text)
        shown.append(seen)
    different = sorted(key for key in shown[0].keys() | shown[1].keys() if shown[0].get(key) != shown[1].get(key))
    assert different == []
    assert len(shown[0]) > 300


def asked(walk: Walk, viewer: Viewer):  # type: ignore[no-untyped-def]
    """Every read of this viewer, save the ledger's own."""
    with walk.centre.reading() as session:
        now = walk.centre.clock.now(session)
        for n, (name, answer) in enumerate(channels.answers(walk, session, viewer, now)):
            if not name.startswith("kernel."):
                yield f"{n} {name}", plain(walk, repr(answer))


def test_a_bidder_does_read_something_else(worlds) -> None:
    quiet, busy = worlds
    bidder = next(viewer for viewer in viewers(quiet) if viewer.label == "procurement winner")
    assert dict(asked(quiet, bidder)) != dict(asked(busy, bidder))
