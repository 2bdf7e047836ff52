"""A regulator bars an organisation by a decision, for a period. The decision is public while it lasts."""

from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.subjects.desk import hold, move, waiting_change
from trading.subjects.records import Subject


class Bar(Cmd):
    """until: end of the period, ms, exclusive."""

    subject: str = Field(max_length=32)
    decision: str = Field(max_length=120)
    until: int | None = Field(default=None, lt=1 << 50)


@command("trading.subjects.bar", signed=True)
def bar(work: Work, cmd: Bar) -> Subject:
    """Guards: decision_cited, period_given. A change under review is dropped."""
    subject = hold(work, cmd.subject)
    move(work, subject, decision=cmd.decision, until=cmd.until)
    if subject.admitted_at is None:
        raise Stale
    if change := waiting_change(work.session, subject.id):
        change.state = "dropped"
    subject.bar_decision, subject.barred_until = cmd.decision.strip(), cmd.until
    work.enter(subject.id, decision=cmd.decision.strip(), until=cmd.until)
    return subject
