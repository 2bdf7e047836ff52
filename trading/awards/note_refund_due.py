"""A deposit must go back: the cause is there and the time runs. Taken by reactions and timers."""
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from trading.awards.records import Refund
from trading.awards.refunds import begins, due_at, step
from trading.bids.records import Deposit
from trading.desk import hold

Cause = Literal["withdrawal", "no_bid", "loser", "contract", "stopped"]


class NoteRefundDue(Cmd):
    deposit: str = Field(max_length=32)
    cause: Cause


@command("trading.awards.note_refund_due", opens="never")
def note_refund_due(work: Work, cmd: NoteRefundDue) -> Refund:
    """Guard: refund_cause_reached. Stale where the refund is noted; only a withdrawal's takes a later cause."""
    deposit = work.session.get(Deposit, cmd.deposit)
    if deposit is None:
        raise NotYours
    project = hold(work, deposit.project)
    refund = work.session.scalar(select(Refund).where(Refund.deposit == deposit.id).with_for_update())
    if refund is not None and (refund.cause != "withdrawal" or refund.stage != "due" or cmd.cause == "withdrawal"):
        raise Stale
    if refund is None:
        refund = Refund(project=project.id, deposit=deposit.id, cause=cmd.cause, amount=deposit.amount, stage="noted", due_at=0, noted_at=work.moment)
    start = begins(work.session, project, deposit, cmd.cause, work.moment)
    step(work, project, refund, reached=start is not None)
    assert start is not None
    refund.cause, refund.due_at = cmd.cause, due_at(work.session, project, cmd.cause, start)
    kept: Refund = work.keep(refund)
    work.enter(project.id, refund=kept.id, cause=cmd.cause)
    return kept
