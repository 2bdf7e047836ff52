"""The order is at its end and seats are empty: the agent may ask for a further draw for these."""
from pydantic import Field
from sqlalchemy import select

from experts.desk import hold_draw, move, walk_of
from experts.records import Call, Draw
from kernel.command import Cmd, Work, command


class FallShort(Cmd):
    draw: str = Field(max_length=32)


@command("experts.fall_short", opens="announced")
def fall_short(work: Work, cmd: FallShort) -> Draw:
    draw, project = hold_draw(work, cmd.draw)
    walk = walk_of(work.session, draw)
    waiting = work.session.scalar(select(Call.id).where(Call.draw == draw.id, Call.outcome == ""))
    move(work, draw, project, walk=walk, open_call=waiting)
    work.enter(project.id, draw=draw.id, missing=[list(pair) for pair in walk.short])
    return draw
