"""Procurement: the buyer's time to confirm the winner begins (by reaction to the receipt of the report)."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.asks import session_sealed
from trading.desk import hold, move
from trading.projects.records import Project


class EnterConfirmation(Cmd):
    project: str = Field(max_length=32)


@command("trading.awards.enter_confirmation")
def enter_confirmation(work: Work, cmd: EnterConfirmation) -> Project:
    """Guards: procurement_only, session_sealed."""
    project = hold(work, cmd.project)
    move(work, project, sealed=session_sealed(work.session, project.id))
    work.enter(project.id)
    return project
