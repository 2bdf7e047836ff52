"""A member whose score stands far from the others' says why, in writing; the score stays (87号令 第六十四条(四))."""
from pydantic import Field

from evaluation.desk import act, hold, own
from evaluation.records import Flag, Sheet
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class ExplainOutlier(Cmd):
    project: str = Field(max_length=32)
    flag: str = Field(max_length=32)
    reason: str = Field(default="", max_length=500)


@command("evaluation.explain_outlier", opens="never")
def explain_outlier(work: Work, cmd: ExplainOutlier) -> Flag:
    """Guards: flag_open, own_sheet, reason_given. Unequal objective scores cannot be explained away: they go back."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    flag = work.session.get(Flag, cmd.flag, with_for_update=True)
    sheet = work.session.get(Sheet, flag.sheet) if flag is not None else None
    if flag is None or sheet is None or flag.session != room.id:
        raise NotYours
    act(work, project, room, flag_open=flag.settled is None and flag.rule == "outlier", own=sheet.member == member.id, reason=cmd.reason)
    flag.settled, flag.note = work.moment, cmd.reason.strip()
    work.enter(project.id, seat=member.seat, note=salted(flag.row_salt, flag.note))
    return flag
