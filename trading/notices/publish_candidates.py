"""Works: the candidates are shown to everybody for at least three days before anybody may win."""
from datetime import date

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from law.periods import end_of
from trading.awards.records import Candidate
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.notices.issue import facts_of, issue
from trading.notices.publish import Given
from trading.notices.records import Notice
from trading.notices.wording import candidate_rows, entered
from trading.opening.records import Opened
from trading.projects.clauses import clause, deciding_day
from trading.projects.records import Lot, Project
from trading.subjects.records import Subject


class PublishCandidates(Cmd):
    """until: last day of the publicity. sme_statement: hex SHA-256 of the statement a small firm's advantage rests on."""

    project: str = Field(max_length=32)
    until: date
    fields: Given = Field(default_factory=dict, max_length=20)
    sme_statement: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


@command("trading.notices.publish_candidates", signed=True)
def publish_candidates(work: Work, cmd: PublishCandidates) -> Notice:
    """Guards: works_only, fields_complete, within_three_days (warns), publicity_three_days, smes_attached.
    Effects: stage publicity; the notice with its end."""
    project = hold(work, cmd.project)
    on = deciding_day(project, work.moment)
    said = {"candidates": ranked(work, project)} | entered(project.details, cmd.fields)
    said = {code: value for code, value in said.items() if code in ("candidates", "manager", "qualification_met", "objection_ways")}
    move(work, project, until=cmd.until, sme_statement=cmd.sme_statement, sme_claimed=project.details.get("sme_advantage") == "yes",
         calendar=calendar(work.session), clauses={"publicity": clause("works.publicity_days", on), "publicity_start": clause("works.publicity_start_days", on)},
         **facts_of(project, "candidates", said, work.moment))
    notice = issue(work, project, "candidates", said, ends_at=end_of(cmd.until))
    notice.entry = work.enter(project.id, digest=notice.digest, ends=notice.ends_at, sme=cmd.sme_statement or None,
                              warn=[w.rule for w in work.warnings] or None).key
    return notice


def ranked(work: Work, project: Project) -> list[dict[str, object]]:
    found = work.session.execute(
        select(Lot.number, Candidate.rank, Subject.name, Candidate.amount, Candidate.score, Opened.form)
        .join(Lot, Lot.id == Candidate.lot).join(Bid, Bid.id == Candidate.bid).join(Subject, Subject.id == Bid.org)
        .join(Opened, (Opened.bid == Bid.id) & (Opened.part == "price"), isouter=True).where(Candidate.project == project.id))
    return candidate_rows([(lot, rank, name, amount, score, form or {}) for lot, rank, name, amount, score, form in found])
