"""The host answers an objection on the spot, once; the record is not signed while one is open."""
from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.opening.records import OpeningObjection


class Answer(Cmd):
    project: str = Field(max_length=32)
    objection: str = Field(max_length=32)
    text: str = Field(min_length=2, max_length=2000)


@command("trading.opening.answer", opens="works.opened", signed=True)
def answer(work: Work, cmd: Answer) -> OpeningObjection:
    project = hold(work, cmd.project)
    row = work.session.get(OpeningObjection, cmd.objection)
    if row is None or row.project != project.id:
        raise NotYours
    move(work, project, unanswered=row.answered is None)
    row.answer, row.answered = cmd.text, work.moment
    work.enter(project.id, answer=salted(row.row_salt, cmd.text))
    return row
