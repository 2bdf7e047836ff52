"""The second reviewer finds the file complete: the organisation is admitted, and a waiting change holds from now on."""

from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.subjects.decide import decide
from trading.subjects.desk import put, waiting_change
from trading.subjects.records import Review


class ReviewSecond(Cmd):
    subject: str = Field(max_length=32)
    round: int = Field(ge=1)


@command("trading.subjects.review_second", signed=True)
def review_second(work: Work, cmd: ReviewSecond) -> Review:
    """Guards: drawn_for_file, other_than_first."""
    subject, review = decide(work, cmd.subject, cmd.round, "agreed")
    if subject.admitted_at is None:
        subject.admitted_at = work.moment
    if change := waiting_change(work.session, subject.id):
        put(subject, change.fields)
        change.state = "applied"
    work.enter(subject.id, result=review.result, round=subject.round)
    return review
