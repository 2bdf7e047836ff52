"""The bank's program reports a payment to a sub-account. Whose it is stays sealed until the opening."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Reason, Refused, Stale
from trading.bids.records import Deposit
from trading.desk import hold, move


class ReportDeposit(Cmd):
    """amount: smallest unit · paid_at: ms · source: the account it came from, to which alone it goes back."""

    account: str = Field(pattern=r"^\d{10,32}$")
    amount: int = Field(gt=0, le=10**16)
    paid_at: int = Field(ge=0)
    source: str = Field(min_length=4, max_length=200)


@command("trading.bids.report_deposit", opens="never")
def report_deposit(work: Work, cmd: ReportDeposit) -> Deposit:
    """Reported once; the same report again is Stale, a second payment to one account is the bank's to return."""
    row = work.session.scalar(select(Deposit).where(Deposit.account == cmd.account).with_for_update())
    if row is None:
        raise Refused(Reason("account_known_to_bank"))
    project = hold(work, row.project)
    move(work, project, while_suspended=True, known=True)
    if row.paid_at is not None:
        raise Stale
    row.amount, row.paid_at, row.source = cmd.amount, cmd.paid_at, cmd.source
    work.enter(project.id)
    return row
