"""A bidder objects to the opening on the spot (实施条例 第四十四条); the host answers before the record is signed."""
from pydantic import Field
from sqlalchemy import select

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.opening.records import OpeningObjection
from trading.opening.state import opening_of


class Object(Cmd):
    project: str = Field(max_length=32)
    text: str = Field(min_length=2, max_length=2000)


@command("trading.opening.object", opens="works.opened", signed=True)
def object(work: Work, cmd: Object) -> OpeningObjection:
    project = hold(work, cmd.project)
    opening = opening_of(work.session, project.id)
    live = work.session.scalar(select(Bid.id).where(Bid.project == project.id, Bid.org == work.actor.org, Bid.state == "live"))
    signed = opening and (opening.signed if opening.prices_read is None else opening.prices_signed)
    move(work, project, live=live, signed=signed)
    row: OpeningObjection = work.keep(OpeningObjection(project=project.id, org=work.actor.org, text=cmd.text, at=work.moment))
    work.session.flush()
    work.enter(project.id, objection=salted(row.row_salt, cmd.text))
    return row
