"""A recorded disqualification, in a rule set without a committee."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from trading.awards.records import Disqualification
from trading.bids.records import Bid
from trading.desk import hold, move


class Disqualify(Cmd):
    """reason: as the record states it; it stands in the ledger only as a salted row."""

    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    reason: str = Field(max_length=40)


@command("trading.awards.disqualify", opens="works.opened procurement.announced", signed=True)
def disqualify(work: Work, cmd: Disqualify) -> Disqualification:
    """Guard: reason_given. Stale where the bid is disqualified already or not live."""
    project = hold(work, cmd.project)
    bid = work.session.get(Bid, cmd.bid)
    if bid is None or bid.project != project.id:
        raise NotYours
    move(work, project, reason=cmd.reason)
    if bid.state != "live" or work.session.scalar(select(Disqualification.id).where(Disqualification.bid == bid.id)):
        raise Stale
    row: Disqualification = work.keep(Disqualification(project=project.id, bid=bid.id, reason=cmd.reason.strip(), at=work.moment))
    work.enter(project.id, bid=bid.id)
    return row
