"""The adviser answers. He explains what the rules ask for; he writes no part of the document and never reviews the file."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.green.records import Advice


class Advise(Cmd):
    project: str = Field(max_length=32)
    question: str = Field(max_length=32)
    answer: str = Field(min_length=2, max_length=2000)


@command("trading.green.advise", opens="never")
def advise(work: Work, cmd: Advise) -> Advice:
    """Guard: question_open. NotYours: the tender has another adviser. Whoever is named later answers what is still open."""
    project = hold(work, cmd.project)
    row = work.session.get(Advice, cmd.question, with_for_update=True)
    if row is None or row.project != project.id or project.adviser != work.actor.id:
        raise NotYours
    move(work, project, answered=row.answered)
    row.answer, row.answered, row.person = cmd.answer.strip(), work.moment, work.actor.id
    work.enter(project.id, question=row.id)
    return row
