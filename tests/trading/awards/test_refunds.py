"""Deposits go back: to the account they came from, in time, by two people, and the sums agree."""
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.centre import Centre
from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import DAY, day_of
from law.periods import working_days_between
from tests.world import staff
from tests.worlds.awards import DEPOSIT, Tender, announced, contract, tender
from trading.awards import reads
from trading.awards.approve_refund import ApproveRefund, approve_refund
from trading.awards.confirm_refund import ConfirmRefund, confirm_refund
from trading.awards.keep_deposit import KeepDeposit, keep_deposit
from trading.awards.note_refund_due import NoteRefundDue, note_refund_due
from trading.awards.prepare_refund import PrepareRefund, prepare_refund
from trading.awards.reactions import note_refunds
from trading.awards.records import Refund
from trading.awards.send_letter import SendLetter, send_letter
from trading.awards.sign_contract import sign_contract
from trading.bids.records import Bid, Deposit

BANK = Actor("program", "bank-1", channel="bank")


def rule(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.reason.rule


def refunds(made: Tender) -> dict[str, Refund]:
    with made.centre.reading() as session:
        return {row.deposit: row for row in session.scalars(select(Refund).where(Refund.project == made.project))}


def after_letter(centre: Centre, patch: pytest.MonkeyPatch) -> Tender:
    made = announced(centre, patch)
    send_letter(centre, made.agent, SendLetter(project=made.project))
    settle(centre)
    return made


def test_the_letter_makes_the_losers_refunds_due_and_the_contract_the_winners(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = after_letter(centre, monkeypatch)
    noted = refunds(made)
    assert set(noted) == set(made.deposits[1:])
    assert {(r.cause, r.stage, r.amount) for r in noted.values()} == {("loser", "due", DEPOSIT)}
    start, end = day_of(centre.now()), day_of(noted[made.deposits[1]].due_at - 1)
    assert working_days_between(start, end, {}) >= 5
    sign_contract(centre, made.buyer, contract(made))
    settle(centre)
    assert made.deposits[0] not in refunds(made)
    sign_contract(centre, made.suppliers[0], contract(made))
    settle(centre)
    assert refunds(made)[made.deposits[0]].cause == "contract" and len(refunds(made)) == 4


def test_works_deposits_all_wait_for_the_contract(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch, "works.open")
    send_letter(centre, made.agent, SendLetter(project=made.project))
    settle(centre)
    assert refunds(made) == {}
    for actor in (made.buyer, made.suppliers[0]):
        sign_contract(centre, actor, contract(made))
    settle(centre)
    assert {r.cause for r in refunds(made).values()} == {"contract"} and len(refunds(made)) == 4


def test_no_refund_without_its_cause_and_none_twice(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch)
    with pytest.raises(Refused) as refused:
        note_refund_due(centre, SYSTEM, NoteRefundDue(deposit=made.deposits[1], cause="loser"))
    assert rule(refused) == "refund_cause_reached"
    send_letter(centre, made.agent, SendLetter(project=made.project))
    note_refund_due(centre, SYSTEM, NoteRefundDue(deposit=made.deposits[1], cause="loser"))
    with pytest.raises(Stale):
        note_refund_due(centre, SYSTEM, NoteRefundDue(deposit=made.deposits[1], cause="loser"))
    with pytest.raises(NotYours):
        note_refund_due(centre, made.buyer, NoteRefundDue(deposit=made.deposits[2], cause="loser"))


def test_one_prepares_another_approves_the_bank_pays_to_the_source(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = after_letter(centre, monkeypatch)
    first, second = staff(centre, "cashier"), staff(centre, "cashier")
    refund, deposit = refunds(made)[made.deposits[1]], made.row(Deposit, made.deposits[1])
    with pytest.raises(Refused) as refused:
        prepare_refund(centre, first, PrepareRefund(refund=refund.id, account="elsewhere"))
    assert rule(refused) == "source_account_only"
    prepare_refund(centre, first, PrepareRefund(refund=refund.id, account=deposit.source))
    with pytest.raises(Refused) as refused:
        approve_refund(centre, first, ApproveRefund(refund=refund.id))
    assert rule(refused) == "other_than_first"
    with pytest.raises(NotYours):
        approve_refund(centre, SYSTEM, ApproveRefund(refund=refund.id))
    order = approve_refund(centre, second, ApproveRefund(refund=refund.id)).order
    for wrong in ({"order": "nonsense"}, {"amount": DEPOSIT - 1}, {"account": "elsewhere"}):
        with pytest.raises(Refused) as refused:
            confirm_refund(centre, BANK, ConfirmRefund.model_validate({"order": order, "account": deposit.source, "amount": DEPOSIT} | wrong))
        assert rule(refused) == "order_known"
    with pytest.raises(NotYours):
        confirm_refund(centre, first, ConfirmRefund(order=order, account=deposit.source, amount=DEPOSIT))
    paid = confirm_refund(centre, BANK, ConfirmRefund(order=order, account=deposit.source, amount=DEPOSIT))
    assert (paid.stage, paid.account) == ("paid", deposit.source)
    with pytest.raises(Stale):
        confirm_refund(centre, BANK, ConfirmRefund(order=order, account=deposit.source, amount=DEPOSIT))


def test_the_database_refuses_one_person_in_both_roles(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = after_letter(centre, monkeypatch)
    refund = refunds(made)[made.deposits[1]]
    with pytest.raises(IntegrityError):
        made.set(Refund, refund.id, prepared_by="somebody", approved_by="somebody")


def test_refunds_left_lying_are_prepared_on_their_last_day(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = after_letter(centre, monkeypatch)
    assert {r.stage for r in refunds(made).values()} == {"due"}
    last = max(r.due_at for r in refunds(made).values())
    made.forward(last - centre.now() - 60_000)
    settle(centre)
    assert {(r.stage, r.prepared_by) for r in refunds(made).values()} == {("prepared", "system")}


def test_a_withdrawal_is_paid_by_the_machine_and_no_cashier_sees_it(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre, "procurement.open", "inviting", deadline=centre.now() + 10 * DAY, opened_at=None)
    cashier = staff(centre, "cashier")
    made.set(Bid, made.bids[0], state="withdrawn")
    note_refunds(centre, made.project, "withdrawal")
    refund = refunds(made)[made.deposits[0]]
    assert len(refunds(made)) == 1 and refund.cause == "withdrawal"
    with centre.reading() as session:
        assert reads.refund_queue(session, cashier, centre.now()) == ()
        assert reads.view(session, made.agent, made.project, centre.now()).refunds is None
    with pytest.raises(NotYours):
        prepare_refund(centre, cashier, PrepareRefund(refund=refund.id, account="622200000000"))
    made.forward(2 * DAY)
    settle(centre)
    ready = refunds(made)[made.deposits[0]]
    assert (ready.stage, ready.prepared_by, ready.approved_by) == ("approved", "system", "system")
    assert confirm_refund(centre, BANK, ConfirmRefund(order=ready.order, account=ready.account, amount=ready.amount)).stage == "paid"


def test_a_bidder_that_bids_again_keeps_its_deposit_in(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre, "procurement.open", "inviting", deadline=centre.now() + 10 * DAY, opened_at=None)
    made.set(Bid, made.bids[0], state="withdrawn")
    note_refunds(centre, made.project, "withdrawal")
    made.set(Bid, made.bids[0], state="live")
    made.forward(2 * DAY)
    settle(centre)
    assert refunds(made)[made.deposits[0]].stage == "due"


def test_a_failed_tender_gives_everything_back(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre, "procurement.open", "opened")
    note_refunds(centre, made.project, "stopped")
    assert refunds(made) == {}
    made.set(stage="failed", stopped_at="opened", ended_at=centre.now())
    note_refunds(centre, made.project, "stopped")
    assert len(refunds(made)) == 4


def test_the_buyer_keeps_a_deposit_on_a_listed_ground_after_hearing_the_bidder(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = after_letter(centre, monkeypatch)
    refund = refunds(made)[made.deposits[1]]
    good = KeepDeposit(refund=refund.id, ground="false_papers", heard="投标人承认材料不实")
    for wrong, expected in (({"ground": "late"}, "keeping_ground_listed"), ({"heard": " "}, "heard_first")):
        with pytest.raises(Refused) as refused:
            keep_deposit(centre, made.buyer, good.model_copy(update=wrong))
        assert rule(refused) == expected
    assert keep_deposit(centre, made.buyer, good).stage == "due"
    with pytest.raises(Refused) as refused:
        keep_deposit(centre, made.buyer, good)
    assert rule(refused) == "other_than_first"
    assert keep_deposit(centre, made.buyer2, good).stage == "disputed"


def test_what_was_paid_back_and_kept_is_what_was_received(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 28, over a whole tender, interest apart."""
    made = after_letter(centre, monkeypatch)
    for actor in (made.buyer, made.suppliers[0]):
        sign_contract(centre, actor, contract(made))
    settle(centre)
    first, second = staff(centre, "cashier"), staff(centre, "cashier")
    kept = refunds(made)[made.deposits[3]]
    for buyer in (made.buyer, made.buyer2):
        keep_deposit(centre, buyer, KeepDeposit(refund=kept.id, ground="false_papers", heard="已听取"))
    for deposit, refund in refunds(made).items():
        if refund.stage == "due":
            source = made.row(Deposit, deposit).source
            prepare_refund(centre, first, PrepareRefund(refund=refund.id, account=source, interest=77))
            order = approve_refund(centre, second, ApproveRefund(refund=refund.id)).order
            confirm_refund(centre, BANK, ConfirmRefund(order=order, account=source, amount=DEPOSIT + 77))
    done = refunds(made)
    with centre.reading() as session:
        received = {d.id: d for d in session.scalars(select(Deposit).where(Deposit.lot == made.lot))}
    assert sum(r.amount for r in done.values()) == sum(d.amount for d in received.values()) == 4 * DEPOSIT
    assert sorted(r.stage for r in done.values()) == ["disputed", "paid", "paid", "paid"]
    assert all(r.account == received[r.deposit].source for r in done.values() if r.stage == "paid")


def test_the_cashiers_list_says_who_may_do_what(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = after_letter(centre, monkeypatch)
    first, second = staff(centre, "cashier"), staff(centre, "cashier")
    refund = refunds(made)[made.deposits[1]]
    prepare_refund(centre, first, PrepareRefund(refund=refund.id, account=made.row(Deposit, made.deposits[1]).source))
    with centre.reading() as session:
        steps = {line.line.id: line.step for line in reads.refund_queue(session, first, centre.now())}
        others = {line.line.id: line.step for line in reads.refund_queue(session, second, centre.now())}
        with pytest.raises(NotYours):
            reads.refund_queue(session, made.buyer, centre.now())
        mine = reads.view(session, made.suppliers[1], made.project, centre.now()).refunds
    assert steps[refund.id] == "" and others[refund.id] == "approve" and set(others.values()) == {"approve", "prepare"}
    assert [line.id for line in mine] == [refund.id]
