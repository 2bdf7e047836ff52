"""The notice goes out: from now on the tender is public, its key and its rules are fixed, and its document is free to all."""
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Malformed, Text
from kernel.values import day_of
from law.periods import add_working_days, end_of
from trading.asks import opening_place
from trading.desk import hold, move
from trading.notices.issue import facts_of, issue, snapshot_digest
from trading.notices.records import Notice
from trading.notices.wording import entered, tender_fields
from trading.projects.clauses import clause, period_clauses
from trading.projects.dossier import ready_ceremony
from trading.projects.owed import owing
from trading.projects.records import Project, ProjectReview
from trading.subjects.records import Subject

Given = dict[Annotated[str, Field(pattern=r"^[a-z_]{2,32}$")], Annotated[str, Field(max_length=4000)]]


class Publish(Cmd):
    """fields: texts for this notice by the codes of law/publicity.py; what the file already says need not be repeated."""

    project: str = Field(max_length=32)
    fields: Given = Field(default_factory=dict, max_length=20)


@command("trading.notices.publish", signed=True)
def publish(work: Work, cmd: Publish) -> Notice:
    """Guards: both_reviews_done, papers_supplied, fields_complete, key_ready, periods_still_long_enough. Effects: stage inviting; the
    digest of all clauses in force, the key and its ceremony stand in the entry and never change again."""
    project = hold(work, cmd.project)
    if project.deadline is None:
        raise Malformed("deadline", Text("尚未安排截止时间", "No deadline is set"))
    on, replay = day_of(work.moment), project.procedure == "replay.lowest"
    days = {} if replay else calendar(work.session)
    notice_days = clause("procurement.notice_working_days", on).value if project.field == "procurement" and not replay else 0
    said = said_by(work, project, cmd.fields, notice_days)
    ceremony = ready_ceremony(work.session, project.id)
    agreed = set(work.session.scalars(select(ProjectReview.slot).where(
        ProjectReview.project == project.id, ProjectReview.round == project.round, ProjectReview.result == "agreed")))
    move(work, project, agreed=agreed, owing=owing(work.session, project), ceremony_stage=ceremony.stage if ceremony else "", calendar=days,
         clauses={} if replay else period_clauses(project, on), **facts_of(project, "tender", said, work.moment))
    assert ceremony is not None
    project.published_at = work.moment
    ends = end_of(add_working_days(on, notice_days, days)) if notice_days else None
    notice = issue(work, project, "tender", said, first=True, ends_at=ends, snapshot=snapshot_digest(on), key=ceremony.key)
    entry = work.enter(project.id, digest=notice.digest, key=ceremony.key, ceremony=ceremony.entry, snapshot=notice.snapshot,
                       document=project.document_digest, quorum=project.quorum, grace=project.grace_seconds, deadline=project.deadline,
                       mode=project.mode, envelopes=project.envelopes, lock_minutes=project.lock_minutes or None, warn=[w.rule for w in work.warnings] or None)
    notice.entry = entry.key
    return notice


def said_by(work: Work, project: Project, given: dict[str, str], notice_days: int) -> dict[str, object]:
    orgs = {org.id: org for org in work.session.scalars(select(Subject).where(Subject.id.in_([o for o in (project.buyer, project.agent) if o])))}
    place = opening_place(work.session, project.id)
    composed = tender_fields(project, orgs[project.buyer], orgs.get(project.agent or ""), work.centre.origin, place, notice_days)
    return composed | entered(project.details, given)
