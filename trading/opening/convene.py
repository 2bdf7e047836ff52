"""Works: the record is signed and the committee is convened; qualifications are the committee's to judge (招标投标法 第三十七条)."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.opening.qualify import only_where_listed
from trading.opening.state import opening_of
from trading.projects.records import Project


class Convene(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.convene", opens="works.opened procurement.announced")
def convene(work: Work, cmd: Convene) -> Project:
    project = hold(work, cmd.project)
    only_where_listed(work, project, "works_only")
    opening = opening_of(work.session, project.id)
    move(work, project, signed=opening.signed if opening else None)
    work.enter(project.id)
    return project
