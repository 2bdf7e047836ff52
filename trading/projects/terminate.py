"""The buyer ends a published tender on a listed cause; a second person of the buyer must say the same."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.machine import Facts
from kernel.seconds import seconded
from trading.desk import enter_stage, hold
from trading.procedures import procedure
from trading.projects.clauses import clause, deciding_day
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations


class Terminate(Cmd):
    """cause: code of law/grounds.py (termination)."""

    project: str = Field(max_length=32)
    cause: str = Field(pattern=r"^[a-z_]{3,32}$")


@command("trading.projects.terminate", signed=True)
def terminate(work: Work, cmd: Terminate) -> Project:
    """Guards: termination_cause_lawful, second_person_confirms. The first voice is an entry with step 1 and moves nothing."""
    project = hold(work, cmd.project)
    causes = clause(f"grounds.termination.{project.field}", deciding_day(project, work.moment))
    step = work.step(procedure(project.procedure), project.stage, relations(work.session, work.actor, project, work.moment),
                     Facts(now=work.moment, stage=stage_at(project, work.moment), cause=cmd.cause, clauses={"termination": causes}))
    if seconded(work, project.id, cmd) is None:
        work.enter(project.id, step=1, cause=cmd.cause)
        return project
    enter_stage(project, step.stage, work.moment)
    project.stop_cause, project.suspended = cmd.cause, ""
    work.enter(project.id, cause=cmd.cause, stopped_at=project.stopped_at)
    return project
