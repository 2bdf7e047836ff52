"""A door that stayed shut, and the rule that kept it shut."""
from pydantic import Field

from evaluation.area.desk import act, badge
from evaluation.area.records import DoorEvent
from kernel.command import Cmd, Work, command


class Refuse(Cmd):
    badge: str = Field(max_length=8)
    door: str = Field(min_length=1, max_length=24)
    guard: str = Field(pattern=r"^[a-z_]{3,40}$")


@command("evaluation.area.refuse", opens="never")
def refuse(work: Work, cmd: Refuse) -> DoorEvent:
    """Allowed while suspended: an attempt is a fact."""
    project, held = badge(work, cmd.badge)
    act(work, project, while_suspended=True)
    event: DoorEvent = work.keep(DoorEvent(project=project.id, badge=held.id, door=cmd.door, kind="refused", guard=cmd.guard, at=work.moment))
    work.enter(project.id, badge=held.code, door=cmd.door, guard=cmd.guard)
    return event
