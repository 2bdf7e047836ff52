"""What follows from awards, letters, contracts and ends: the next system act, refunds that fall due, messages."""
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import SYSTEM
from kernel.errors import Refusal, Text
from kernel.identity.reads import holders
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.awards.approve_refund import ApproveRefund, approve_refund
from trading.awards.enter_confirmation import EnterConfirmation, enter_confirmation
from trading.awards.note_refund_due import Cause, NoteRefundDue, note_refund_due
from trading.awards.records import Letter, Refund
from trading.awards.refunds import begins, past_opening
from trading.awards.tell_losers import TellLosers, tell_losers
from trading.bids.records import Deposit
from trading.projects.records import Project
from trading.subjects.records import Membership

if TYPE_CHECKING:
    from kernel.centre import Centre


@reaction("trading.awards.receive_report")
def begin_confirmation(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        project = session.get_one(Project, entry.on)
    if project.field == "procurement" and project.stage == "reported":
        enter_confirmation(centre, SYSTEM, EnterConfirmation(project=project.id))


@reaction("trading.awards.send_letter")
def letters_out(centre: "Centre", entry: Entry) -> None:
    """The winner learns where its letter lies; the others are told at once; losers' deposits of procurement fall due."""
    tell(centre, entry, "award", Text("中标通知书已发出", "Your letter of award"), Text("中标通知书已发出，请登录查看并在期限内签订合同。", "Your letter of award is out. Log in to read it and sign the contract in time."))
    note_refunds(centre, entry.on, "loser")
    tell_losers(centre, SYSTEM, TellLosers(project=entry.on))


@reaction("trading.awards.tell_losers")
def losers_told(centre: "Centre", entry: Entry) -> None:
    tell(centre, entry, "result", Text("招标结果通知", "Notice of result"), Text("结果已公告，您的结果通知书已生成，请登录查看。", "The result is published. Log in to read your notice."))


@reaction("trading.awards.sign_contract")
def contract_refunds(centre: "Centre", entry: Entry) -> None:
    note_refunds(centre, entry.on, "contract")


@reaction("trading.bids.withdraw")
def withdrawal_refund(centre: "Centre", entry: Entry) -> None:
    note_refunds(centre, entry.on, "withdrawal")


@reaction("trading.bids.close")
def unused_deposits(centre: "Centre", entry: Entry) -> None:
    note_refunds(centre, entry.on, "no_bid")


@reaction("trading.projects.fail", "trading.projects.terminate")
def ended(centre: "Centre", entry: Entry) -> None:
    note_refunds(centre, entry.on, "stopped")


@reaction("trading.awards.prepare_refund")
def machine_approves(centre: "Centre", entry: Entry) -> None:
    """Before the opening the machine pays a withdrawer alone: no staff may learn who paid (secrecy.csv, refunds)."""
    for id in waiting(centre, entry.on, "prepared"):
        approve_refund(centre, SYSTEM, ApproveRefund(refund=id))


@reaction("trading.awards.note_refund_due")
def tell_cashiers(centre: "Centre", entry: Entry) -> None:
    """Cashiers hear of work to do once the opening is past; the message names neither tender nor payer."""
    with centre.database.writing() as session:
        project = session.get_one(Project, entry.on)
        if past_opening(project, entry.moment):
            for cashier in holders(session, "cashier", entry.moment):
                send(session, entry.key, cashier.id, entry.moment, Text("有待办理的保证金退还", "A refund is due"), Text("请登录查看退款清单。", "Log in to see the list of refunds."), link="/refunds")
        session.commit()


def note_refunds(centre: "Centre", project_id: str, cause: Cause) -> None:
    """One act for each deposit whose cause is there and that has no refund, or a withdrawal's."""
    with centre.reading() as session:
        project = session.get_one(Project, project_id)
        now = centre.clock.now(session)
        noted = {r.deposit: r for r in session.scalars(select(Refund).where(Refund.project == project_id))}
        ready = [
            deposit.id for deposit in session.scalars(select(Deposit).where(Deposit.project == project_id).order_by(Deposit.id))
            if not (old := noted.get(deposit.id)) or (old.cause == "withdrawal" and old.stage == "due" and cause != "withdrawal")
            if begins(session, project, deposit, cause, now) is not None
        ]
    for deposit in ready:
        try:
            note_refund_due(centre, SYSTEM, NoteRefundDue(deposit=deposit, cause=cause))
        except Refusal:
            continue  # another process was faster; the others must not wait for it


def waiting(centre: "Centre", project_id: str, stage: str) -> list[str]:
    """Withdrawals' refunds of a tender in a stage, while staff may not see them."""
    with centre.reading() as session:
        if past_opening(session.get_one(Project, project_id), centre.clock.now(session)):
            return []
        return list(session.scalars(select(Refund.id).where(Refund.project == project_id, Refund.cause == "withdrawal", Refund.stage == stage)))


def tell(centre: "Centre", entry: Entry, kind: str, subject: Text, body: Text) -> None:
    """One message to each person of each organisation that has a letter of this kind."""
    with centre.database.writing() as session:
        for letter in session.scalars(select(Letter).where(Letter.project == entry.on, Letter.kind == kind).order_by(Letter.id)):
            for person in people(session, letter.org):
                send(session, f"{letter.id}/{kind}", person, entry.moment, subject, body, on=entry.on, link=f"/letters/{letter.id}")
        session.commit()


def people(session: Session, org: str) -> list[str]:
    """Persons who act for an organisation now."""
    return list(session.scalars(select(Membership.person).where(Membership.org == org, Membership.until.is_(None)).order_by(Membership.person)))
