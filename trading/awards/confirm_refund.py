"""The bank's program reports a refund as paid."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity.reads import roles
from trading.awards.records import Refund
from trading.awards.refunds import hold_refund, step


class ConfirmRefund(Cmd):
    """amount: fen paid, interest included."""

    order: str = Field(min_length=1, max_length=32)
    account: str = Field(max_length=200)
    amount: int = Field(ge=0, lt=1 << 53)


@command("trading.awards.confirm_refund", opens="never")
def confirm_refund(work: Work, cmd: ConfirmRefund) -> Refund:
    """Guard: order_known: number, account and sum are those of the order."""
    if "bank" not in roles(work.session, work.actor, work.moment):
        raise NotYours
    id = work.session.scalar(select(Refund.id).where(Refund.order == cmd.order))
    if id is None:
        raise Refused(Reason("order_known"))
    refund, _, project = hold_refund(work, id)
    matches = (refund.account, refund.amount + refund.interest) == (cmd.account, cmd.amount)
    step(work, project, refund, order_matches=matches)
    refund.paid_at = work.moment
    work.enter(project.id, refund=refund.id)
    return refund
