"""A phone goes into a locker before its owner goes in."""
from pydantic import Field
from sqlalchemy import select

from evaluation.area.desk import act, badge
from evaluation.area.presence import badge_slip
from evaluation.area.records import Slip
from kernel.command import Cmd, Work, command


class StorePhone(Cmd):
    badge: str = Field(max_length=8)
    locker: int = Field(ge=1, le=9999)


@command("evaluation.area.store_phone", opens="never")
def store_phone(work: Work, cmd: StorePhone) -> Slip:
    """Guard: slip_free (the locker is empty and this badge has no other slip)."""
    project, held = badge(work, cmd.badge)
    taken = work.session.scalar(select(Slip.id).where(Slip.locker == cmd.locker, Slip.returned.is_(None)))
    act(work, project, locker_taken=taken or badge_slip(work.session, held.id))
    slip: Slip = work.keep(Slip(badge=held.id, locker=cmd.locker, stored=work.moment))
    work.enter(project.id, badge=held.code)
    return slip
