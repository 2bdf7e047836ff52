"""A member signs the report he has read, and no other."""
from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, hold, own
from evaluation.records import ReportSignature
from kernel.command import Cmd, Work, command
from kernel.errors import Stale


class Sign(Cmd):
    """report: digest of the report as read; the member's key signs it with the act."""

    project: str = Field(max_length=32)
    report: str = Field(max_length=64)


@command("evaluation.sign", opens="never", signed=True)
def sign(work: Work, cmd: Sign) -> ReportSignature:
    """Guards: report_shown, report_unchanged. Stale when the member has spoken already."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    act(work, project, room, report_read=cmd.report, report_digest=room.report_digest)
    if work.session.scalar(select(ReportSignature.id).where(ReportSignature.member == member.id)):
        raise Stale
    row: ReportSignature = work.keep(ReportSignature(session=room.id, member=member.id, kind="signed", report=cmd.report, at=work.moment))
    work.enter(project.id, seat=member.seat, report=cmd.report)
    return row
