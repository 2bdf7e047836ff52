"""A registrar unlocks an organisation; it is admitted again."""

from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.subjects.desk import hold, move
from trading.subjects.records import Subject


class Unlock(Cmd):
    """code: stands in the entry · words: told to the organisation."""

    subject: str = Field(max_length=32)
    code: str = Field(pattern="^(licence_expired|unreachable|own_request|misuse|authority_order|cause_gone)$")
    words: str = Field(max_length=300)


@command("trading.subjects.unlock", signed=True)
def unlock(work: Work, cmd: Unlock) -> Subject:
    """Guard: reason_given."""
    subject = hold(work, cmd.subject)
    move(work, subject, reasons=(cmd.words,))
    work.enter(subject.id, reason=cmd.code)
    return subject
