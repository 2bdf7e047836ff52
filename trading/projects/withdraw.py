"""The buyer takes the tender back before anybody outside has heard of it."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.records import Project


class Withdraw(Cmd):
    project: str = Field(max_length=32)


@command("trading.projects.withdraw", opens="inviting", signed=True)
def withdraw(work: Work, cmd: Withdraw) -> Project:
    """Guard: not_published. Effects: stage terminated, stopped where it was; its entries stay closed for ever."""
    project = hold(work, cmd.project)
    move(work, project, stage_moved_by_clock=project.published_at is not None)  # a published tender is told why, not to reload
    project.stop_cause = "withdrawn"
    work.enter(project.id, stopped_at=project.stopped_at)
    return project
