"""A room goes out of use for a time. Held sessions inside have to move first."""
from pydantic import Field, model_validator

from kernel.command import Cmd, Work, command
from kernel.identity.reads import roles
from kernel.machine import Facts
from kernel.values import iso
from rooms.book import LAST
from rooms.desk import hold_rooms
from rooms.procedure import PLACES
from rooms.records import STANDING, Blocking
from rooms.taken import sessions_of


class Block(Cmd):
    room: str = Field(max_length=32)
    start: int = Field(ge=0, lt=LAST)
    end: int = Field(ge=0, lt=LAST)
    reason: str = Field(max_length=200)

    @model_validator(mode="after")
    def forward(self) -> "Block":
        if self.end <= self.start:
            raise ValueError("a blocking ends after its start")
        return self


@command("rooms.block", opens="now")
def block(work: Work, cmd: Block) -> Blocking:
    """Guards: no_held_session_inside (named by their codes), reason_given."""
    (room,) = hold_rooms(work, cmd.room)
    standing = [b for b in sessions_of(work.session, [room.id], cmd.start, cmd.end) if b.stage in STANDING]
    inside = [b.code for b in standing if b.from_ms < cmd.end and cmd.start < b.to_ms]
    work.step(PLACES, room.status, roles(work.session, work.actor, work.moment), Facts(now=work.moment, inside=inside, reason=cmd.reason))
    row: Blocking = work.keep(Blocking(room=room.id, from_ms=cmd.start, to_ms=cmd.end, reason=cmd.reason.strip(), at=work.moment))
    work.enter("rooms", room=f"{room.kind}-{room.number}", span=[iso(cmd.start), iso(cmd.end)])
    return row
