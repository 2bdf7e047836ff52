"""Files under review: the queue with its light, the file as its reviewer checks it, and the watched read in full.

Contacts are masked until a watched read asks for them (secrecy.csv: phones, licence_scans).
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.codes import mask_name, mask_phone
from kernel.command import Actor
from kernel.errors import NotYours
from kernel.identity.reads import roles
from kernel.ledger.entries import Entry
from kernel.values import HOUR, MINUTE, day_of
from law.periods import Calendar, end_of, period_end
from law.registry import in_force
from trading.subjects.desk import SLOTS, assignee, kinds_of, membership, waiting_change
from trading.subjects.procedure import IN_REVIEW
from trading.subjects.reads import Fault, PaperView, faults_of, paper_view, papers_of
from trading.subjects.records import Paper, Subject

AMBER = 2 * HOUR
OPEN_FOR = 15 * MINUTE


@dataclass(frozen=True)
class QueueRow:
    """light: red (overdue), amber (two hours left), green. mine: drawn for the viewer."""

    subject: str
    name: str
    kinds: tuple[str, ...]
    stage: str
    round: int
    submitted: int
    due: int
    light: str
    mine: bool


@dataclass(frozen=True)
class ReviewFile:
    """What the drawn reviewer checks. Contacts are masked until a watched read asks for them."""

    id: str
    code: str
    name: str
    kinds: tuple[str, ...]
    stage: str
    round: int
    address: str
    region: str
    legal_person: str
    contact: str
    phone: str
    email: str | None
    waiting: dict[str, object]
    papers: tuple[PaperView, ...]
    before: tuple[Fault, ...]


def review_due(submitted: int, days: Calendar) -> int:
    """End of the last day for both reviews (T49), ms; exclusive."""
    start = day_of(submitted)
    clause = in_force("review.working_days", start)
    return end_of(period_end(start, clause.value, clause.unit, days))


def light(due: int, now: int) -> str:
    if now >= due:
        return "red"
    return "amber" if now >= due - AMBER else "green"


def review_queue(session: Session, actor: Actor, now: int, days: Calendar) -> tuple[QueueRow, ...]:
    """Files under review, most urgent first: a reviewer's own draws; all of them for registrars and regulators."""
    held = roles(session, actor, now)
    overseer = bool(held & {"registrar", "regulator"})
    if not overseer and not held & {"reviewer1", "reviewer2"}:
        raise NotYours
    rows = []
    for subject in session.scalars(select(Subject).where(Subject.stage.in_(IN_REVIEW))):
        drawn = assignee(session, subject, SLOTS[subject.stage])
        mine = drawn is not None and drawn.person == actor.id
        if mine or overseer:
            assert subject.submitted_at is not None
            due = review_due(subject.submitted_at, days)
            rows.append(
                QueueRow(
                    subject.id,
                    subject.name,
                    kinds_of(subject),
                    subject.stage,
                    subject.round,
                    subject.submitted_at,
                    due,
                    light(due, now),
                    mine,
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.due, row.submitted, row.subject)))


def review_file(session: Session, actor: Actor, subject_id: str, now: int) -> ReviewFile:
    """The file drawn for this reviewer. NotYours for everybody else."""
    subject = session.get(Subject, subject_id)
    if subject is None or not _drawn(session, subject, actor):
        raise NotYours
    return _file(session, subject, masked=True)


def in_full(session: Session, actor: Actor, subject_id: str, now: int) -> ReviewFile:
    """The whole file, for 15 minutes after the actor's own watched read. NotYours without one."""
    subject = session.get(Subject, subject_id)
    entry = session.scalar(
        select(Entry.number)
        .where(
            Entry.tag == "trading.subjects.read_personal", Entry.on == subject_id, Entry.actor == actor.id, Entry.moment > now - OPEN_FOR
        )
        .limit(1)
    )
    if subject is None or entry is None or not roles(session, actor, now) & {"registrar", "regulator"}:
        raise NotYours
    return _file(session, subject, masked=False)


def paper(session: Session, actor: Actor, paper_id: str, now: int) -> PaperView:
    """One scan, for its organisation, the drawn reviewer, or whoever has the file open by a watched read."""
    row = session.get(Paper, paper_id)
    subject = session.get(Subject, row.subject) if row else None
    if row is None or subject is None:
        raise NotYours
    if not membership(session, subject.id, actor.id) and not _drawn(session, subject, actor):
        in_full(session, actor, subject.id, now)
    return paper_view(row)


def _drawn(session: Session, subject: Subject, actor: Actor) -> bool:
    drawn = assignee(session, subject, SLOTS.get(subject.stage, 0))
    return drawn is not None and drawn.person == actor.id and drawn.done is None


def _file(session: Session, subject: Subject, masked: bool) -> ReviewFile:
    change = waiting_change(session, subject.id)
    waiting = dict(change.fields) if change else {}
    if masked:
        waiting = {name: value for name, value in waiting.items() if name not in ("phone", "email", "contact")}
    return ReviewFile(
        subject.id,
        subject.code,
        subject.name,
        kinds_of(subject),
        subject.stage,
        subject.round,
        subject.address,
        subject.region,
        subject.legal_person,
        mask_name(subject.contact) if masked else subject.contact,
        mask_phone(subject.phone) if masked else subject.phone,
        None if masked else subject.email,
        waiting,
        papers_of(session, subject.id),
        faults_of(session, subject),
    )
