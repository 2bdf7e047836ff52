"""Somebody called or seated turns out to have a relation to the tender: the call ends, or the seat is lost."""
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from experts.desk import hold_draw, move, note_outcome
from experts.library import codes
from experts.records import Call, Expert, Outcome, Seat
from experts.rules.exclusions import RELATION
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class FindConflict(Cmd):
    """declared: the member said so at the desk, which needs no other proof."""

    draw: str = Field(max_length=32)
    pid: str = Field(pattern=r"^[0-9a-f]{64}$")
    declared: Literal[0, 1] = 0


@command("experts.find_conflict", opens="announced", timed=False)
def find_conflict(work: Work, cmd: FindConflict) -> Outcome:
    """The entry names a code, never the relation. NotYours for a pid that is neither called nor seated."""
    draw, project = hold_draw(work, cmd.draw)
    waiting = work.session.scalar(select(Call).where(Call.draw == draw.id, Call.pid == cmd.pid, Call.outcome == ""))
    seat = work.session.scalar(select(Seat).where(Seat.draw == draw.id, Seat.pid == cmd.pid, Seat.out.is_(None), Seat.kind == "expert"))
    if waiting is None and seat is None:
        raise NotYours
    expert = work.session.get_one(Expert, waiting.expert if waiting else seat.expert if seat else "")
    found = codes(work.session, project, [expert], work.moment, seated_count=False).get(expert.id, "")
    move(work, draw, project, code=found or (RELATION if cmd.declared else ""))
    code = found or RELATION
    if waiting is not None:
        waiting.outcome = "conflict"
    elif seat is not None:
        seat.out, seat.out_code = work.moment, "recusal"
    outcome = note_outcome(work, draw, cmd.pid, "conflict" if waiting else "out", code)
    outcome.entry = work.enter(project.id, draw=draw.id, pid=cmd.pid, outcome=outcome.reply, code=code).key
    return outcome
