"""The secrecy of names ends: pids of the seated may be opened, nobody else's ever. Irreversible."""
from pydantic import Field
from sqlalchemy import select

from experts.desk import hold_draw, law_on, move
from experts.records import Draw, Seat
from kernel.command import Cmd, Work, command


class Release(Cmd):
    draw: str = Field(max_length=32)


@command("experts.release", opens="announced")
def release(work: Work, cmd: Release) -> Draw:
    """Works: from the award, procurement: from the result notice; a tender that stopped before keeps its names.

    The entry holds pids; whom they stand for is read from the draw by those who may know it by then.
    """
    draw, project = hold_draw(work, cmd.draw)
    clause = law_on(project, work.moment, f"committee.secret_until.{project.field}")
    move(work, draw, project, secret_until=clause.value, secret_under=clause.under)
    seats = list(work.session.scalars(select(Seat).where(Seat.draw == draw.id, Seat.kind == "expert", Seat.out.is_(None))))
    for seat in seats:
        seat.released = work.moment
    draw.released_at = work.moment
    draw.release_entry = work.enter(project.id, draw=draw.id, opened=sorted(seat.pid for seat in seats)).key
    return draw
