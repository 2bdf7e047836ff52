"""Buyer or agency ask the adviser of their draft."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from law.periods import add_working_days, end_of
from trading.desk import hold, move
from trading.green.records import Advice
from trading.projects.clauses import clause


class AskAdviser(Cmd):
    project: str = Field(max_length=32)
    question: str = Field(min_length=2, max_length=1000)


@command("trading.green.ask_adviser", opens="never")
def ask_adviser(work: Work, cmd: AskAdviser) -> Advice:
    """Guards: green_channel, adviser_named."""
    project, on = hold(work, cmd.project), work.centre.today(work.moment)
    move(work, project)
    due = end_of(add_working_days(on, clause("green.advice_working_days", on).value, calendar(work.session)))
    row: Advice = work.keep(Advice(project=project.id, person=project.adviser, question=cmd.question.strip(), asked=work.moment, due=due))
    work.enter(project.id, question=row.id, due=due)
    return row
