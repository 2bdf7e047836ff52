"""The committee decides whether a low price was justified; one that was not makes the bid invalid (87号令 第六十条)."""
from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, clause, hold, members, yes_votes
from evaluation.records import Question, Rejection
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class DecideLowPrice(Cmd):
    project: str = Field(max_length=32)
    question: str = Field(max_length=32)
    justified: bool
    opinion: str = Field(default="", max_length=1000)


@command("evaluation.decide_low_price", opens="never", signed=True)
def decide_low_price(work: Work, cmd: DecideLowPrice) -> Question:
    """Guards: explanation_or_time_over, majority_reached, reason_given."""
    project, room = hold(work, cmd.project)
    question = work.session.scalar(select(Question).where(
        Question.id == cmd.question, Question.session == room.id, Question.kind == "low_price", Question.decided == "").with_for_update())
    if question is None:
        raise NotYours
    act(work, project, room, answered=question.answered is not None, due=question.due, reason=cmd.opinion,
        yes=yes_votes(work, room, cmd), members=members(work.session, room))
    question.decided, question.opinion = "kept" if cmd.justified else "unproved", cmd.opinion
    if not cmd.justified:
        article = "; ".join(str(c) for c in clause(project, "low_price.unproved_is_invalid", work.moment).under)
        work.keep(Rejection(session=room.id, bid=question.bid, ground="low_price_unproved", reason=cmd.opinion[:500], article=article, at=work.moment))
    work.enter(project.id, question=question.id, justified=cmd.justified, opinion=salted(question.row_salt, cmd.opinion))
    return question
