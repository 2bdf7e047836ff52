"""A seat falls empty for a lawful cause other than recusal: absence, health, conduct that voids the opinion."""
from pydantic import Field
from sqlalchemy import select

from experts.desk import hold_draw, move, note_outcome
from experts.records import Seat
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class Vacate(Cmd):
    draw: str = Field(max_length=32)
    pid: str = Field(pattern=r"^[0-9a-f]{64}$")
    cause: str = Field(max_length=12)


@command("experts.vacate", opens="announced", timed=False)
def vacate(work: Work, cmd: Vacate) -> Seat:
    """Called by the evaluation's own acts, which establish the fact. While calling, the next follows by itself; once the
    committee was filled, the agent asks for the substitute. After a representative the buyer names another."""
    draw, project = hold_draw(work, cmd.draw)
    seat = work.session.scalar(select(Seat).where(Seat.draw == draw.id, Seat.pid == cmd.pid, Seat.out.is_(None)))
    if seat is None:
        raise NotYours
    move(work, draw, project, cause=cmd.cause)
    seat.out, seat.out_code = work.moment, cmd.cause
    outcome = note_outcome(work, draw, cmd.pid, "out", cmd.cause) if seat.kind == "expert" else None
    entry = work.enter(project.id, draw=draw.id, pid=cmd.pid, outcome="out", code=cmd.cause)
    if outcome is not None:
        outcome.entry = entry.key
    return seat
