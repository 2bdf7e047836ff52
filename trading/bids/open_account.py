"""A supplier gets a random sub-account for its deposit in one lot: the number tells nobody who will pay."""
import secrets

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from trading.bids.records import Deposit
from trading.desk import hold, move
from trading.projects.records import Lot


class OpenAccount(Cmd):
    project: str = Field(max_length=32)
    lot: str = Field(max_length=32)


@command("trading.bids.open_account", opens="never")
def open_account(work: Work, cmd: OpenAccount) -> Deposit:
    """Stale where the organisation has one for this lot."""
    project = hold(work, cmd.project)
    lot = work.session.get(Lot, cmd.lot)
    if lot is None or lot.project != project.id:
        raise NotYours
    move(work, project, stage_moved_by_clock=True, written=project.stage, moment=work.moment)
    if work.session.scalar(select(Deposit.id).where(Deposit.lot == lot.id, Deposit.org == work.actor.org)):
        raise Stale
    account = "88" + "".join(secrets.choice("0123456789") for _ in range(17))
    row: Deposit = work.keep(Deposit(project=project.id, lot=lot.id, org=work.actor.org, account=account))
    work.enter(project.id)
    return row
