"""The buyer stayed silent: the first candidate is deemed the winner (87号令 第六十八条). Taken by timer."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Stale
from trading.awards.fix_winner import keep_awards
from trading.awards.records import Award
from trading.awards.steps import candidates_by_lot, clause_of, first_of, held_since, skipped
from trading.desk import hold, move
from trading.incidents.state import outages_since


class DeemWinner(Cmd):
    project: str = Field(max_length=32)


@command("trading.awards.deem_winner", opens="announced")
def deem_winner(work: Work, cmd: DeemWinner) -> tuple[Award, ...]:
    """Guards: confirmation_time_over, no_open_objection. Stale where nobody is recommended."""
    project = hold(work, cmd.project)
    held = held_since(work.session, project.id, project.received_at, work.moment)
    move(work, project, held=held, outages=outages_since(work.session, project, project.received_at or 0, work.moment), clause=clause_of(project, "confirm_working_days"), calendar=calendar(work.session))
    gone = skipped(work.session, project.id)
    firsts = [found for row in candidates_by_lot(work.session, project.id).values() if (found := first_of(row, gone))]
    if not firsts:
        raise Stale
    awards = keep_awards(work, project, firsts, deemed=1)
    work.enter(project.id, ranks=sorted([a.lot, a.rank] for a in awards), deemed=1)
    return awards
