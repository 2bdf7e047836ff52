"""Where acts on an organisation begin: its row held, the caller's standing known, the table asked, the stage moved."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor, Work
from kernel.errors import NotYours, Reason, Refused, Text
from kernel.identity import reads as identity
from kernel.identity.sessions import is_staff
from kernel.machine import Facts, Step
from trading.subjects.procedure import PROCEDURE
from trading.subjects.records import Assignment, Membership, Subject, SubjectChange

SLOTS = {"first_review": 1, "second_review": 2}


def hold(work: Work, subject_id: str) -> Subject:
    """The organisation's row, locked for this act. NotYours where there is none."""
    subject = work.session.get(Subject, subject_id, with_for_update=True)
    if subject is None:
        raise NotYours
    return subject


def membership(session: Session, org: str, person: str) -> Membership | None:
    return session.scalar(select(Membership).where(Membership.org == org, Membership.person == person, Membership.until.is_(None)))


def standing(session: Session, actor: Actor, subject: Subject, now: int) -> set[str]:
    """Who the actor is to this organisation: supplier (it acts for it), and its centre-wide posts."""
    held = identity.roles(session, actor, now)
    if actor.kind == "person" and membership(session, subject.id, actor.id):
        held.add("supplier")
    return held


def move(work: Work, subject: Subject, **facts: Any) -> Step:
    """Decides the act in the subject's table and writes the new stage."""
    held = standing(work.session, work.actor, subject, work.moment)
    columns = {c.key: getattr(subject, c.key) for c in Subject.__mapper__.column_attrs}
    step = work.step(PROCEDURE, subject.stage, held, Facts(now=work.moment, person=work.actor.id, **(columns | facts)))
    subject.stage = step.stage
    return step


def manager(work: Work, subject: Subject) -> None:
    """NotYours unless the caller manages this organisation."""
    found = membership(work.session, subject.id, work.actor.id)
    if found is None or not found.manager:
        raise NotYours


def not_staff(work: Work, person: str) -> None:
    """separation_kept: nobody with a post of the centre or of a supervising office acts for an organisation."""
    if is_staff(work.session, person, work.moment):
        pair = Text("岗位人员 × 市场主体", "post holder × market party")
        raise Refused(Reason("separation_kept", values={"pair": pair}))


def assignee(session: Session, subject: Subject, slot: int) -> Assignment | None:
    """Who was drawn for this round and slot."""
    return session.scalar(
        select(Assignment).where(Assignment.subject == subject.id, Assignment.round == subject.round, Assignment.slot == slot)
    )


def waiting_change(session: Session, subject: str) -> SubjectChange | None:
    return session.scalar(select(SubjectChange).where(SubjectChange.subject == subject, SubjectChange.state == "waiting"))


def put(subject: Subject, fields: dict[str, Any]) -> None:
    """Writes new values into the row; kinds becomes its three columns."""
    for name, value in fields.items():
        if name == "kinds":
            subject.is_buyer, subject.is_agent, subject.is_supplier = (int(kind in value) for kind in ("buyer", "agent", "supplier"))
        else:
            setattr(subject, name, value)


def kinds_of(subject: Subject) -> tuple[str, ...]:
    pairs = (("buyer", subject.is_buyer), ("agent", subject.is_agent), ("supplier", subject.is_supplier))
    return tuple(kind for kind, yes in pairs if yes)
