"""The scoring scheme: what is not in it may not be used later."""
from typing import Any

from pydantic import Field, field_validator
from sqlalchemy import select

from kernel.canonical import canon, plain
from kernel.command import Cmd, Work, command
from trading.asks import check_scheme
from trading.desk import hold, move
from trading.projects.clauses import deciding_day
from trading.projects.records import Scoring

LIMIT = 200_000  # bytes; a scheme of 300 items with levels stays far below


class SetScoring(Cmd):
    """scheme: as evaluation reads it; decimals are texts. conditions: titles of the qualification conditions."""

    project: str = Field(max_length=32)
    scheme: dict[str, Any]
    conditions: tuple[str, ...] = Field(default=(), max_length=60)

    @field_validator("scheme")
    @classmethod
    def canonical(cls, value: dict[str, Any]) -> dict[str, Any]:
        if len(canon(plain(value))) > LIMIT:
            raise ValueError("too large")
        return value


@command("trading.projects.set_scoring", opens="inviting")
def set_scoring(work: Work, cmd: SetScoring) -> Scoring:
    """Guards: weights_sum_to_one, price_weight_floor, no_qualification_scored, formula_compiles (dry run over sample
    prices), no_average_benchmark, decimals_stated. Malformed where the scheme cannot be read."""
    project = hold(work, cmd.project)
    checked = check_scheme(cmd.scheme, project.field, project.kind, deciding_day(project, work.moment), cmd.conditions)
    move(work, project, faults=checked.faults)
    row = work.session.scalar(select(Scoring).where(Scoring.project == project.id))
    if row is None:
        row = work.keep(Scoring(project=project.id, scheme=checked.scheme, digest=checked.digest))
    row.scheme, row.digest = checked.scheme, checked.digest
    work.enter(project.id, scheme=checked.digest)
    return row
