"""Somebody goes out: at the end, by leave, or recused. A member without leave stays until the report is signed."""
from pydantic import Field

from evaluation.area.desk import act, badge, standing
from evaluation.area.records import Badge, DoorEvent
from kernel.command import Cmd, Work, command
from kernel.errors import Stale


class Leave(Cmd):
    badge: str = Field(max_length=8)
    door: str = Field(min_length=1, max_length=24)


@command("evaluation.area.leave", opens="never")
def leave(work: Work, cmd: Leave) -> Badge:
    """Guard: leave_allowed_or_report_signed. Stale for a badge that is not inside. Who is through with the session does not return."""
    project, held = badge(work, cmd.badge)
    if held.state != "inside":
        raise Stale
    facts = standing(work.session, project, held)
    act(work, project, badge=held, **facts)
    held.state, held.moved = ("ended" if facts["session_over"] or facts["recused"] else "out"), work.moment
    work.keep(DoorEvent(project=project.id, badge=held.id, door=cmd.door, kind="out", at=work.moment))
    work.enter(project.id, badge=held.code, door=cmd.door)
    return held
