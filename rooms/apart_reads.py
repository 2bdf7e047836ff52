"""From which tenders a session is kept apart, for the agency whose tenders both are; and sessions that an overrun brought together
all the same, for the room manager."""
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours, Text
from kernel.identity import reads as identity
from rooms import reads
from rooms.records import Apart, Booking
from rooms.taken import Free, brought_together, slots_instead
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


@dataclass(frozen=True)
class Together:
    """stays: the session that needs longer, of which only code and end are told · moves: the one that could move · room: its room · free: where to."""

    stays: str
    until: int
    moves: reads.Bar
    room: Text
    free: tuple[Free, ...]


def together(session: Session, actor: Actor, now: int) -> tuple[Together, ...]:
    """The soonest first. NotYours: not the room manager."""
    if "room_manager" not in identity.roles(session, actor, now):
        raise NotYours
    found = []
    for stays, moves in brought_together(session, now):
        room, bar = reads.booking(session, actor, moves.id, now)
        found.append(Together(stays.code, stays.busy_to, bar, room, slots_instead(session, moves, now)))
    return tuple(found)
