"""Every seat is taken: the committee stands, and its letters are drawn. Letters follow neither calling nor arrival."""
from pydantic import Field

from experts import shape
from experts.desk import contributions_of, hold_draw, live_seats, move, rules_of, walk_of
from experts.records import Draw, Seat
from kernel import draw as tdraw
from kernel.command import Cmd, Work, command

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Fill(Cmd):
    draw: str = Field(max_length=32)


@command("experts.fill", opens="announced")
def fill(work: Work, cmd: Fill) -> Draw:
    """Waits for the buyer's representatives as well: the committee is judged as it will sit."""
    draw, project = hold_draw(work, cmd.draw)
    seats = live_seats(work.session, project.id)
    experts = sum(seat.kind == "expert" for seat in seats)
    members = len(seats) if len(seats) == draw.members else 0
    move(work, draw, project, walk=walk_of(work.session, draw), members=members, experts=min(experts, members), **shape.size(project, work.moment))
    free = [letter for letter in LETTERS if letter not in {seat.letter for seat in seats}]
    new = letters_drawn(draw, contributed(work, draw), [seat for seat in seats if not seat.letter])
    for seat, letter in zip(new, free, strict=False):
        seat.letter = letter
    draw.filled_at = work.moment
    work.enter(project.id, draw=draw.id, seats=[[seat.letter, seat.pid] for seat in sorted(seats, key=lambda s: s.letter)])
    return draw


def contributed(work: Work, draw: Draw) -> dict[str, bytes]:
    return {party: bytes.fromhex(one.value) for party, one in contributions_of(work.session, draw).items()}


def letters_drawn(draw: Draw, shown: dict[str, bytes], seats: list[Seat]) -> list[Seat]:
    """The order in which members without a letter take the free ones: a draw of its own over their pids."""
    pool = [tdraw.Entry(seat.pid, ("seat",), seat.pid[:16]) for seat in seats]
    seed = tdraw.seed(f"{draw.id}/seats", tdraw.pool_root(pool), tdraw.rules_hash(rules_of(draw)), shown)
    by_pid = {seat.pid: seat for seat in seats}
    return [by_pid[entry.pid] for entry in tdraw.order(seed, pool)]
