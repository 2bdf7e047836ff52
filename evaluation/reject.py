"""A majority rejects one bid (否决投标; in procurement 投标无效) on a ground that the rules list."""
from pydantic import Field
from sqlalchemy import select

from evaluation.bids import valid
from evaluation.desk import act, clause, hold, members, yes_votes
from evaluation.records import Question, Rejection
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class Reject(Cmd):
    """ground: a code of law.grounds for the tender's field."""

    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    ground: str = Field(max_length=40)
    reason: str = Field(min_length=1, max_length=500)


@command("evaluation.reject", opens="announced", signed=True)
def reject(work: Work, cmd: Reject) -> Rejection:
    """Guards: majority_reached, rejection_ground_listed, bidder_asked_if_doubtful. After the totals they are computed anew."""
    project, room = hold(work, cmd.project)
    if cmd.bid not in {c.bid for c in valid(work.session, project)}:
        raise NotYours
    grounds = clause(project, f"grounds.rejection.{project.field}", work.moment)
    waiting = work.session.scalar(select(Question.id).where(
        Question.bid == cmd.bid, Question.kind == "clarify", Question.answered.is_(None), Question.due >= work.moment))
    act(work, project, room, yes=yes_votes(work, room, cmd), members=members(work.session, room), ground=cmd.ground, grounds=grounds, waiting=waiting)
    if room.stage == "summing":
        room.stage = "scoring"
    article = "; ".join(str(c) for c in grounds.under[:1])
    rejection: Rejection = work.keep(Rejection(
        session=room.id, bid=cmd.bid, ground=cmd.ground, reason=cmd.reason, article=article, at=work.moment))
    work.enter(project.id, bid=cmd.bid, ground=cmd.ground)
    return rejection
