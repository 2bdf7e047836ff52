"""One member's findings on one bid in the first review, each criterion one of the document's."""
from pydantic import Field
from sqlalchemy import select

from evaluation.bids import contenders, criteria
from evaluation.desk import act, clause, hold, own
from evaluation.records import Conformity
from kernel.canonical import plain, salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class Finding(Cmd):
    criterion: str = Field(min_length=1, max_length=80)
    passed: bool
    reason: str = Field(default="", max_length=500)


class JudgeConformity(Cmd):
    """seat: the caller's own letter, as its screen shows it."""

    project: str = Field(max_length=32)
    seat: str = Field(pattern=r"^[A-Z]$")
    bid: str = Field(max_length=32)
    findings: tuple[Finding, ...] = Field(min_length=1, max_length=60)


@command("evaluation.judge_conformity", opens="never")
def judge_conformity(work: Work, cmd: JudgeConformity) -> list[Conformity]:
    """Guards: criterion_from_document, own_sheet, reason_if_failed. The last finding on a criterion counts."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    if cmd.bid not in {c.bid for c in contenders(work.session, project)}:
        raise NotYours
    grounds = clause(project, f"grounds.rejection.{project.field}", work.moment)
    act(
        work, project, room, criteria=criteria(project, grounds.value), criteria_used=[f.criterion for f in cmd.findings],
        own=member.seat == cmd.seat, passed_or_reasoned=[f.passed or f.reason.strip() != "" for f in cmd.findings],
    )
    known = {c.criterion: c for c in work.session.scalars(select(Conformity).where(Conformity.member == member.id, Conformity.bid == cmd.bid))}
    rows = []
    for finding in cmd.findings:
        row = known.get(finding.criterion) or work.keep(Conformity(session=room.id, member=member.id, bid=cmd.bid, criterion=finding.criterion))
        row.passed, row.reason = int(finding.passed), "" if finding.passed else finding.reason.strip()
        rows.append(row)
    work.enter(project.id, seat=member.seat, sheet=salted(member.row_salt, {"bid": cmd.bid, "findings": plain(cmd.findings)}))
    return rows
