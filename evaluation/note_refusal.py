"""Who neither signs nor writes why counts as agreeing; the chair notes it after the time to sign (实施条例 第五十三条)."""
from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, clause, hold, members
from evaluation.records import ReportSignature
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.values import MINUTE


class NoteRefusal(Cmd):
    project: str = Field(max_length=32)
    seat: str = Field(pattern=r"^[A-Z]$")


@command("evaluation.note_refusal", opens="never", signed=True)
def note_refusal(work: Work, cmd: NoteRefusal) -> ReportSignature:
    """Guards: sign_window_over, no_dissent_written."""
    project, room = hold(work, cmd.project)
    member = next((m for m in members(work.session, room) if m.seat == cmd.seat), None)
    if member is None:
        raise NotYours
    stands = work.session.scalar(select(ReportSignature.id).where(ReportSignature.member == member.id))
    minutes = clause(project, "evaluation.sign_minutes", work.moment).value
    act(work, project, room, window_ends=(room.signing_at or work.moment) + minutes * MINUTE, stands=stands)
    row: ReportSignature = work.keep(ReportSignature(
        session=room.id, member=member.id, kind="refused", report=room.report_digest, at=work.moment))
    work.enter(project.id, seat=member.seat)
    return row
