"""The evaluation stops where it stands: screens lock, sheets are kept."""
from pydantic import Field

from evaluation.desk import act, clause, hold
from evaluation.records import Session
from kernel.command import Cmd, Work, command

OF_THE_HOUSE = ("shape_broken", "fire", "network_failure")


class Halt(Cmd):
    """cause: a code of grounds.suspension or of the house · order: a regulator's decision number."""

    project: str = Field(max_length=32)
    cause: str = Field(max_length=24)
    order: str = Field(default="", max_length=80)


@command("evaluation.halt", opens="announced", signed=True)
def halt(work: Work, cmd: Halt) -> Session:
    """Guards: cause_listed, order_cited_if_regulator."""
    project, room = hold(work, cmd.project)
    causes = (*clause(project, "grounds.suspension", work.moment).value, *OF_THE_HOUSE)
    step = act(work, project, room, area=False, cause=cmd.cause, causes=causes, regulator=work.actor.kind == "person", order=cmd.order)
    room.halted, room.halted_by, room.halted_at = cmd.cause, step.role, work.moment
    work.enter(project.id, cause=cmd.cause)
    return room
