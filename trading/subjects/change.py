"""An admitted organisation changes its data: the new values wait for both reviews, the old ones hold meanwhile."""

from pydantic import Field

from kernel.command import Work, command
from trading.subjects.desk import hold, move, waiting_change
from trading.subjects.fields import Fields
from trading.subjects.records import SubjectChange


class Change(Fields):
    subject: str = Field(max_length=32)


@command("trading.subjects.change")
def change(work: Work, cmd: Change) -> SubjectChange:
    """Guard: review_not_running."""
    subject = hold(work, cmd.subject)
    values = cmd.values()
    move(work, subject)
    if old := waiting_change(work.session, subject.id):
        old.state = "dropped"
    subject.round, subject.submitted_at = subject.round + 1, work.moment
    row: SubjectChange = work.keep(SubjectChange(subject=subject.id, fields=values, state="waiting", at=work.moment))
    work.enter(subject.id, fields=sorted(values), round=subject.round)
    return row
