"""The organisation corrects its data before it submits, or after a return. The credit code never changes."""

from pydantic import Field

from kernel.command import Work, command
from trading.subjects.desk import hold, move, put, waiting_change
from trading.subjects.fields import Fields
from trading.subjects.records import Subject, SubjectChange


class Correct(Fields):
    subject: str = Field(max_length=32)


@command("trading.subjects.correct")
def correct(work: Work, cmd: Correct) -> Subject:
    """Guard: review_not_running. Of an admitted organisation the new values wait for their admission."""
    subject = hold(work, cmd.subject)
    move(work, subject)
    values = cmd.values()
    if subject.admitted_at is None:
        put(subject, values)
        work.keep(SubjectChange(subject=subject.id, fields=values, state="applied", at=work.moment))
    elif change := waiting_change(work.session, subject.id):
        change.fields, change.at = change.fields | values, work.moment
    else:
        work.keep(SubjectChange(subject=subject.id, fields=values, state="waiting", at=work.moment))
    work.enter(subject.id, fields=sorted(values))
    return subject
