"""Mode M2: the secrets of bidders' own locks, looked for at a few stops in every read, in letters, in the exported ledger and on pages. Nobody
reads one before what it opens is read out, not even whoever gave it in; from then on it stands beside the file keys in the proofs, which of two
envelopes each bidder has for itself until the prices are read out too (decision 0053)."""
import base64
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from kernel.canonical import sha256
from kernel.command import PUBLIC, Actor
from kernel.errors import Refused
from kernel.identity.records import Person
from kernel.messages import Message
from law.secrecy import STRENGTH
from tests.walks import channels
from tests.walks.canaries import money
from tests.walks.matrix import PROBES
from tests.walks.viewers import Place, Viewer, sight
from tests.world import staff
from tests.worlds import staged as world
from tests.worlds.asking import asking
from tests.worlds.sealed import Sealed
from trading.bids.records import Bid
from trading.opening.post_lock import PostLock, post_lock
from trading.opening.read_out import ReadOut, read_out
from trading.projects.records import Project
from web.app import create_app

MINUTES = 20
COUNT = len(world.PRICES)


class Look:
    """Everybody who could be curious, and what is looked for. given: by the first bidder, the last one has not spoken."""

    def __init__(self, sealed: Sealed) -> None:
        self.sealed, self.centre, self.told = sealed, sealed.centre, 0
        row = sealed.row(Project, sealed.project)
        bids = {bid.org: bid.id for bid in sealed.all(Bid)}
        named = {("works", key): bids[who.org] for key, who in zip(("winner", "loser", "withdrawn", "rejected"), sealed.suppliers, strict=True)}
        self.walk = SimpleNamespace(centre=self.centre, plays=[SimpleNamespace(project=row.id, field="works", deadline=row.deadline)], bids=named)
        people = {"public": PUBLIC, "host": sealed.host, "buyer": sealed.who, "agent": world.agent_of(sealed), "first bidder": sealed.suppliers[0],
                  "last bidder": sealed.suppliers[-1], "custodian": Actor("program", sealed.keepers[0].id, channel="custodian")}
        people |= {role: staff(self.centre, role, scope="works" if role == "regulator" else "")
                   for role in ("regulator", "auditor", "registrar", "sysadmin", "technician", "room_manager", "area_guard", "cashier")}
        self.viewers = [Viewer(label, actor) for label, actor in people.items()]

    def secrets(self, envelope: int) -> set[str]:
        """As hex and as base64, and their digests."""
        made = [world.secret(n, envelope) for n in range(COUNT)]
        return {word for secret in made for word in (secret.hex(), secret.hex().upper(), base64.b64encode(secret).decode(), sha256(secret).hex())}

    def prices(self) -> set[str]:
        return {word for price in world.PRICES for word in money(price)}

    def reads(self, fields: bool = True) -> dict[str, set[str]]:
        """Viewer and channel → words that were there; and fields that hold what the matrix does not give this viewer. Once the first of two
        envelopes is read out, the matrix judges by two stages at once, and fields are not asked."""
        found: dict[str, set[str]] = {}
        with self.centre.reading() as session:
            now = self.centre.clock.now(session)
            for viewer in self.viewers:
                (place,) = sight(session, self.walk, viewer, now).places.values()  # type: ignore[arg-type]
                for name, answer in channels.answers(self.walk, session, viewer, now):  # type: ignore[arg-type]
                    words = self.words(repr(answer)) | {f"{view}.{part}" for view, part, value in channels.parts(answer) if fields and too_much(place, view, part, value)}
                    if words:
                        found[f"{viewer.label}: {name}"] = words
        return found

    def sent(self, folder: str) -> dict[str, set[str]]:
        """Letters since the last stop, and the ledger as outsiders mirror it."""
        with self.centre.reading() as session:
            texts = [(f"letter to {session.get_one(Person, reader).login}", text) for reader, text in channels.letters(session, self.told)]
            self.told = session.scalar(select(func.max(Message.created))) or 0
        texts += channels.exported(self.walk, self.centre.home / f"mirror-{folder}")  # type: ignore[arg-type]
        return {channel: words for channel, text in texts if (words := self.words(text))}

    def pages(self, *labels: str) -> dict[str, set[str]]:
        app, found, broken = create_app(self.centre), {}, set[str]()
        with asking(app) as client:
            for viewer in (one for one in self.viewers if one.label in labels):
                for path, text in channels.pages(client, app, self.walk, viewer, "zh", viewer.label == "public", broken):  # type: ignore[arg-type]
                    if words := self.words(text):
                        found[f"{viewer.label}: {path}"] = words
        assert broken == set()
        return found

    def words(self, text: str) -> set[str]:
        return {word for word in self.secrets(1) | self.secrets(2) | self.prices() if word in text}


def too_much(place: Place, view: str, part: str, value: object) -> bool:
    if (view, part) not in PROBES or value in (None, "", (), {}, 0):
        return False
    kind, weakest = PROBES[view, part]
    return STRENGTH[place.form(kind)] < STRENGTH[weakest]


@pytest.fixture
def look(centre, tmp_path) -> Look:  # type: ignore[no-untyped-def]
    return Look(world.closed(centre, tmp_path, MINUTES))


@pytest.mark.slow
@pytest.mark.sqlite
def test_no_secret_of_a_lock_shows_before_what_it_opens_is_read_out(look: Look) -> None:
    sealed = look.sealed
    assert look.reads() | look.sent("sealed") == {}, "bids are in"
    sealed.opened()
    assert look.reads() | look.sent("answered") == {}, "the custodians have answered, and nobody else"
    with pytest.raises(Refused) as refusal:
        first = next(bid.id for bid in sealed.all(Bid) if bid.org == sealed.suppliers[0].org)
        post_lock(sealed.centre, sealed.suppliers[0], PostLock(project=sealed.project, bid=first, secret=world.secret(1, 1).hex()))
    assert refusal.value.reason.rule == "lock_fits" and not look.words(channels.told(refusal.value))
    for n in range(COUNT - 1):
        world.unlock(sealed, n, 1)
    assert look.reads() | look.sent("waiting") == {}, "all but one have spoken"
    assert look.pages("public", "host", "first bidder", "last bidder") == {}
    world.unlock(sealed, COUNT - 1, 1)
    assert look.reads() | look.sent("opened") == {}, "opened, and not read out"
    read_out(sealed.centre, sealed.host, ReadOut(project=sealed.project))
    assert look.reads(fields=False) | look.sent("read out") == {
        f"{label}: trading.opening.proofs.proofs": {world.secret(n, 1).hex()} for label, n in (("first bidder", 0), ("last bidder", COUNT - 1))}


def test_the_judge_finds_a_number_that_comes_too_early(look: Look) -> None:
    """Before the opening nobody may know how many secrets are in; at it the public of a works tender may."""
    def public() -> Place:
        with look.centre.reading() as session:
            return next(iter(sight(session, look.walk, look.viewers[0], look.centre.now()).places.values()))  # type: ignore[arg-type]

    assert too_much(public(), "Hall", "unlocked", (1, COUNT)) and not too_much(public(), "Hall", "unlocked", None)
    look.sealed.started()
    assert not too_much(public(), "Hall", "unlocked", (1, COUNT))
