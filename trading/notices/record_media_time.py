"""When the designated medium published: from that moment the periods of the law are counted."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Stale
from kernel.values import day_of
from law.periods import add_working_days, end_of
from trading.desk import hold, move
from trading.notices.issue import first_notice
from trading.notices.records import Notice
from trading.projects.clauses import clause, deciding_day


class RecordMediaTime(Cmd):
    """medium: code of publicity.designated_medium. moment: of its publication, ms. proof: address of the page or digest of a print."""

    project: str = Field(max_length=32)
    medium: str = Field(max_length=40)
    moment: int = Field(ge=0)
    proof: str = Field(default="", max_length=300)


@command("trading.notices.record_media_time", signed=True)
def record_media_time(work: Work, cmd: RecordMediaTime) -> Notice:
    """Guard: proof_of_publication. Effects: the period of a procurement notice runs from the medium's moment (87号令 第十六条).
    Stale where a moment is recorded already."""
    project = hold(work, cmd.project)
    notice = first_notice(work, project.id)
    if notice is None or notice.media_at is not None:
        raise Stale
    on = deciding_day(project, work.moment)
    media = clause(f"publicity.designated_medium.{project.field}", on)
    codes = (media.value,) if isinstance(media.value, str) else media.value
    move(work, project, medium=cmd.medium, media=codes, media_under=media.under, proof=cmd.proof, media_moment=cmd.moment, notice_at=notice.published_at)
    notice.media, notice.media_at, notice.media_proof = cmd.medium, cmd.moment, cmd.proof
    if notice.ends_at is not None:
        days = clause("procurement.notice_working_days", on).value
        notice.ends_at = end_of(add_working_days(day_of(cmd.moment), days, calendar(work.session)))
    work.enter(project.id, medium=cmd.medium, moment=cmd.moment, digest=notice.digest)
    return notice
