"""A supplier takes the document under its own name: a receipt for itself, and news of every clarification.

The papers themselves are free to anybody without log-in; nobody has to take a receipt to bid.
"""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.notices.records import Take


class TakeDocument(Cmd):
    project: str = Field(max_length=32)


@command("trading.notices.take_document", opens="never")
def take_document(work: Work, cmd: TakeDocument) -> Take:
    """Guard: before_closing. Repeating it gives the first receipt again."""
    project = hold(work, cmd.project)
    if project.published_at is None:
        raise NotYours
    move(work, project, stage_moved_by_clock=True)
    org = work.actor.org or ""
    row = work.session.scalar(select(Take).where(Take.project == project.id, Take.org == org))
    if row is None:
        row = work.keep(Take(project=project.id, org=org, person=work.actor.id, at=work.moment))
    work.enter(project.id)
    taken: Take = row
    return taken
