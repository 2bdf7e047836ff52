"""The rehearsal's clock jumps forward. Only a rehearsal has this act, and only its driver takes it."""
from pydantic import Field
from sqlalchemy import select

from kernel.clock import SteppedClock
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.ledger.entries import Entry


class Step(Cmd):
    """forward: milliseconds, above zero."""

    forward: int = Field(gt=0, lt=1 << 42)


@command("kernel.rehearsal.step")
def step(work: Work, cmd: Step) -> Entry:
    """Guards: not_production; all_idle is the driver's to see to (it settles the centre first)."""
    if not work.centre.rehearsal:
        raise Refused(Reason("not_production"))
    if work.actor.kind != "system":
        raise NotYours
    row = work.session.scalar(select(SteppedClock).with_for_update())
    if row is None:
        row = work.keep(SteppedClock(number=1, offset_ms=0))
    row.offset_ms += cmd.forward
    return work.enter("clock", forward=cmd.forward)
