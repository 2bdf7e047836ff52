"""Log-ins as the web sees them. The token is 256 random bits; only its SHA-256 is kept.

A session ends after 15 minutes without use for staff, 60 for everybody else, and after 12 hours in any case
(网络安全法; house T46).
"""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kernel.asks import organisation_of
from kernel.command import Actor
from kernel.identity.reads import roles
from kernel.identity.records import Person, WebSession
from kernel.settings import Settings
from kernel.values import HOUR, MINUTE

LONGEST = 12 * HOUR
TOUCH_EVERY = 30_000


@dataclass(frozen=True)
class Opened:
    """What a fresh log-in hands to the browser. The token appears here and nowhere else."""

    token: str
    csrf: str
    person: str


@dataclass(frozen=True)
class SessionView:
    """A log-in that holds at this moment. key: what touch and end take."""

    key: str
    person: str
    name: str
    language: str
    org: str | None
    channel: str
    csrf: str
    started: int
    seen: int

    @property
    def actor(self) -> Actor:
        return Actor("person", self.person, self.org, self.channel)


def is_staff(session: Session, person: str, now: int) -> bool:
    """Does the person hold any post of the centre or of a supervising office?"""
    return roles(session, Actor("person", person), now) != {"public"}


def create(session: Session, settings: Settings, person: str, now: int, channel: str = "") -> Opened:
    """A new session; the caller commits."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    minutes = settings.staff_idle_minutes if channel or is_staff(session, person, now) else settings.supplier_idle_minutes
    session.execute(delete(WebSession).where(WebSession.started < now - LONGEST))
    session.add(
        WebSession(token_hash=_hash(token), person=person, csrf=csrf, started=now, seen=now, idle_ms=minutes * MINUTE, channel=channel)
    )
    return Opened(token, csrf, person)


def find(session: Session, token: str, now: int) -> SessionView | None:
    """The session of a token while it holds: not idle too long, not too old, its person active."""
    key, log_in = _hash(token), WebSession
    row = session.execute(
        select(log_in.person, Person.name, Person.language, Person.status, log_in.channel, log_in.csrf, log_in.started, log_in.seen, log_in.idle_ms)
        .join(Person, Person.id == log_in.person)
        .where(log_in.token_hash == key)
    ).first()
    if row is None or now >= row.seen + row.idle_ms or now >= row.started + LONGEST or row.status != "active":
        return None
    return SessionView(key, row.person, row.name, row.language, organisation_of(session, row.person), row.channel, row.csrf, row.started, row.seen)


def touch(session: Session, view: SessionView, now: int) -> bool:
    """Keeps a used session alive; writes at most every 30 seconds. True when something was written (commit then)."""
    if now < view.seen + TOUCH_EVERY:
        return False
    session.execute(update(WebSession).where(WebSession.token_hash == view.key).values(seen=now))
    return True


def end(session: Session, key: str) -> None:
    session.execute(delete(WebSession).where(WebSession.token_hash == key))


def end_all(session: Session, person: str) -> None:
    """Ends every session of a person: keys replaced, posts changed, membership over."""
    session.execute(delete(WebSession).where(WebSession.person == person))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
