"""A desk that was called says what it will do, and by when."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import move
from trading.green.desk import hold_desk
from trading.green.records import Support


class Promise(Cmd):
    """until: ms."""

    project: str = Field(max_length=32)
    desk: str = Field(pattern=r"^[a-z]{4,12}$")
    promise: str = Field(min_length=2, max_length=300)
    until: int


@command("trading.green.promise", opens="never")
def promise(work: Work, cmd: Promise) -> Support:
    """Guards: desk_owes_promise, promise_lies_ahead. Promised once: what is late is late."""
    project, row, roles = hold_desk(work, cmd.project, cmd.desk)
    move(work, project, roles=roles, state=row.state, until=cmd.until)
    row.state, row.promise, row.until, row.by = "promised", cmd.promise.strip(), cmd.until, work.actor.id
    work.enter(project.id, desk=row.desk, until=row.until)
    return row
