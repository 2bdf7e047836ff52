"""Outages as everybody reads them: what, from when to when, and the rule. Never how many uploads, whose, or who saw it."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import Text
from kernel.ledger.entries import Entry
from kernel.values import DAY
from trading.incidents.records import Incident
from trading.incidents.state import touching
from trading.projects.records import Project

WHAT = {
    "platform": Text("平台整体", "The whole platform"), "network": Text("网络", "Network"), "storage": Text("存储", "Storage"), "sign_in": Text("登录", "Sign-in"),
    "upload": Text("上传和递交", "Upload and submission"), "custodians": Text("保管人程序", "Custodians' programs"),
}
SHOWN = 180 * DAY


@dataclass(frozen=True)
class IncidentView:
    """until: None while it lasts. entry: index of its beginning in the ledger, None while it waits for its place."""

    id: str
    what: Text
    since: int
    until: int | None
    entry: int | None


def standing(session: Session, now: int) -> tuple[IncidentView, ...]:
    """Those that last, and those of half a year; the newest first."""
    return _views(session, touching(session, now - SHOWN, now))


def of_tender(session: Session, id: str, now: int) -> tuple[IncidentView, ...]:
    """Outages during the bidding time of a published tender, by now."""
    project = session.get(Project, id)
    if project is None or project.published_at is None or project.deadline is None:
        return ()
    return _views(session, touching(session, project.published_at, min(now, project.deadline)))


def _views(session: Session, rows: list[Incident]) -> tuple[IncidentView, ...]:
    query = select(Entry.on, Entry.position).where(Entry.tag == "trading.incidents.open", Entry.on.in_([row.id for row in rows]))
    places = dict(session.execute(query).all())
    return tuple(IncidentView(row.id, WHAT[row.what], row.since, row.until, places.get(row.id)) for row in reversed(rows))
