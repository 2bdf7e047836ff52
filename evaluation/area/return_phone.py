"""The phone goes back when its owner is through with the session."""
from pydantic import Field

from evaluation.area.desk import act, badge, standing
from evaluation.area.presence import badge_slip
from evaluation.area.records import Slip
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class ReturnPhone(Cmd):
    badge: str = Field(max_length=8)


@command("evaluation.area.return_phone", opens="never")
def return_phone(work: Work, cmd: ReturnPhone) -> Slip:
    """Guard: report_signed_or_out_for_good."""
    project, held = badge(work, cmd.badge)
    slip = badge_slip(work.session, held.id)
    if slip is None:
        raise NotYours
    act(work, project, **standing(work.session, project, held))
    slip.returned = work.moment
    work.enter(project.id, badge=held.code)
    return slip
