"""A file of the green channel is accepted though a paper is missing, which follows by a date (容缺受理)."""
from datetime import date

from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from law.periods import end_of
from trading.desk import hold, move
from trading.projects.clauses import clause
from trading.projects.looking import turn_of
from trading.projects.owed import owed_of
from trading.projects.records import OwedPaper


class AcceptOwing(Cmd):
    """item: of rules.owing.MAY_FOLLOW · title: which paper is owed · until: the last day on which it may come."""

    project: str = Field(max_length=32)
    item: str = Field(pattern=r"^[a-z_]{2,32}$")
    title: str = Field(min_length=2, max_length=120)
    until: date


@command("trading.projects.accept_owing", opens="never", signed=True)
def accept_owing(work: Work, cmd: AcceptOwing) -> OwedPaper:
    """Guards: green_channel, drawn_for_file, papers_may_follow, follows_soon. The first reviewer may then answer the item with no and agree."""
    project = hold(work, cmd.project)
    turn, on, until = turn_of(work, project), work.centre.today(work.moment), end_of(cmd.until)
    move(work, project, slot=turn.slot, turn=turn.turn, item=cmd.item, known={one.item for one in owed_of(work.session, project)},
         until=until, today=on, clause=clause("green.papers_working_days", on), calendar=calendar(work.session))
    paper: OwedPaper = work.keep(OwedPaper(project=project.id, round=project.round, item=cmd.item, title=cmd.title.strip(), until=until, at=work.moment))
    work.enter(project.id, paper=paper.id, until=until)
    return paper
