"""Notices as everybody reads them, and a supplier's own receipt. What is published is never taken back."""
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours
from kernel.values import day_of
from law.periods import period_end
from law.publicity import FIELDS
from trading.notices.records import Notice, Take
from trading.projects.clauses import clause, deciding_day
from trading.projects.listing import read_cursor, write_cursor
from trading.projects.records import Project


@dataclass(frozen=True)
class NoticeView:
    """fields: (code, Chinese name, English name, what it says) in the order of the rule book."""

    id: str
    project: str
    code: str
    kind: str
    version: int
    title: str
    fields: tuple[tuple[str, str, str, object], ...]
    digest: str
    published_at: int
    ends_at: int | None
    media: str
    media_at: int | None
    corrects: str
    key: str
    snapshot: str
    entry: str


@dataclass(frozen=True)
class TakeView:
    project: str
    at: int


def seen(row: Notice, code: str) -> NoticeView:
    order = [*FIELDS, *sorted(set(row.fields) - FIELDS.keys())]
    fields = tuple((key, *FIELDS.get(key, (key, key)), row.fields[key]) for key in order if key in row.fields)
    return NoticeView(row.id, row.project, code, row.kind, row.version, row.title, fields, row.digest, row.published_at, row.ends_at,
                      row.media, row.media_at, row.corrects, row.key, row.snapshot, row.entry)


def view(session: Session, id: str) -> NoticeView:
    """One notice. Everybody may; NotYours only where there is none."""
    row = session.get(Notice, id)
    if row is None:
        raise NotYours
    return seen(row, session.get_one(Project, row.project).code)


def of_project(session: Session, project: str) -> tuple[NoticeView, ...]:
    """All notices of a tender, oldest first."""
    code = session.scalar(select(Project.code).where(Project.id == project)) or ""
    return tuple(seen(row, code) for row in session.scalars(select(Notice).where(Notice.project == project).order_by(Notice.published_at, Notice.id)))


def latest(session: Session, kind: str = "", field: str = "", cursor: str = "", size: int = 20) -> tuple[tuple[NoticeView, ...], str]:
    """The newest notices of all tenders and the cursor of the next page."""
    query = select(Notice, Project.code).join(Project, Project.id == Notice.project)
    if kind:
        query = query.where(Notice.kind == kind)
    if field:
        query = query.where(Project.field == field)
    if cursor:
        at, last = read_cursor(cursor)
        query = query.where(or_(Notice.published_at < at, and_(Notice.published_at == at, Notice.id < last)))
    found = session.execute(query.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(size + 1)).all()
    rows = tuple(seen(row, code) for row, code in found[:size])
    return rows, write_cursor(rows[-1].published_at, rows[-1].id) if len(found) > size else ""


def publicity_until(session: Session, project: str, now: int) -> date:
    """The first day on which a publicity of candidates that begins now may end."""
    row = session.get_one(Project, project)
    needed = clause("works.publicity_days", deciding_day(row, now))
    return period_end(day_of(now), needed.value, needed.unit, calendar(session))


def own_take(session: Session, actor: Actor, project: str) -> TakeView | None:
    """The receipt of the actor's own organisation; nobody else's is ever told here."""
    row = session.scalar(select(Take).where(Take.project == project, Take.org == actor.org)) if actor.org else None
    return TakeView(row.project, row.at) if row else None


def of_digest(session: Session, digest: str) -> NoticeView | None:
    """The notice whose canonical text has this digest."""
    row = session.scalar(select(Notice).where(Notice.digest == digest).order_by(Notice.published_at).limit(1))
    return view(session, row.id) if row else None
