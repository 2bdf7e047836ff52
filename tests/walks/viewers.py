"""Who looks, and what the matrix allows him: his relations to both tenders at this moment, and where he sits."""
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.records import Expert as Enlisted
from kernel.command import PUBLIC, Actor
from kernel.identity.records import Person
from law.roles import ROLES
from law.secrecy import MEMBERS, form, form_of_others
from tests.walks import people
from tests.walks.canaries import Canary
from tests.walks.walk import Walk
from trading.opening.records import Opening
from trading.projects.records import Project, ProjectAssignment
from trading.projects.stage import stage_at
from trading.relations import relations

LOOKING = ("winner", "loser", "rejected", "withdrawn", "late")
HOUSE = {"registrar": "dengji1", "host": "zhuchi1", "another host": "zhuchi2", "room manager": "changdi1", "area guard": "zhishou1", "cashier": "caiwu1",
         "archivist": "dangan1", "regulator": "jiandu1", "regulator of land": "tudi1", "auditor": "shenji1", "sysadmin": "xitong1", "technician": "jishu1"}


@dataclass(frozen=True)
class Viewer:
    """field: the only tender he cares for, "" for both."""

    label: str
    actor: Actor
    field: str = ""


def viewers(walk: Walk) -> Iterator[Viewer]:
    """Everybody who may look now; members of a committee as soon as they are drawn."""
    yield Viewer("public", PUBLIC)
    for key in ("buyer", "agent", "buyer2", "agent2", "idle"):
        yield Viewer(key, walk.actor(key))
    for label, login in HOUSE.items():
        yield Viewer(label, walk.house.people[login])
    yield from _reviewers(walk)
    yield Viewer("custodian", people.custodian(walk.house))
    yield Viewer("bank", people.BANK)
    yield Viewer("witness", people.WITNESS)
    yield Viewer("agent at a terminal", Actor("person", walk.actor("agent").id, walk.actor("agent").org, "area"))
    for play in walk.plays:
        for key in LOOKING:
            yield Viewer(f"{play.field} {key}", walk.actor(key, play), play.field)
        assert play.representative is not None
        yield Viewer(f"{play.field} representative", play.representative, play.field)
        yield from _members(walk, play)
    yield from _experts(walk)


def _reviewers(walk: Walk) -> Iterator[Viewer]:
    """Those who were drawn for a file, once each, and one of their colleagues who was not drawn for the first."""
    with walk.centre.reading() as session:
        drawn = dict(session.execute(select(ProjectAssignment.person, ProjectAssignment.slot).order_by(ProjectAssignment.slot)).tuples().all())
    for login in ("chushen1", "chushen2", "fushen1", "fushen2"):
        actor = walk.house.people[login]
        if actor.id in drawn or login.endswith("1"):
            yield Viewer(f"reviewer {login}", actor)


def _members(walk: Walk, play) -> Iterator[Viewer]:  # type: ignore[no-untyped-def]
    for letter, member in sorted(play.members.items()):
        if letter in (play.chair, max(play.members)):
            yield Viewer(f"{play.field} seat {letter}", member, play.field)
    if play.chair:
        yield Viewer(f"{play.field} chair at home", Actor("person", play.members[play.chair].id), play.field)


def _experts(walk: Walk) -> Iterator[Viewer]:
    """One who declined, and one of the library whom nobody called."""
    with walk.centre.reading() as session:
        ids = dict(session.execute(select(Person.name, Enlisted.person).join(Enlisted, Enlisted.person == Person.id)).all())
    for field, name in walk.declined.items():
        yield Viewer(f"{field} expert who declined", Actor("person", ids[name]), field)
    quiet = next(name for name in sorted(ids) if name not in walk.seated and name not in walk.declined.values())
    yield Viewer("expert of the library", Actor("person", ids[quiet]))


@dataclass(frozen=True)
class Place:
    """A viewer towards one tender: roles known to the matrix, the stage he stands at. read_out counts as opened
    for what the opening tells, because all prices appear at that one moment."""

    id: str
    field: str
    roles: frozenset[str]
    stage: str
    stopped: str | None
    at: str

    def form(self, kind: str) -> str:
        return form(kind, set(self.roles), self.field, self.stage, self.stopped, at=self.at)

    def others(self, kind: str) -> str:
        return form_of_others(kind, set(self.roles), self.field, self.stage, self.stopped, at=self.at)


@dataclass(frozen=True)
class Sight:
    """What one viewer may see of both tenders at one moment."""

    viewer: Viewer
    places: dict[str, Place]

    def allows(self, canary: Canary) -> bool:
        """May this word stand before this viewer? A word of no one tender may where it may in either."""
        mine = bool(canary.owners & {self.viewer.actor.id, self.viewer.actor.org})
        if mine and canary.familiar:
            return True
        places = [place for id, place in self.places.items() if canary.tender in (id, "both")]
        return any(place.others(kind) in forms - {"own"} or (mine and place.form(kind) in forms)
                   for place in places for kind, forms in canary.kinds.items())


def sight(session: Session, walk: Walk, viewer: Viewer, now: int) -> Sight:
    places = {}
    for play in walk.plays:
        project = session.get(Project, play.project) if play.project else None
        if project is None:
            continue
        held = frozenset(relations(session, viewer.actor, project, now) & ROLES.keys())
        stage = stage_at(project, now)
        if stage == "opening" and session.scalar(select(Opening.read_out).where(Opening.project == project.id)):
            stage = "opened"
        at = "outside" if viewer.actor.channel != "area" else "seat" if held & MEMBERS else "terminal"
        places[project.id] = Place(project.id, project.field, held, stage, project.stopped_at, at)
    return Sight(viewer, places)


