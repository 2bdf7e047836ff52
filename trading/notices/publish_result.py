"""The result is announced; the award letter goes out with it, not before."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.values import day_of
from law.periods import add_working_days, end_of
from trading.asks import expert_names
from trading.awards.records import Award
from trading.desk import hold, move
from trading.notices.issue import facts_of, issue
from trading.notices.publish import Given
from trading.notices.records import Notice
from trading.notices.wording import Fields, both, entered, party, winner_rows
from trading.projects.clauses import clause, deciding_day
from trading.projects.dossier import current_papers
from trading.projects.records import Lot, Project
from trading.subjects.records import Subject


class PublishResult(Cmd):
    project: str = Field(max_length=32)
    fields: Given = Field(default_factory=dict, max_length=20)


@command("trading.notices.publish_result", signed=True)
def publish_result(work: Work, cmd: PublishResult) -> Notice:
    """Guards: fields_complete, expert_names_present_if_procurement, document_attached_if_procurement, within_two_working_days
    (warns). Effects: stage announced. In procurement the experts' names are put in at this moment; no draft ever shows them."""
    project = hold(work, cmd.project)
    on, days = deciding_day(project, work.moment), calendar(work.session)
    procurement = project.field == "procurement" and project.procedure != "replay.lowest"
    experts = expert_names(work.session, project.id) if procurement else ()
    papers = current_papers(work.session, project.id) if procurement else ()
    length = clause("procurement.result_notice_working_days", on).value if procurement else 0
    said: Fields = {"project": project.title, "winner": won(work, project)} | kept(project, cmd.fields)
    if procurement:
        said |= {"parties": parties(work, project), "experts": list(experts), "notice_period": both(f"{length} 个工作日", f"{length} working day"),
                 "document": [[paper.title, paper.digest] for paper in papers]}
    move(work, project, experts=experts, papers=papers, calendar=days, counted_from=project.awarded_at if procurement else None,
         clauses={"two_days": clause("procurement.result_working_days", on)} if procurement else {}, **facts_of(project, "result", said, work.moment))
    ends = end_of(add_working_days(day_of(work.moment), length, days)) if length else None
    notice = issue(work, project, "result", said, ends_at=ends)
    notice.entry = work.enter(project.id, digest=notice.digest, ends=ends, warn=[w.rule for w in work.warnings] or None).key
    return notice


def kept(project: Project, given: dict[str, str]) -> Fields:
    """Of what people wrote, the parts a result speaks of."""
    return {code: text for code, text in entered(project.details, given).items() if code in ("main_items", "contact", "objection_ways")}


def won(work: Work, project: Project) -> list[dict[str, object]]:
    found = work.session.execute(
        select(Lot.number, Subject.name, Subject.address, Award.amount).join(Lot, Lot.id == Award.lot).join(Subject, Subject.id == Award.org)
        .where(Award.project == project.id))
    return winner_rows([(lot, name, address, amount) for lot, name, address, amount in found])


def parties(work: Work, project: Project) -> str:
    orgs = {org.id: org for org in work.session.scalars(select(Subject).where(Subject.id.in_([o for o in (project.buyer, project.agent) if o])))}
    return "；".join(party(orgs[org]) for org in (project.buyer, project.agent) if org)
