"""How suppliers are called, and how their bids will be compared."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.clauses import clause, deciding_day
from trading.projects.records import Project


class ChooseMethod(Cmd):
    """approval: number of the approval where the method is not open."""

    project: str = Field(max_length=32)
    method: str = Field(max_length=16)
    evaluation: str = Field(pattern=r"^(comprehensive|lowest_price|benchmark)$")
    approval: str = Field(default="", max_length=120)


@command("trading.projects.choose_method", opens="inviting")
def choose_method(work: Work, cmd: ChooseMethod) -> Project:
    """Guards: method_known, method_allowed, approval_if_not_open."""
    project = hold(work, cmd.project)
    methods = clause(f"scoring.methods.{project.field}", deciding_day(project, work.moment))
    move(work, project, wanted_method=cmd.method, wanted_evaluation=cmd.evaluation, approval=cmd.approval, clauses={"methods": methods})
    project.method, project.evaluation = cmd.method, cmd.evaluation
    if cmd.approval.strip():
        project.details = project.details | {"approval": cmd.approval.strip()}
    work.enter(project.id, method=cmd.method, evaluation=cmd.evaluation, warn=[w.rule for w in work.warnings] or None)
    return project
