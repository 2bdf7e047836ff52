"""A tender's file as those who prepare it see it: lots with money, the mandate, the digest that is confirmed, own entries."""
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours
from kernel.ledger.entries import Entry
from kernel.ledger.openings import is_open
from trading.projects.dossier import dossier
from trading.projects.records import Mandate, Project, Suspension
from trading.relations import relations
from trading.subjects.records import Subject

WRITERS = frozenset({"agent", "buyer"})


@dataclass(frozen=True)
class LotLine:
    """budget in the smallest unit."""

    id: str
    number: int
    title: str
    budget: int


@dataclass(frozen=True)
class MandateLine:
    """state: open | accepted."""

    agent: str
    state: str
    digest: str
    at: int


@dataclass(frozen=True)
class FileView:
    """digest: hex, of the file as it is now. missing: codes of rules.document.PARTS. held: end of the running halt, ms."""

    digest: str
    confirmed: bool
    missing: tuple[str, ...]
    lots: tuple[LotLine, ...]
    mandate: MandateLine | None
    publish_on: str
    confirm_minutes: int
    budget: int
    held: int | None


@dataclass(frozen=True)
class Offer:
    """A mandate that waits for the agency's word, and of the tender no more than the agency must know to give it."""

    project: str
    code: str
    title: str
    field: str
    buyer: str
    contract: str
    at: int


@dataclass(frozen=True)
class EntryLine:
    """index: None while the entry waits for its place."""

    index: int | None
    tag: str
    moment: int


def file(session: Session, actor: Actor, id: str, now: int) -> FileView:
    """NotYours for whoever is neither buyer nor agent of the tender."""
    project = session.get(Project, id)
    if project is None or not relations(session, actor, project, now) & WRITERS:
        raise NotYours
    whole = dossier(session, project)
    given = session.execute(select(Mandate, Subject.name).join(Subject, Subject.id == Mandate.agent).where(
        Mandate.project == id, Mandate.state != "dropped").order_by(Mandate.at.desc()).limit(1)).first()
    mandate = MandateLine(given[1], given[0].state, given[0].digest, given[0].at) if given else None
    held = session.scalar(select(Suspension.until).where(Suspension.project == id, Suspension.ended.is_(None)))
    lots = tuple(LotLine(lot.id, lot.number, lot.title, lot.budget) for lot in whole.lots)
    return FileView(whole.digest, whole.confirmed_digest == whole.digest, whole.missing, lots, mandate, project.publish_on,
                    project.confirm_minutes, project.budget, held)


def offer(session: Session, actor: Actor, id: str) -> Offer:
    """The open mandate of the actor's own organisation. NotYours where there is none."""
    found = session.execute(select(Mandate, Project, Subject.name).join(Project, Project.id == Mandate.project).join(
        Subject, Subject.id == Project.buyer).where(
        Mandate.project == id, Mandate.agent == (actor.org or ""), Mandate.state == "open", Project.stage == "draft")).first()
    if found is None:
        raise NotYours
    mandate, project, buyer = found
    return Offer(project.id, project.code, project.title, project.field, buyer, mandate.digest, mandate.at)


def entries(session: Session, actor: Actor, id: str, now: int, size: int = 30) -> tuple[EntryLine, ...]:
    """The tender's entries that are open to the actor, the newest first. A closed one is left out and not counted: their
    number would tell of bids."""
    rows = session.scalars(select(Entry).where(Entry.on == id).order_by(Entry.moment.desc(), Entry.number.desc()))
    found: list[EntryLine] = []
    stages: dict[str, Any] = {}
    for row in rows:
        if row.actor == actor.id or is_open(session, row, now, stages):
            found.append(EntryLine(row.position, row.tag, row.moment))
        if len(found) == size:
            break
    return tuple(found)
