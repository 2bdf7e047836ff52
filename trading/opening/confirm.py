"""A bidder confirms what was read out of its own bid. Silence counts as consent once the window is over."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.opening.records import Attendance
from trading.opening.state import awaited, opening_of


class Confirm(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.confirm", opens="works.opened procurement.announced", signed=True)
def confirm(work: Work, cmd: Confirm) -> Attendance:
    """Guards: read_out_done, own_bid_live, record_not_signed. Whoever did not sign in is signed in by confirming. Of two envelopes the
    prices are confirmed by themselves once they are read out, by those whose price was."""
    project, session = hold(work, cmd.project), work.session
    opening = opening_of(session, project.id)
    second = opening is not None and opening.signed is not None
    read, signed = (opening.prices_read, opening.prices_signed) if opening and second else (opening.read_out if opening else None, None)
    own = session.scalar(select(Bid.id).where(Bid.id.in_(awaited(session, project)), Bid.org == work.actor.org).limit(1)) if second else "any"
    move(work, project, read_out=read, live=own, signed=signed)
    row = session.scalar(select(Attendance).where(Attendance.project == project.id, Attendance.person == work.actor.id))
    if row is None:
        row = work.keep(Attendance(project=project.id, org=work.actor.org or "", person=work.actor.id, at=work.moment))
    if (row.prices_confirmed if second else row.confirmed) is not None:
        raise Stale
    if second:
        row.prices_confirmed = work.moment
    else:
        row.confirmed = work.moment
    work.enter(project.id, envelope=2 if second else None)
    return row
