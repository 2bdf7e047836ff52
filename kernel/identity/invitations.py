"""Invitations: a one-time link by which a new person, or one who lost the keys, enrols a first key."""

import hashlib
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.command import Work
from kernel.errors import Reason, Refused, Text
from kernel.identity.records import Invitation, Person
from kernel.messages import send
from kernel.values import DAY, show_time

GOOD_FOR = 7 * DAY


def newcomer(work: Work, login: str, name: str, email: str, language: str = "zh", employer: str = "") -> Person:
    """A new person, without any key yet. The caller has seen to it that the log-in name is free."""
    person: Person = work.keep(Person(login=login, name=name, email=email, language=language, employer=employer, created=work.moment))
    work.session.flush()
    return person


def invite(work: Work, person: Person) -> str:
    """A fresh token, good for seven days; it makes earlier ones void. The link goes to the person's address."""
    work.session.execute(update(Invitation).where(Invitation.person == person.id, Invitation.used.is_(None)).values(used=work.moment))
    token = secrets.token_urlsafe(32)
    until = work.moment + GOOD_FOR
    work.session.add(Invitation(token_hash=hash_of(token), person=person.id, expires=until))
    if person.email:
        send(
            work.session,
            f"invite/{hash_of(token)[:24]}",
            person.id,
            work.moment,
            Text("请启用您的账户", "Set up your account"),
            Text(
                f"请在 {show_time(until)} 前打开链接，登记密钥。链接只能使用一次。",
                f"Open the link before {show_time(until)} and enrol a key. It works once.",
            ),
            link=f"/join/{token}",
            channel="mail",
            address=person.email,
        )
    return token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invited(session: Session, token: str, now: int) -> Person | None:
    """Whom this token invites, while it is good."""
    row = session.scalar(
        select(Invitation).where(Invitation.token_hash == hash_of(token), Invitation.used.is_(None), Invitation.expires > now)
    )
    return session.get(Person, row.person) if row else None


def spend(work: Work, token: str) -> Person:
    """The invited person; the token is used up. Guard: invited."""
    person = invited(work.session, token, work.moment)
    if person is None:
        raise Refused(Reason("invited"))
    spent = work.session.execute(
        update(Invitation).where(Invitation.token_hash == hash_of(token), Invitation.used.is_(None)).values(used=work.moment)
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(Reason("invited"))
    return person
