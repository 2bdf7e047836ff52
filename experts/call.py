"""The next in the fixed order is called; the window of the answer begins."""
from pydantic import Field
from sqlalchemy import func, select

from experts.calling import token, token_hash
from experts.desk import hold_draw, law_on, move, walk_of
from experts.library import behind
from experts.records import Call as Row
from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from kernel.values import MINUTE, new_id


class Call(Cmd):
    draw: str = Field(max_length=32)
    pid: str = Field(pattern=r"^[0-9a-f]{64}$")


@command("experts.call", opens="announced", timed=False)
def call(work: Work, cmd: Call) -> Row:
    """The row keeps the hash of the link's token only. Who was called is told by reaction, after the commit."""
    draw, project = hold_draw(work, cmd.draw)
    walk = walk_of(work.session, draw)
    waiting = work.session.scalar(select(Row.id).where(Row.draw == draw.id, Row.outcome == ""))
    move(work, draw, project, walk=walk, pid=cmd.pid, open_call=waiting)
    assert walk.next is not None
    expert = behind(work.session, draw, cmd.pid)
    if expert is None:
        raise Stale
    minutes = law_on(project, work.moment, "draw.call_window_minutes").value
    number = (work.session.scalar(select(func.count()).select_from(Row).where(Row.draw == draw.id)) or 0) + 1
    made = new_id()
    row: Row = work.keep(Row(
        id=made, draw=draw.id, n=number, pid=cmd.pid, expert=expert.id, category=walk.next[0], at=work.moment,
        until=work.moment + minutes * MINUTE, token_hash=token_hash(token(work.centre, made)), outcome=""))
    work.enter(project.id, draw=draw.id, pid=cmd.pid, n=number)
    return row
