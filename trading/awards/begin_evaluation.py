"""The committee has gathered: the tender enters the evaluation. Taken by reaction to the session's own opening."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.asks import session_gathered
from trading.desk import hold, move
from trading.projects.records import Project


class BeginEvaluation(Cmd):
    project: str = Field(max_length=32)


@command("trading.awards.begin_evaluation")
def begin_evaluation(work: Work, cmd: BeginEvaluation) -> Project:
    project = hold(work, cmd.project)
    move(work, project, gathered=session_gathered(work.session, project.id))
    work.enter(project.id)
    return project
