"""A desk reports that what it promised is done."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import move
from trading.green.desk import hold_desk
from trading.green.records import Support


class KeepPromise(Cmd):
    project: str = Field(max_length=32)
    desk: str = Field(pattern=r"^[a-z]{4,12}$")


@command("trading.green.keep_promise", opens="never")
def keep_promise(work: Work, cmd: KeepPromise) -> Support:
    """Guard: desk_has_promised. Late is better than never: the alarm has rung by then."""
    project, row, roles = hold_desk(work, cmd.project, cmd.desk)
    move(work, project, roles=roles, state=row.state)
    row.state, row.kept, row.by = "kept", work.moment, work.actor.id
    work.enter(project.id, desk=row.desk)
    return row
