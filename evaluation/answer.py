"""A bidder answers the committee's question in writing, signed, in time."""
from pydantic import Field

from evaluation.desk import act, hold
from evaluation.records import Question
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.bids.records import Bid


class Answer(Cmd):
    project: str = Field(max_length=32)
    question: str = Field(max_length=32)
    text: str = Field(min_length=1, max_length=8000)


@command("evaluation.answer", opens="never", signed=True)
def answer(work: Work, cmd: Answer) -> Question:
    """Guards: asked, answer_in_time, answer_signed. NotYours for another bidder's question."""
    project, room = hold(work, cmd.project)
    question = work.session.get(Question, cmd.question, with_for_update=True)
    bid = work.session.get(Bid, question.bid) if question is not None else None
    if question is None or bid is None or question.session != room.id or not work.actor.org or bid.org != work.actor.org:
        raise NotYours
    act(work, project, room, area=False, question_open=question.answered is None, due=question.due, signed=work.sig is not None)
    question.answer, question.answered = cmd.text, work.moment
    work.enter(project.id, question=question.id, text=salted(question.row_salt, cmd.text))
    return question
