"""A tender is marked for the green channel: it goes first in queues and the centre looks at it sooner; no period of the law is shorter for it."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.records import Project
from trading.projects.rules.reviewing import GREEN


class FlagGreen(Cmd):
    """kind: one of the five kinds in rules.reviewing.GREEN."""

    project: str = Field(max_length=32)
    kind: str = Field(pattern=r"^[a-z_]{3,32}$")


@command("trading.projects.flag_green", opens="inviting")
def flag_green(work: Work, cmd: FlagGreen) -> Project:
    """Guard: cause_listed."""
    project = hold(work, cmd.project)
    move(work, project, cause=cmd.kind, causes=tuple(GREEN), listed_under=())
    project.green, project.green_at = cmd.kind, project.green_at or work.moment
    work.enter(project.id, kind=cmd.kind)
    return project
