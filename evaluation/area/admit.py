"""A door opens for one badge: in its window, for the right face, into the right zone, without a phone."""
from typing import TYPE_CHECKING

from pydantic import Field

from evaluation.area.desk import act, badge, standing
from evaluation.area.presence import badge_slip
from evaluation.area.records import Badge, DoorEvent
from evaluation.area.refuse import Refuse, refuse
from kernel.command import Actor, Cmd, Work, command
from kernel.errors import Refused

if TYPE_CHECKING:
    from kernel.centre import Centre


class Admit(Cmd):
    badge: str = Field(max_length=8)
    door: str = Field(min_length=1, max_length=24)
    zone: str = Field(default="evaluation", max_length=16)
    face: bool
    paper: bool


@command("evaluation.area.admit", opens="never")
def admit(work: Work, cmd: Admit) -> Badge:
    """Guards: badge_in_window, face_and_paper_match, right_zone, not_recused, phone_in_locker."""
    project, held = badge(work, cmd.badge)
    act(work, project, badge=held, face=cmd.face, paper=cmd.paper, zone=cmd.zone,
        phone_stored=badge_slip(work.session, held.id) is not None, **standing(work.session, project, held))
    held.state, held.leave_until, held.moved = "inside", None, work.moment
    work.keep(DoorEvent(project=project.id, badge=held.id, door=cmd.door, kind="in", at=work.moment))
    work.enter(project.id, badge=held.code, door=cmd.door)
    return held


def present(centre: "Centre", actor: Actor, cmd: Admit) -> Badge:
    """What a door calls: admits, or writes the refusal down and raises it. The failed attempt leaves its own entry."""
    try:
        return admit(centre, actor, cmd)
    except Refused as refused:
        refuse(centre, actor, Refuse(badge=cmd.badge, door=cmd.door, guard=refused.reason.rule))
        raise
