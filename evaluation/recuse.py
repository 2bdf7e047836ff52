"""A member steps down. What he did is void; where the committee loses its shape a reaction halts it (87号令 第四十九条)."""
from typing import Literal

from pydantic import Field

from evaluation.desk import act, hold, own, signatures
from evaluation.records import Member
from kernel.command import Cmd, Work, command


class Recuse(Cmd):
    """cause: a code of law.grounds, grounds.replacement."""

    project: str = Field(max_length=32)
    cause: Literal["recusal", "absence", "health"] = "recusal"


@command("evaluation.recuse", opens="announced", signed=True)
def recuse(work: Work, cmd: Recuse) -> Member:
    """Guard: report_not_signed. Allowed while halted. A chair who leaves leaves the chair empty."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    act(work, project, room, while_halted=True, signatures=signatures(work.session, room))
    member.recused, member.cause = work.moment, cmd.cause
    if room.chair == member.id:
        room.chair = ""
    work.enter(project.id, seat=member.seat, code=cmd.cause)
    return member
