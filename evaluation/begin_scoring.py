"""The first review is over: every member gets a sheet."""
from collections import Counter

from pydantic import Field
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session as Database

from evaluation.bids import criteria, inadmissible, shut, valid
from evaluation.desk import act, clause, hold, members
from evaluation.records import Conformity, Question, Session, Sheet
from kernel.command import Cmd, Work, command
from trading.projects.records import Project


class BeginScoring(Cmd):
    """reason: why there is competition although fewer than three are valid (works only)."""

    project: str = Field(max_length=32)
    reason: str = Field(default="", max_length=1000)


@command("evaluation.begin_scoring", opens="announced", signed=True)
def begin_scoring(work: Work, cmd: BeginScoring) -> Session:
    """Guards: all_bids_judged, questions_closed, three_valid_or_reasoned."""
    project, room = hold(work, cmd.project)
    sitting, bids = members(work.session, room), valid(work.session, project)
    waiting = work.session.scalar(select(func.count()).select_from(Question).where(Question.session == room.id, or_(
        (Question.kind == "clarify") & Question.answered.is_(None) & (Question.due >= work.moment),
        (Question.kind == "low_price") & (Question.decided == ""))))
    act(work, project, room, unjudged=unjudged_bids(work.session, project, room, work.moment), open_questions=waiting, valid=len(bids), reason=cmd.reason)
    for member in sitting:
        work.keep(Sheet(session=room.id, member=member.id, version=1, state="draft"))
    work.enter(project.id, code=room.code, valid=len(bids))
    return room


def unjudged_bids(session: Database, project: Project, room: Session, moment: int) -> int:
    """Bids that still stand in the way: findings are missing, or nobody drew the consequence where most members failed one, where
    there is no price (before the second of two envelopes there is none), or where it is above the ceiling."""
    grounds = clause(project, f"grounds.rejection.{project.field}", moment)
    sitting = members(session, room)
    needed, seated = len(criteria(project, grounds.value)) * len(sitting), {m.id for m in sitting}
    found: Counter[str] = Counter()
    failed: dict[str, set[str]] = {}
    for row in session.scalars(select(Conformity).where(Conformity.session == room.id)):
        if row.member in seated:
            found[row.bid] += 1
            if not row.passed:
                failed.setdefault(row.bid, set()).add(row.member)
    standing = valid(session, project)
    out = set() if shut(session, project) else {c.bid for c in inadmissible(project, standing)}
    return sum(found[c.bid] < needed or c.bid in out or 2 * len(failed.get(c.bid, ())) > len(sitting) for c in standing)
