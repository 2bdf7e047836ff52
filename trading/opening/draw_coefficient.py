"""The coefficient follows from the contributions: computed, never picked, and once."""
from pydantic import Field

from kernel import draw
from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.opening.commit_coefficient import coefficient_of
from trading.opening.records import Coefficient
from trading.opening.state import choices, opening_of


class DrawCoefficient(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.draw_coefficient", opens="works.opened", signed=True)
def draw_coefficient(work: Work, cmd: DrawCoefficient) -> Coefficient:
    """draw id = project id; pool and rules as kernel.draw makes them of the document's choices and the parties."""
    project = hold(work, cmd.project)
    row, opening = coefficient_of(work, project.id), opening_of(work.session, project.id)
    commits, reveals = (row.commits, row.reveals) if row else ({}, {})
    move(
        work, project, choices=choices(work.session, project.id), read_out=opening.read_out if opening else None,
        drawn=row.value if row else "", commits=commits, reveals=reveals,
    )
    assert row is not None
    rules = draw.coefficient_rules(project.id, sorted(commits))
    pool = draw.coefficient_pool(row.choices)
    contributions = {party: bytes.fromhex(shown) for party, shown in reveals.items()}
    seed = draw.seed(project.id, draw.pool_root(pool), draw.rules_hash(rules), contributions)
    row.seed, row.value = seed.hex(), draw.coefficient_drawn(seed, row.choices)
    work.enter(project.id, seed=row.seed, value=row.value)
    return row
