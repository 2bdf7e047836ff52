"""What falls due for organisations: reviews not done in time (T49), files nobody could be drawn for, bars that end."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.daytable.reads import calendar
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.messages import send
from kernel.timers import Due, timer
from trading.subjects.assign import Assign, assign
from trading.subjects.desk import SLOTS, assignee
from trading.subjects.procedure import IN_REVIEW
from trading.subjects.records import Subject
from trading.subjects.review_reads import review_due
from trading.subjects.unbar import Unbar, unbar


@timer
def reviews(session: Session, now: int) -> list[Due]:
    """The alarm when both reviews are not done by the end of the next working day; and the draw, should it be open."""
    days, due = calendar(session), []
    for subject in session.scalars(select(Subject).where(Subject.stage.in_(IN_REVIEW))):
        assert subject.submitted_at is not None
        due.append(_alarm(subject.id, subject.round, review_due(subject.submitted_at, days)))
        slot = SLOTS[subject.stage]
        if assignee(session, subject, slot) is None:
            due.append(_draw(subject.id, subject.round, slot, subject.submitted_at))
    return due


@timer
def bars(session: Session, now: int) -> list[Due]:
    found = session.execute(select(Subject.id, Subject.barred_until).where(Subject.stage == "barred", Subject.barred_until.is_not(None)))
    return [_lift(subject, until) for subject, until in found if until is not None]


def _alarm(subject: str, round: int, moment: int) -> Due:
    def run(centre: Centre) -> None:
        with centre.database.writing() as session:
            now = centre.clock.now(session)
            for role in ("registrar", "regulator"):
                for person in holders(session, role, now):
                    send(
                        session,
                        f"T49/{subject}/{round}",
                        person.id,
                        now,
                        Text("主体审核超时", "A review is overdue"),
                        Text(
                            "一件主体材料未在一个工作日内审结，请登录督办。",
                            "An organisation's file was not reviewed within one working day. Log in to see to it.",
                        ),
                        on=subject,
                        link="/reviews",
                    )
            session.commit()

    return Due(f"T49/subject/{subject}/{round}", moment, run)


def _draw(subject: str, round: int, slot: int, moment: int) -> Due:
    return Due(f"assign/{subject}/{round}/{slot}", moment, lambda centre: assign(centre, SYSTEM, Assign(subject=subject, slot=slot)))


def _lift(subject: str, until: int) -> Due:
    return Due(f"unbar/{subject}/{until}", until, lambda centre: unbar(centre, SYSTEM, Unbar(subject=subject)))
