"""A bidder revokes after the deadline. The list stays as it was closed; the deposit may be kept (实施条例 第三十五条)."""
from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.bids.records import Bid
from trading.bids.withdraw import digests, own_bid
from trading.desk import hold, move


class Revoke(Cmd):
    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    cause: str = Field(min_length=2, max_length=500)


@command("trading.bids.revoke", opens="works.opened procurement.announced", signed=True)
def revoke(work: Work, cmd: Revoke) -> Bid:
    project = hold(work, cmd.project)
    bid = own_bid(work, cmd.project, cmd.bid)
    move(work, project, stage_moved_by_clock=True)
    if bid.state != "live":
        raise Stale
    bid.state = "revoked"
    work.enter(project.id, parts=digests(work, bid.id), version=bid.version, cause=salted(bid.row_salt, cmd.cause))
    return bid
