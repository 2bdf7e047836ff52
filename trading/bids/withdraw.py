"""A bidder takes its bid back before the deadline, also while the tender is suspended. It is never decrypted."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.bids.records import Bid, Envelope
from trading.desk import hold, move


class Withdraw(Cmd):
    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)


@command("trading.bids.withdraw", opens="never", signed=True)
def withdraw(work: Work, cmd: Withdraw) -> Bid:
    project = hold(work, cmd.project)
    bid = own_bid(work, cmd.project, cmd.bid)
    move(
        work, project, while_suspended=True, stage_moved_by_clock=True, written=project.stage, moment=work.moment, live=bid.state == "live",
    )
    bid.state = "withdrawn"
    work.enter(project.id, parts=digests(work, bid.id), version=bid.version, supplier=bid.supplier)
    return bid


def own_bid(work: Work, project: str, id: str) -> Bid:
    bid = work.session.get(Bid, id)
    if bid is None or bid.project != project or not work.actor.org or bid.org != work.actor.org:
        raise NotYours
    return bid


def digests(work: Work, bid: str) -> dict[str, str]:
    """part → digest of a bid's files."""
    return dict(work.session.execute(select(Envelope.part, Envelope.digest).where(Envelope.bid == bid)).all())
