"""Two envelopes: prices that are decrypted and not read out are looked for in every read and on every page there is."""
from types import SimpleNamespace

import pytest

from kernel.command import PUBLIC, Actor
from tests.walks import channels
from tests.walks.canaries import money
from tests.walks.viewers import Viewer
from tests.world import staff
from tests.worlds import staged as world
from tests.worlds.asking import asking
from trading.projects.records import Project
from web.app import create_app


@pytest.fixture
def decrypted(centre, tmp_path):  # type: ignore[no-untyped-def]
    """The custodians have answered for the second envelopes; the host has not read them out."""
    staged = world.scoring(centre, tmp_path)
    staged.hand_in()
    staged.sealed.custodians_answer()
    return staged


def looking(staged: world.Staged) -> list[Viewer]:
    """Nobody of them made one of the first three bids."""
    sealed, hall = staged.sealed, staged.hall
    people = {"public": PUBLIC, "host": sealed.host, "buyer": sealed.who, "agent": hall.tender.agent, "agent at a terminal": hall.agent, "rejected": sealed.suppliers[3],
              "regulator": staff(staged.centre, "regulator", scope="works"), "auditor": staff(staged.centre, "auditor"), "registrar": staff(staged.centre, "registrar"),
              "guard": hall.guard, "member": hall.people["A"], "chair": hall.chair, "custodian": Actor("program", sealed.keepers[0].id, channel="custodian")}
    return [Viewer(label, actor) for label, actor in people.items()]


def walk_of(staged: world.Staged) -> SimpleNamespace:
    """As much of a walk as the channels ask for."""
    row = staged.sealed.row(Project, staged.sealed.project)
    bids = dict(zip([("works", "winner"), ("works", "loser"), ("works", "withdrawn"), ("works", "rejected")], staged.bids, strict=True))
    return SimpleNamespace(centre=staged.centre, plays=[SimpleNamespace(project=row.id, field="works", deadline=row.deadline)], bids=bids)


def told(text: str) -> list[str]:
    return [word for price in world.PRICES[:3] for word in money(price) if word in text]


def read(staged: world.Staged, viewer: Viewer) -> dict[str, list[str]]:
    walk, found = walk_of(staged), {}
    with staged.centre.reading() as session:
        for name, answer in channels.answers(walk, session, viewer, staged.centre.now()):  # type: ignore[arg-type]
            if words := told(repr(answer)):
                found[f"{viewer.label}: {name}"] = words
    return found


def test_no_read_tells_a_price_before_it_is_read_out(decrypted: world.Staged) -> None:
    found: dict[str, list[str]] = {}
    for viewer in looking(decrypted):
        found |= read(decrypted, viewer)
    assert found == {}
    decrypted.read_prices()
    assert {viewer.label for viewer in looking(decrypted) if read(decrypted, viewer)} >= {"public", "host", "agent", "member", "rejected"}


def test_no_page_tells_a_price_before_it_is_read_out(decrypted: world.Staged) -> None:
    walk, app, found, broken = walk_of(decrypted), create_app(decrypted.centre), {}, set[str]()
    with asking(app) as client:
        for viewer in looking(decrypted):
            if viewer.label in ("public", "host", "member", "rejected"):
                for path, text in channels.pages(client, app, walk, viewer, "zh", viewer.label == "public", broken):  # type: ignore[arg-type]
                    if words := told(text):
                        found[f"{viewer.label}: {path}"] = words
    assert found == {} and broken == set()
