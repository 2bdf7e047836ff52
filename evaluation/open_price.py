"""Two envelopes: the last technical sheet is in, and the prices of the bids that still stand are called for.

The entry names their files; custodians answer for those and for no other, so that a rejected bid keeps its price for good.
"""
from pydantic import Field
from sqlalchemy import select

from evaluation.bids import valid
from evaluation.desk import act, hold, members
from evaluation.records import Session
from evaluation.sheets import current
from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.bids.records import Envelope


class OpenPrice(Cmd):
    project: str = Field(max_length=32)


@command("evaluation.open_price", opens="announced")
def open_price(work: Work, cmd: OpenPrice) -> Session:
    """Guards: two_envelopes_in_document, technical_all_handed_in, one_bid_stands. Stale when they were called for before."""
    project, room = hold(work, cmd.project)
    sheets, bids = [current(work.session, m) for m in members(work.session, room)], valid(work.session, project)
    act(work, project, room, envelopes=project.envelopes, valid=len(bids),
        sheets_out=sum(s is None or s.state != "handed_in" for s in sheets) if sheets else 1)
    if room.price_called is not None:
        raise Stale
    files = sorted(work.session.scalars(select(Envelope.digest).where(Envelope.bid.in_([c.bid for c in bids]), Envelope.part == "price")))
    entry = work.enter(project.id, digests=files, sheets=sorted(s.digest for s in sheets if s is not None))
    room.price_called, room.price_entry, room.price_files = work.moment, entry.key, files
    return room
