"""The document is explained or changed, for everybody at one moment; a late change comes with a later deadline."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Malformed, Text
from kernel.values import show_time
from trading.desk import hold, move
from trading.notices.issue import first_notice, issue, suppliers_named
from trading.notices.records import Notice
from trading.notices.wording import Fields, both
from trading.projects.clauses import deciding_day, period_clauses
from trading.projects.dossier import dossier
from trading.projects.set_document import Paper, add_papers


class Clarify(Cmd):
    """touches: what changes (document, schedule, price, subject, qualification). affects: it affects how bids are written.
    deadline: the later deadline that comes with it, in ms. medium: where it appears, if it is not the first notice's."""

    project: str = Field(max_length=32)
    text: str = Field(min_length=1, max_length=8000)
    touches: tuple[str, ...] = Field(default=("document",), max_length=5)
    affects: bool = True
    papers: tuple[Paper, ...] = Field(default=(), max_length=20)
    deadline: int | None = Field(default=None, ge=0)
    medium: str | None = Field(default=None, max_length=40)


@command("trading.notices.clarify", signed=True)
def clarify(work: Work, cmd: Clarify) -> Notice:
    """Guards: before_closing, subject_and_qualification_unchanged, fifteen_days_or_extended, source_not_named, same_media.
    Effects: new versions of papers, the new digest of the document beside the old one, perhaps a later deadline."""
    project = hold(work, cmd.project)
    first = first_notice(work, project.id)
    medium = first.media if first else ""
    held = project.deadline or 0
    if cmd.deadline is not None and cmd.deadline <= held:
        raise Malformed("deadline", Text("新的截止时间应晚于原时间", "The new deadline must be later"))
    move(work, project, stage_moved_by_clock=project.published_at is not None, touches=cmd.touches, affects=cmd.affects,
         new_deadline=cmd.deadline or held, text=cmd.text, names=suppliers_named(work, project, cmd.text),
         medium=medium if cmd.medium is None else cmd.medium, first_medium=medium, calendar=calendar(work.session),
         clauses=period_clauses(project, deciding_day(project, work.moment)))
    fields: Fields = {"change": cmd.text}
    if cmd.deadline is not None:
        if project.evaluation_at is not None:
            project.evaluation_at += cmd.deadline - held
        project.deadline = cmd.deadline
        fields["submission"] = both(f"截止时间顺延至 {show_time(cmd.deadline)}", f"The deadline moves to {show_time(cmd.deadline)}")
    add_papers(work, project, cmd.papers)
    old, project.document_digest = project.document_digest, dossier(work.session, project).digest
    notice = issue(work, project, "clarification", fields, medium=medium)
    notice.entry = work.enter(project.id, digest=notice.digest, old=old, document=project.document_digest, deadline=project.deadline,
                              affects=cmd.affects).key
    return notice
