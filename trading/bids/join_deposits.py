"""After the opening, and never before, payments are tied to bids: until then nobody may know who paid."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from trading.bids.records import Bid, Deposit
from trading.desk import hold, move
from trading.opening.records import Opening


class JoinDeposits(Cmd):
    project: str = Field(max_length=32)


@command("trading.bids.join_deposits", opens="never")
def join_deposits(work: Work, cmd: JoinDeposits) -> int:
    """How many payments of at least the sum, in time, were tied to a bid of the list. Repeating it ties nothing twice."""
    project = hold(work, cmd.project)
    session = work.session
    signed = session.scalar(select(Opening.signed).where(Opening.project == project.id))
    move(work, project, signed=signed)
    listed = set(session.execute(select(Bid.lot, Bid.org).where(Bid.project == project.id, Bid.state.in_(["live", "revoked"]))))
    joined = 0
    for row in session.scalars(select(Deposit).where(Deposit.project == project.id, Deposit.joined.is_(None), Deposit.paid_at.is_not(None))):
        if (row.lot, row.org) in listed and row.amount >= project.deposit and (row.paid_at or 0) < (project.deadline or 0):
            row.joined, joined = work.moment, joined + 1
    work.enter(project.id, joined=joined)
    return joined
