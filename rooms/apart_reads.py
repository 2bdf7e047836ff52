"""From which tenders a session is kept apart, for the agency whose tenders both are."""
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from rooms.records import Apart, Booking
from trading.projects.records import Project


@dataclass(frozen=True)
class KeptApart:
    """The other tender, and why."""

    project: str
    title: str
    reason: str


def kept_apart(session: Session, actor: Actor, booking: str) -> tuple[KeptApart, ...]:
    """Empty for everybody but the agency that booked."""
    row = session.get(Booking, booking)
    if row is None or not actor.org or row.party != actor.org:
        return ()
    pairs = session.scalars(select(Apart).where(or_(Apart.project == row.project, Apart.other == row.project), Apart.ended.is_(None)).order_by(Apart.at))
    found = [(session.get_one(Project, pair.other if pair.project == row.project else pair.project), pair.reason) for pair in pairs]
    return tuple(KeptApart(project.id, project.title, reason) for project, reason in found if project.agent == actor.org)
