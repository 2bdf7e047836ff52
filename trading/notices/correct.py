"""A published notice is corrected in its words: a new version beside the old one, on the same medium."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Text
from kernel.values import show_time
from trading.desk import hold, move
from trading.notices.issue import facts_of, issue
from trading.notices.publish import Given
from trading.notices.records import Notice
from trading.notices.wording import Fields


class Correct(Cmd):
    """notice: what is corrected. fields: the texts that change, by their codes. change: what is different, in words."""

    project: str = Field(max_length=32)
    notice: str = Field(max_length=32)
    change: str = Field(min_length=1, max_length=2000)
    fields: Given = Field(min_length=1, max_length=20)
    medium: str | None = Field(default=None, max_length=40)


@command("trading.notices.correct", signed=True)
def correct(work: Work, cmd: Correct) -> Notice:
    """Guards: fields_complete, same_media, result_not_changed_by_correction. The times of a tender move by extend alone."""
    project = hold(work, cmd.project)
    old = work.session.scalar(select(Notice).where(Notice.id == cmd.notice, Notice.project == project.id))
    if old is None or old.kind in ("correction", "extension"):
        raise Malformed("notice", Text("请选择要更正的公告", "Choose the notice to correct"))
    if unknown := sorted(set(cmd.fields) - set(old.fields)):
        raise Malformed("fields", Text(f"原公告没有 {unknown[0]}", f"The notice has no {unknown[0]}"))
    original = f"{old.title}，{show_time(old.published_at)}"
    said: Fields = {"original": original, "change": cmd.change, **cmd.fields}
    move(work, project, corrected=tuple(cmd.fields), medium=old.media if cmd.medium is None else cmd.medium, first_medium=old.media,
         **facts_of(project, "correction", said, work.moment))
    notice = issue(work, project, "correction", said, medium=old.media, corrects=old.kind)
    notice.entry = work.enter(project.id, digest=notice.digest, old=old.digest).key
    return notice
