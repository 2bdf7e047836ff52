"""A seat that was lost is filled again: by the next in the same order, never by a new draw. What the former member said is void."""
from pydantic import Field
from sqlalchemy import select

from experts.desk import hold_draw, move
from experts.records import Draw, Seat
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.relations import relations


class Substitute(Cmd):
    draw: str = Field(max_length=32)
    pid: str = Field(pattern=r"^[0-9a-f]{64}$")


@command("experts.substitute", opens="announced", signed=True)
def substitute(work: Work, cmd: Substitute) -> Draw:
    draw, project = hold_draw(work, cmd.draw)
    held = relations(work.session, work.actor, project, work.moment)
    if project.agent:
        held.discard("buyer")
    seat = work.session.scalar(select(Seat).where(Seat.draw == draw.id, Seat.pid == cmd.pid, Seat.kind == "expert"))
    if seat is None:
        raise NotYours
    move(work, draw, project, held, cause=seat.out_code or "recusal", out=seat.out)
    work.enter(project.id, draw=draw.id, pid=cmd.pid, cause=seat.out_code)
    return draw
