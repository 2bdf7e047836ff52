"""A member who does not agree writes why; it stands in the report beside the signatures (实施条例 第五十三条)."""
from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, hold, own
from evaluation.records import ReportSignature
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import Stale


class Dissent(Cmd):
    """report: digest of the report as read."""

    project: str = Field(max_length=32)
    report: str = Field(max_length=64)
    reason: str = Field(default="", max_length=2000)


@command("evaluation.dissent", opens="never", signed=True)
def dissent(work: Work, cmd: Dissent) -> ReportSignature:
    """Guards: report_shown, report_unchanged, reason_given. Stale when the member has spoken already."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    act(work, project, room, report_read=cmd.report, report_digest=room.report_digest, reason=cmd.reason)
    if work.session.scalar(select(ReportSignature.id).where(ReportSignature.member == member.id)):
        raise Stale
    row: ReportSignature = work.keep(ReportSignature(
        session=room.id, member=member.id, kind="dissent", report=cmd.report, reason=cmd.reason.strip(), at=work.moment))
    work.session.flush()
    work.enter(project.id, seat=member.seat, text=salted(row.row_salt, row.reason))
    return row
