"""The committee asks one bidder in writing what its bid means; never what it might become."""
from pydantic import Field

from evaluation.bids import valid
from evaluation.desk import act, clause, hold, members, yes_votes
from evaluation.records import Question
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.values import MINUTE


class AskBidder(Cmd):
    """within_bid, without_hint: what the members confirm by voting for exactly these words."""

    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    question: str = Field(min_length=1, max_length=2000)
    within_bid: bool
    without_hint: bool


@command("evaluation.ask_bidder", opens="never", signed=True)
def ask_bidder(work: Work, cmd: AskBidder) -> Question:
    """Guards: question_within_bid, no_hint, majority_reached. Goes to that bidder alone, from "the committee"."""
    project, room = hold(work, cmd.project)
    if cmd.bid not in {c.bid for c in valid(work.session, project)}:
        raise NotYours
    act(work, project, room, within_bid=cmd.within_bid, without_hint=cmd.without_hint,
        yes=yes_votes(work, room, cmd), members=members(work.session, room))
    minutes = clause(project, "evaluation.question_minutes", work.moment).value
    question: Question = work.keep(Question(
        session=room.id, bid=cmd.bid, kind="clarify", question=cmd.question, asked=work.moment, due=work.moment + minutes * MINUTE))
    work.session.flush()
    work.enter(project.id, question=question.id, text=salted(question.row_salt, cmd.question))
    return question
