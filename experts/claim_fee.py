"""What a member is owed, from the hours of the doors. The order to pay waits until the names are no secret any more."""
from pydantic import Field
from sqlalchemy import select

from experts.asks import door_minutes, fee_forfeited
from experts.desk import hold_draw, move
from experts.records import Fee, Seat
from experts.rules.fees import amount
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale


class ClaimFee(Cmd):
    seat: str = Field(max_length=32)


@command("experts.claim_fee", opens="never")
def claim_fee(work: Work, cmd: ClaimFee) -> Fee:
    """The amount stands in the row, whose salted commitment is all the entry shows of it."""
    seat = work.session.get(Seat, cmd.seat)
    if seat is None or seat.kind != "expert" or seat.out is not None:
        raise NotYours
    draw, project = hold_draw(work, seat.draw)
    minutes = door_minutes(work.session, project.id, seat.person)
    move(work, draw, project, minutes=minutes, forfeited=fee_forfeited(work.session, project.id, seat.person))
    if minutes is None or work.session.scalar(select(Fee.id).where(Fee.seat == seat.id)):
        raise Stale
    row: Fee = work.keep(Fee(seat=seat.id, minutes=minutes, amount=amount(minutes), at=work.moment))
    work.enter(project.id, draw=draw.id, seat=seat.pid)
    return row
