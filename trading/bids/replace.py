"""A new version in place of the live bid. The old one stays sealed for ever; its version and digests stand in the ledger."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Work, command
from kernel.errors import Malformed
from trading.bids.records import Bid, Envelope
from trading.bids.submit import Submit, facts_of, keep_bid, live_bid, receive
from trading.desk import hold, move


class Replace(Submit):
    """prev: the bid to replace; version: its version + 1."""

    prev: str = Field(max_length=32)
    version: int = Field(ge=2, le=9999)


@command("trading.bids.replace", opens="works.opened procurement.announced", signed=True, timed=False)
def replace(work: Work, cmd: Replace) -> Bid:
    project = hold(work, cmd.project)
    received = receive(work, cmd)
    live = live_bid(work, cmd.lot)
    is_live = live is not None and live.id == cmd.prev
    if live is not None and is_live and cmd.version != live.version + 1:
        raise Malformed("version")
    previous = dict(work.session.execute(select(Envelope.part, Envelope.digest).where(Envelope.bid == cmd.prev)).all()) if is_live else {}
    move(work, project, live=is_live, **facts_of(work, project, cmd, received, previous))
    assert live is not None
    live.state = "replaced"
    work.session.flush()  # before the new row: only one bid of a lot and supplier is live
    return keep_bid(work, project, cmd, received, live.id, previous)
