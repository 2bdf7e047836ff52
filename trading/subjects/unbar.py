"""A bar ends by itself when its period is over, or by a regulator's decision before that."""

from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.subjects.desk import hold, move
from trading.subjects.records import Subject


class Unbar(Cmd):
    """revoked: number of the decision that lifts the bar, empty when its period is over."""

    subject: str = Field(max_length=32)
    revoked: str = Field(default="", max_length=120)


@command("trading.subjects.unbar")
def unbar(work: Work, cmd: Unbar) -> Subject:
    """Guard: period_over_or_revoked."""
    subject = hold(work, cmd.subject)
    move(work, subject, revoked="" if work.actor.kind == "system" else cmd.revoked)
    subject.bar_decision, subject.barred_until = "", None
    work.enter(subject.id, **({"revoked": cmd.revoked.strip()} if cmd.revoked.strip() else {}))
    return subject
