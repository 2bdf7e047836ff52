"""The first reviewer finds the file complete."""

from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.subjects.decide import decide
from trading.subjects.records import Review


class ReviewFirst(Cmd):
    subject: str = Field(max_length=32)
    round: int = Field(ge=1)


@command("trading.subjects.review_first", signed=True)
def review_first(work: Work, cmd: ReviewFirst) -> Review:
    """Guards: drawn_for_file, not_drafter. round: the one the reviewer read; Stale when there is a newer."""
    subject, review = decide(work, cmd.subject, cmd.round, "agreed")
    work.enter(subject.id, result=review.result, round=subject.round)
    return review
