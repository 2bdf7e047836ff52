"""A tender is halted: by its agent, by an order of the regulator, or by the machine when an objection demands it."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.clauses import clause, deciding_day
from trading.projects.records import Suspension
from trading.relations import relations

SIDES = ("regulator", "agent", "system")


class Suspend(Cmd):
    """cause: code of law/grounds.py (suspension). order_number: of the regulator's decision. until: its end in ms, if it names one."""

    project: str = Field(max_length=32)
    cause: str = Field(pattern=r"^[a-z_]{3,32}$")
    order_number: str = Field(default="", max_length=80)
    until: int | None = Field(default=None, ge=0)


@command("trading.projects.suspend", signed=True)
def suspend(work: Work, cmd: Suspend) -> Suspension:
    """Guards: not_suspended, cause_listed, order_cited_if_regulator. Effects: clocks of the tender stop until it is resumed."""
    project = hold(work, cmd.project)
    held = relations(work.session, work.actor, project, work.moment)
    causes = clause("grounds.suspension", deciding_day(project, work.moment))
    move(work, project, roles=held, acting=next((side for side in SIDES if side in held), ""), cause=cmd.cause, causes=causes.value,
         listed_under=causes.under, order_number=cmd.order_number)
    row: Suspension = work.keep(Suspension(project=project.id, cause=cmd.cause, side=work.role, order_number=cmd.order_number,
                                           since=work.moment, until=cmd.until))
    project.suspended = cmd.cause
    work.enter(project.id, cause=cmd.cause, until=cmd.until)
    return row
