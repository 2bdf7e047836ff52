"""Lost keys: the person proves the authenticator code, a registrar who knows the face confirms, a new link goes out.

All keys and sessions end. Every known contact is told, and for 24 hours nothing can be signed (protocols §5), so
that the true owner has a day to object.
"""

from pydantic import Field
from sqlalchemy import select, update

from kernel.canonical import sha256
from kernel.command import Actor, Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity import invitations, sessions, totp
from kernel.identity.reads import roles
from kernel.identity.records import Credential, FirstStep, Passkey, Person
from kernel.ledger.entries import Entry
from kernel.values import DAY


class Recover(Cmd):
    """First the person: login and code. Then a registrar: person."""

    login: str = Field(default="", max_length=80)
    code: str = Field(default="", max_length=6)
    person: str = Field(default="", max_length=32)


@command("kernel.identity.recover", opens="never", signed=True)
def recover(work: Work, cmd: Recover) -> Entry:
    """Guards: totp_good, other_than_first. The second voice counts for 24 hours after the first."""
    return _ask(work, cmd) if work.actor.kind == "public" else _confirm(work, cmd)


def _ask(work: Work, cmd: Recover) -> Entry:
    work.role = "public"
    person = work.session.scalar(select(Person).where(Person.login == cmd.login, Person.status == "active"))
    credential = work.session.get(Credential, person.id, with_for_update=True) if person else None
    if person is None or not totp.spend(work.centre, work.session, credential, cmd.code):
        raise Refused(Reason("totp_good"))
    work.actor = Actor("person", person.id)
    digest = sha256(person.id.encode()).hex()
    if waiting(work, person.id) is None:
        work.keep(FirstStep(tag=work.tag, on=person.id, digest=digest, person=person.id, moment=work.moment))
    return work.enter(person.id, step=1)


def _confirm(work: Work, cmd: Recover) -> Entry:
    person = work.session.get(Person, cmd.person)
    if "registrar" not in roles(work.session, work.actor, work.moment) or person is None:
        raise NotYours
    work.role = "registrar"
    first = waiting(work, person.id)
    if first is None:
        raise NotYours
    if work.actor.id == person.id:
        raise Refused(Reason("other_than_first"))
    first.done = work.moment
    for key in work.session.scalars(select(Passkey).where(Passkey.person == person.id, Passkey.revoked.is_(None))):
        key.revoked = work.moment
    work.session.execute(update(Credential).where(Credential.person == person.id).values(held_until=work.moment + DAY, password=""))
    sessions.end_all(work.session, person.id)
    invitations.invite(work, person)
    return work.enter(person.id)


def waiting(work: Work, person: str) -> FirstStep | None:
    return work.session.scalar(
        select(FirstStep)
        .where(
            FirstStep.tag == "kernel.identity.recover",
            FirstStep.on == person,
            FirstStep.done.is_(None),
            FirstStep.moment > work.moment - DAY,
        )
        .with_for_update()
    )
