"""A cashier (or the machine, when the time is near) prepares the refund: back to the account the money came from."""
from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from trading.awards.records import Refund
from trading.awards.refunds import begins, hold_refund, step


class PrepareRefund(Cmd):
    """account: where the money shall go · interest: fen on top of the deposit (实施条例 第五十七条)."""

    refund: str = Field(max_length=32)
    account: str = Field(min_length=1, max_length=200)
    interest: int = Field(default=0, ge=0, lt=1 << 53)


@command("trading.awards.prepare_refund", opens="never")
def prepare_refund(work: Work, cmd: PrepareRefund) -> Refund:
    """Guards: refund_cause_reached, source_account_only."""
    refund, deposit, project = hold_refund(work, cmd.refund)
    reached = begins(work.session, project, deposit, refund.cause, work.moment) is not None
    step(work, project, refund, reached=reached, account=cmd.account, source=deposit.source)
    refund.account, refund.interest, refund.prepared_by = deposit.source, cmd.interest, work.actor.id
    work.enter(project.id, refund=refund.id, amount=salted(refund.row_salt, [refund.amount, refund.interest]))
    return refund
