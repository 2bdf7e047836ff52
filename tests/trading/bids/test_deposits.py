"""Deposits: random accounts, a bank's reports, nothing joined before the record is signed."""
import pytest

from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import DAY
from tests.worlds.sealed import Sealed, replay
from trading.bids.join_deposits import JoinDeposits, join_deposits
from trading.bids.lodge_guarantee import LodgeGuarantee, lodge_guarantee
from trading.bids.open_account import OpenAccount, open_account
from trading.bids.records import Deposit, Guarantee
from trading.bids.report_deposit import ReportDeposit, report_deposit
from trading.opening.read_out import ReadOut, read_out
from trading.opening.sign_record import SignRecord, sign_record
from trading.projects.records import Project

BANK = Actor("program", "bank1", channel="bank")


@pytest.fixture
def world(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    made = replay(centre, tmp_path)
    made.set(deposit=1000)
    return made


def account(world: Sealed, who: Actor) -> Deposit:
    return open_account(world.centre, who, OpenAccount(project=world.project, lot=world.lot))


def test_deposits_are_joined_only_after_the_record(world: Sealed) -> None:
    payer, short, stranger = world.supplier(), world.supplier(), world.supplier()
    rows = {who: account(world, who) for who in (payer, short, stranger)}
    with pytest.raises(Stale):
        account(world, payer)
    for who, amount in ((payer, 1000), (short, 999), (stranger, 1000)):
        cmd = ReportDeposit(account=rows[who].account, amount=amount, paid_at=world.centre.now(), source="6222 示例")
        with pytest.raises(NotYours):
            report_deposit(world.centre, who, cmd)
        report_deposit(world.centre, BANK, cmd)
        with pytest.raises(Stale):
            report_deposit(world.centre, BANK, cmd)
    world.bid(payer), world.bid(short)
    with pytest.raises(Stale):
        join_deposits(world.centre, SYSTEM, JoinDeposits(project=world.project))
    world.opened()
    assert not any(row.joined for row in world.all(Deposit))
    read_out(world.centre, world.host, ReadOut(project=world.project))
    sign_record(world.centre, world.host, SignRecord(project=world.project))
    settle(world.centre)
    assert {row.org for row in world.all(Deposit) if row.joined} == {payer.org}


def test_an_unknown_account_is_refused(world: Sealed) -> None:
    with pytest.raises(Refused) as found:
        report_deposit(world.centre, BANK, ReportDeposit(account="0" * 19, amount=5, paid_at=0, source="6222"))
    assert found.value.reason.rule == "account_known_to_bank"


@pytest.mark.parametrize(("change", "rule"), [
    ({}, ""), ({"number": "??"}, "guarantee_form_complete"), ({"amount": 999}, "guarantee_form_complete"), ({"valid_until": 1}, "guarantee_form_complete"),
])
def test_a_guarantee_has_its_elements(world: Sealed, change: dict[str, object], rule: str) -> None:
    one = world.supplier()
    project = world.row(Project, world.project)
    cmd = LodgeGuarantee(**{
        "project": world.project, "lot": world.lot, "issuer": "示例银行", "number": "LG-2026-1", "amount": 1000, "blob": "b", "digest": "0" * 64,
        "valid_until": project.deadline + project.validity_days * DAY, **change})
    if rule:
        with pytest.raises(Refused) as found:
            lodge_guarantee(world.centre, one, cmd)
        assert found.value.reason.rule == rule
    else:
        lodge_guarantee(world.centre, one, cmd)
        assert len(world.all(Guarantee)) == 1
