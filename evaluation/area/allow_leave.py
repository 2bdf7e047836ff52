"""Two persons let a member out for some minutes, escorted."""
from pydantic import Field

from evaluation.area.desk import act, badge
from evaluation.area.records import Badge
from kernel.command import Cmd, Work, command
from kernel.seconds import seconded
from kernel.values import MINUTE


class AllowLeave(Cmd):
    badge: str = Field(max_length=8)
    minutes: int = Field(ge=1, le=120)
    escort: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=300)


@command("evaluation.area.allow_leave", opens="never")
def allow_leave(work: Work, cmd: AllowLeave) -> Badge:
    """Guards: reason_given, escort_named; a second person says the same before the door opens."""
    project, held = badge(work, cmd.badge)
    act(work, project, reason=cmd.reason, escort=cmd.escort)
    if seconded(work, held.id, cmd) is None:
        work.enter(project.id, step=1, badge=held.code, minutes=cmd.minutes)
        return held
    held.leave_until, held.escort = work.moment + cmd.minutes * MINUTE, cmd.escort
    work.enter(project.id, badge=held.code, minutes=cmd.minutes)
    return held
