"""The contract is published, without what the law keeps secret."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from trading.awards.records import Contract
from trading.desk import hold, move
from trading.notices.issue import issue
from trading.notices.publish_result import parties, won
from trading.notices.records import Notice
from trading.projects.clauses import clause, deciding_day


class PublishContract(Cmd):
    """text: the contract as it may be read. cut: the buyer states that state and trade secrets are cut from it."""

    project: str = Field(max_length=32)
    text: str = Field(min_length=1, max_length=60_000)
    cut: bool = False


@command("trading.notices.publish_contract", signed=True)
def publish_contract(work: Work, cmd: PublishContract) -> Notice:
    """Guards: secrets_cut, within_two_working_days (warns; counted from the signing)."""
    project = hold(work, cmd.project)
    on = deciding_day(project, work.moment)
    move(work, project, text=cmd.text, cut=cmd.cut, counted_from=project.contracted_at, calendar=calendar(work.session),
         clauses={"two_days": clause("procurement.contract_notice_working_days", on)})
    digests = sorted(work.session.scalars(select(Contract.digest).where(Contract.project == project.id)))
    notice = issue(work, project, "contract", {"parties": parties(work, project), "winner": won(work, project), "contract_text": cmd.text})
    notice.entry = work.enter(project.id, digest=notice.digest, contracts=digests, warn=[w.rule for w in work.warnings] or None).key
    return notice
