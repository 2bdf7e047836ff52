"""Procurement: buyer or agent begins to review the bidders' qualifications (87号令 第四十四条)."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Reason, Refused
from trading.desk import hold, move
from trading.opening.state import opening_of
from trading.procedures import procedure
from trading.projects.records import Project


class Qualify(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.qualify", opens="works.opened procurement.announced")
def qualify(work: Work, cmd: Qualify) -> Project:
    project = hold(work, cmd.project)
    only_where_listed(work, project, "procurement_only")
    opening = opening_of(work.session, project.id)
    move(work, project, signed=opening.signed if opening else None)
    work.enter(project.id)
    return project


def only_where_listed(work: Work, project: Project, rule: str) -> None:
    """Refused(rule) for a procedure whose table has no such act."""
    if work.tag not in procedure(project.procedure).index:
        raise Refused(Reason(rule))
