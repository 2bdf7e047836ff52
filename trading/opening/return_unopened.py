"""Fewer than three bid: nothing is opened, no custodian answers, and the tender has failed (实施条例 第四十四条)."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Reason, Refused
from trading.desk import hold, move
from trading.opening.state import counts, minimum
from trading.procedures import procedure
from trading.projects.records import Project


class ReturnUnopened(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.return_unopened", opens="now", signed=True)
def return_unopened(work: Work, cmd: ReturnUnopened) -> Project:
    """The entry says "fewer than three" and never how many."""
    project = hold(work, cmd.project)
    if work.tag not in procedure(project.procedure).index:
        raise Refused(Reason("fewer_than_three"))  # a rule set without a least number
    move(work, project, stage_moved_by_clock=True, counts=counts(work.session, project.id), minimum=minimum(project, work.moment))
    project.stop_cause = "fewer_than_three_bidders"
    work.enter(project.id, cause="fewer_than_three_bidders")
    return project
