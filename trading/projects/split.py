"""A tender is split into lots; the parts make up the whole."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Text
from kernel.values import yuan
from trading.desk import hold, move
from trading.projects.clauses import deciding_day, threshold_clause
from trading.projects.records import Lot


class Part(Cmd):
    title: str = Field(min_length=1, max_length=200)
    budget: int = Field(ge=0, le=10**16)


class Split(Cmd):
    """reason: why parts of a whole above the threshold are tendered otherwise than openly."""

    project: str = Field(max_length=32)
    lots: tuple[Part, ...] = Field(min_length=1, max_length=50)
    reason: str = Field(default="", max_length=500)


@command("trading.projects.split", opens="inviting")
def split(work: Work, cmd: Split) -> list[Lot]:
    """Guard: lots_not_to_evade. Effects: the lots are replaced. Malformed where the parts do not add up."""
    project = hold(work, cmd.project)
    if sum(lot.budget for lot in cmd.lots) != project.budget:
        raise Malformed("lots", Text(f"各标段之和应为 {yuan(project.budget)}", f"The lots must add up to {yuan(project.budget)}"))
    move(work, project, lot_budgets=[lot.budget for lot in cmd.lots], split_reason=cmd.reason.strip(),
         clauses={"threshold": threshold_clause(project, deciding_day(project, work.moment))})
    for lot in work.session.scalars(select(Lot).where(Lot.project == project.id)):
        work.session.delete(lot)  # row by row, so that the entry says that each is gone
    work.session.flush()
    rows = [work.keep(Lot(project=project.id, number=n, title=lot.title, budget=lot.budget)) for n, lot in enumerate(cmd.lots, 1)]
    work.enter(project.id, lots=len(rows), warn=[w.rule for w in work.warnings] or None)
    return rows
