"""A tender fails (流标, 废标): on a condition the records prove, or on evidence."""
from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from trading.asks import all_rejected
from trading.awards.records import Disqualification
from trading.bids.records import Bid, Closing
from trading.desk import hold, move
from trading.opening.records import Judgement
from trading.projects.clauses import clause, deciding_day
from trading.projects.records import Project


class Fail(Cmd):
    """condition: code of law/grounds.py (failure). evidence: hex SHA-256 of the paper that shows it, where records do not."""

    project: str = Field(max_length=32)
    condition: str = Field(pattern=r"^[a-z_]{3,40}$")
    evidence: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


@command("trading.projects.fail", signed=True)
def fail(work: Work, cmd: Fail) -> Project:
    """Guard: failing_condition_met. Effects: stage failed; everything opened so far stays as open as it was."""
    project = hold(work, cmd.project)
    replay = project.procedure == "replay.lowest"
    failing = {} if replay else {"failure": clause(f"grounds.failure.{project.field}", deciding_day(project, work.moment))}
    move(work, project, condition=cmd.condition, evidence=cmd.evidence, proved={} if replay else proved(work, project),
         admissible=admissible(work, project), clauses=failing)
    project.stop_cause = cmd.condition
    work.enter(project.id, condition=cmd.condition, stopped_at=project.stopped_at, evidence=cmd.evidence or None)
    return project


def proved(work: Work, project: Project) -> dict[str, bool]:
    """What the records say of the conditions they know. One lot that fails fails the tender."""
    on = deciding_day(project, work.moment)
    count = work.session.scalar(select(func.min(Closing.count)).where(Closing.project == project.id))
    found = {
        "fewer_than_three_bidders": count is not None and count < clause(f"{project.field}.minimum_bidders", on).value,
        "all_rejected": all_rejected(work.session, project.id),
    }
    if project.field == "procurement" and project.stage not in ("closed", "opening", "opened"):
        passed = work.session.scalar(select(func.count()).select_from(Judgement).where(Judgement.project == project.id, Judgement.passed == 1)) or 0
        judged = work.session.scalar(select(func.count()).select_from(Judgement).where(Judgement.project == project.id)) or 0
        live = _live(work, project)
        found["fewer_than_three_qualified"] = judged >= live and passed < clause("procurement.minimum_qualified", on).value
    else:
        found["fewer_than_three_qualified"] = False
    return found


def admissible(work: Work, project: Project) -> int:
    """Live bids that are not disqualified."""
    out = work.session.scalar(select(func.count()).select_from(Disqualification).where(Disqualification.project == project.id)) or 0
    return _live(work, project) - out


def _live(work: Work, project: Project) -> int:
    return work.session.scalar(select(func.count()).select_from(Bid).where(Bid.project == project.id, Bid.state == "live")) or 0
