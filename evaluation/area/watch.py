"""A regulator looks at an evaluation: one entry with file number and reason opens the page for fifteen minutes.

Watching can only watch: no act that scores, votes or signs lists this role.
"""
from pydantic import Field

from evaluation.area.desk import act, tender
from evaluation.area.records import Watch as Watching
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity.reads import roles
from kernel.values import MINUTE
from law.stages import at_or_after, place
from trading.projects.stage import stage_at

MINUTES = 15


class Watch(Cmd):
    project: str = Field(max_length=32)
    file_number: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=300)


@command("evaluation.area.watch", opens="never")
def watch(work: Work, cmd: Watch) -> Watching:
    """Guards: file_number_given, own_field. NotYours before the committee is convened: there is nothing to watch."""
    project = tender(work, cmd.project)
    if not at_or_after(place(stage_at(project, work.moment), project.stopped_at), "convening"):
        raise NotYours
    held = roles(work.session, work.actor, work.moment, project.field)
    act(work, project, at_terminal=False, while_suspended=True, file_number=cmd.file_number, reason=cmd.reason, own_field="regulator" in held)
    row: Watching = work.keep(Watching(
        project=project.id, person=work.actor.id, file_number=cmd.file_number, reason=cmd.reason, since=work.moment, until=work.moment + MINUTES * MINUTE))
    work.session.flush()
    work.enter(project.id, reason=salted(row.row_salt, [cmd.file_number, cmd.reason]), until=row.until)
    return row
