"""The bank's list: refunds whose order was made and which it has not reported as paid."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours
from kernel.identity.reads import roles
from trading.awards.records import Refund


@dataclass(frozen=True)
class Order:
    """amount: smallest unit, interest included. No tender, no bidder: the bank pays an account."""

    order: str
    account: str
    amount: int


def orders(session: Session, actor: Actor, now: int) -> tuple[Order, ...]:
    """NotYours for whoever is no bank's program."""
    if "bank" not in roles(session, actor, now):
        raise NotYours
    rows = session.scalars(select(Refund).where(Refund.stage == "approved", Refund.order != "").order_by(Refund.order))
    return tuple(Order(row.order, row.account, row.amount + row.interest) for row in rows)
