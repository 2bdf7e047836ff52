"""What the three decisions on a file have in common: the drawn reviewer, the round read, the kept review."""

from typing import Any

from sqlalchemy import select

from kernel.command import Work
from kernel.errors import Stale
from trading.subjects.desk import SLOTS, assignee, hold, move
from trading.subjects.records import Review, Subject


def decide(work: Work, subject_id: str, round: int, result: str, reasons: tuple[str, ...] = (), **facts: Any) -> tuple[Subject, Review]:
    """Moves the file and keeps the review. Stale when another round is current."""
    subject = hold(work, subject_id)
    slot = SLOTS.get(subject.stage, 0)
    drawn, first = assignee(work.session, subject, slot), assignee(work.session, subject, 1)
    move(work, subject, assignee=drawn.person if drawn else None, first_reviewer=first.person if first else None, reasons=reasons, **facts)
    if round != subject.round:
        raise Stale
    assert drawn is not None
    work.role = f"reviewer{slot}"  # who holds both posts acts in the one the file was drawn for
    drawn.done = work.moment
    review = Review(
        subject=subject.id, round=subject.round, slot=slot, person=work.actor.id, result=result, reasons=list(reasons), at=work.moment
    )
    return subject, work.keep(review)


def last_return(work: Work, subject: str) -> Review | None:
    query = select(Review).where(Review.subject == subject, Review.result == "returned").order_by(Review.round.desc()).limit(1)
    return work.session.scalar(query)
