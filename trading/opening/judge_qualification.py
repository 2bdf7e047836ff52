"""Two persons of buyer or agent say the same of one bid's qualification (87号令 第四十四条)."""
from pydantic import Field
from sqlalchemy import select

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.seconds import seconded
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.opening.qualify import only_where_listed
from trading.opening.records import Judgement
from trading.projects.records import Project

STATUTORY = tuple(f"政府采购法 第二十二条({n})" for n in "一二三四五六")


class JudgeQualification(Cmd):
    """clause: the criterion a failing bid does not meet, as the document states it, or one of STATUTORY."""

    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    passed: bool
    clause: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=500)


@command("trading.opening.judge_qualification", opens="never", signed=True)
def judge_qualification(work: Work, cmd: JudgeQualification) -> Judgement | None:
    """None after the first of the two voices."""
    project = hold(work, cmd.project)
    bid = work.session.get(Bid, cmd.bid)
    if bid is None or bid.project != project.id or bid.state != "live":
        raise NotYours
    only_where_listed(work, project, "procurement_only")
    move(work, project, passed=cmd.passed, clause=cmd.clause, reason=cmd.reason, criteria=criteria(project))
    if work.session.scalar(select(Judgement.id).where(Judgement.bid == bid.id)):
        raise Stale
    first = seconded(work, bid.id, cmd)
    if first is None:
        work.enter(project.id, step=1)
        return None
    row: Judgement = work.keep(Judgement(
        project=project.id, bid=bid.id, passed=int(cmd.passed), clause=cmd.clause, reason=cmd.reason, first=first, second=work.actor.id, at=work.moment))
    work.session.flush()
    work.enter(project.id, judgement=salted(row.row_salt, {"bid": bid.id, "passed": int(cmd.passed), "clause": cmd.clause}))
    return row


def criteria(project: Project) -> tuple[str, ...]:
    """The document's qualification criteria (details["qualification"], one a line), and those of the law."""
    listed = project.details.get("qualification", "")
    return (*(line.strip() for line in listed.splitlines() if line.strip()), *STATUTORY)
