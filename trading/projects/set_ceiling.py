"""The buyer sets the ceiling price: secret until the notice, then in it."""
import secrets

from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.draft import MONEY
from trading.projects.records import Project


class SetCeiling(Cmd):
    """ceiling in the smallest unit."""

    project: str = Field(max_length=32)
    ceiling: int = Field(ge=1, le=MONEY)


@command("trading.projects.set_ceiling", opens="inviting", signed=True)
def set_ceiling(work: Work, cmd: SetCeiling) -> Project:
    """Guard: ceiling_within_budget. The entry holds the price under a salt of its own."""
    project = hold(work, cmd.project)
    move(work, project, wanted_ceiling=cmd.ceiling)
    project.ceiling = cmd.ceiling
    work.enter(project.id, price=salted(secrets.token_bytes(32), cmd.ceiling))
    return project
