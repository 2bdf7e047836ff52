"""A registrar locks an organisation: it can begin nothing new until it is unlocked. What runs goes on."""

from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.subjects.desk import hold, move, waiting_change
from trading.subjects.records import Subject


class Lock(Cmd):
    """code: stands in the entry · words: told to the organisation."""

    subject: str = Field(max_length=32)
    code: str = Field(pattern="^(licence_expired|unreachable|own_request|misuse|authority_order|cause_gone)$")
    words: str = Field(max_length=300)


@command("trading.subjects.lock", signed=True)
def lock(work: Work, cmd: Lock) -> Subject:
    """Guard: reason_given."""
    subject = hold(work, cmd.subject)
    move(work, subject, reasons=(cmd.words,))
    if subject.admitted_at is None:
        raise Stale
    if change := waiting_change(work.session, subject.id):
        change.state = "dropped"
    work.enter(subject.id, reason=cmd.code)
    return subject
