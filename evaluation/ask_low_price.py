"""A price that looks too low must be explained before anybody decides about it (87号令 第六十条; 财库〔2026〕2号)."""
from pydantic import Field
from sqlalchemy import select

from evaluation.bids import Contender, valid
from evaluation.desk import act, clause, hold
from evaluation.records import Question
from evaluation.rules.price import LowPrice, abnormally_low
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.values import MINUTE, yuan
from trading.projects.records import Project

WORDS = {"mean": "全部通过符合性审查报价的平均值", "second_lowest": "次低报价", "ceiling": "最高限价（预算）"}


class AskLowPrice(Cmd):
    """doubt: the committee's own written doubt, where no threshold was passed."""

    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    doubt: str = Field(default="", max_length=1000)


@command("evaluation.ask_low_price", opens="never")
def ask_low_price(work: Work, cmd: AskLowPrice) -> Question:
    """Guards: procurement_only, low_price_triggered_or_doubt. A trigger is a question, never yet a rejection."""
    project, room = hold(work, cmd.project)
    bids = valid(work.session, project)
    if cmd.bid not in {c.bid for c in bids}:
        raise NotYours
    lows = triggered(project, bids, work.moment).get(cmd.bid, ())
    act(work, project, room, triggered=bool(lows), doubt=cmd.doubt)
    if work.session.scalar(select(Question.id).where(Question.bid == cmd.bid, Question.kind == "low_price")):
        raise Stale
    figures = "；".join(f"报价低于{WORDS[low.rule]}对应界限 {yuan(int(low.limit))} 元" for low in lows)
    minutes = clause(project, "low_price.answer_minutes", work.moment).value
    question: Question = work.keep(Question(
        session=room.id, bid=cmd.bid, kind="low_price", question=f"请书面说明报价的合理性并附证明材料。{figures}{cmd.doubt}",
        asked=work.moment, due=work.moment + minutes * MINUTE))
    work.session.flush()
    work.enter(project.id, question=question.id, figures=salted(question.row_salt, question.question))
    return question


def triggered(project: Project, bids: tuple[Contender, ...], moment: int) -> dict[str, tuple[LowPrice, ...]]:
    """Which bids are under a threshold, by undeducted quotation. Only procurement has the rule."""
    if project.field != "procurement":
        return {}
    shares = [clause(project, f"low_price.{name}", moment).value for name in ("of_mean", "of_second", "of_ceiling")]
    return abnormally_low({c.bid: c.amount for c in bids if c.amount}, project.ceiling or project.budget, *shares)
