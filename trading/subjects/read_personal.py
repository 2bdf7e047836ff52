"""A registrar or regulator reads an organisation's file in full, for a file number: a watched read.

The entry opens reads.in_full for that person for 15 minutes.
"""

from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from trading.subjects.desk import hold, move
from trading.subjects.records import Subject


class ReadPersonal(Cmd):
    subject: str = Field(max_length=32)
    file_number: str = Field(max_length=80)
    cause: str = Field(pattern="^(review|inquiry|complaint|supervision|correction)?$")


@command("trading.subjects.read_personal", opens="never")
def read_personal(work: Work, cmd: ReadPersonal) -> Subject:
    """Guard: file_number_given (个人信息保护法 第六条)."""
    subject = hold(work, cmd.subject)
    move(work, subject, file_number=cmd.file_number, cause=cmd.cause)
    work.enter(subject.id, record=salted(subject.row_salt, cmd.file_number.strip()), reason=cmd.cause)
    return subject
