"""What falls due after the evaluation: T11, T19, T21, T22, T33–T35 and T37 of the catalogue.

Acts by the system: a report nobody opens counts as received, a silent buyer's first candidate is deemed the winner,
refunds are prepared on their last day. Everything else is a reminder to whoever must act; it carries no figures.
"""
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import SYSTEM
from kernel.daytable.reads import calendar
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.messages import send
from kernel.timers import Due, timer
from kernel.values import DAY, day_of, instant
from law.periods import Calendar, end_of, period_end
from trading.awards.deem_winner import DeemWinner, deem_winner
from trading.awards.prepare_refund import PrepareRefund, prepare_refund
from trading.awards.reactions import people
from trading.awards.receive_report import ReceiveReport, receive_report
from trading.awards.records import Contract, Letter, Refund, RegulatorReport, Report
from trading.awards.rules import period_over
from trading.awards.steps import clause_of, held_since
from trading.bids.records import Deposit
from trading.incidents.state import outages_since
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre

OPEN_WITHIN_WORKING_DAYS = 1  # house: a report counts as received


@timer
def reports(session: Session, now: int) -> list[Due]:
    """Reports sent and not opened; confirmations that run; the works notice that must follow within three days."""
    days, due = calendar(session), []
    query = select(Project, Report).join(Report, Report.project == Project.id).where(Project.stage.in_(("reported", "confirming")))
    for project, report in session.execute(query):
        if report.received is None:
            opened = end_of(period_end(day_of(report.sent), OPEN_WITHIN_WORKING_DAYS, "working_day", days))
            due.append(Due(f"awards.received/{project.id}", opened, _receive(project.id)))
        elif project.stage == "confirming":
            held = held_since(session, project.id, report.received, now)
            over = period_over(clause_of(project, "confirm_working_days"), days, report.received, held, outages_since(session, project, report.received, now))
            due.append(Due(f"awards.deemed/{project.id}", over, _deem(project.id)))
        elif project.field == "works":
            due.append(reminder("awards.publicity", project, after(session, project, "publicity_start_days", report.received, days, now),
                                Text("中标候选人公示期限已到", "The candidates are due for publication"), ("agent", "buyer", "regulator")))
    return due


@timer
def awards(session: Session, now: int) -> list[Due]:
    """Reminders of result notices, written reports and contracts that are overdue."""
    days, due = calendar(session), []
    for project in session.scalars(select(Project).where(Project.stage.in_(("awarded", "announced")), Project.procedure != "replay.lowest")):
        if project.stage == "awarded" and project.field == "procurement" and project.awarded_at:
            due.append(reminder("awards.result", project, after(session, project, "result_working_days", project.awarded_at, days, now),
                                Text("结果公告期限已到", "The result notice is due"), ("agent", "buyer", "regulator")))
        letter = session.scalar(select(Letter.at).where(Letter.project == project.id, Letter.kind == "award").order_by(Letter.at))
        signed = select(Contract.id).where(Contract.project == project.id, Contract.buyer_signed.is_not(None), Contract.winner_signed.is_not(None))
        if project.stage == "announced" and letter and session.scalar(signed) is None:
            due.append(reminder("awards.contract", project, after(session, project, "contract_days", letter, days, now),
                                Text("合同签订期限已到", "The contract is due"), ("agent", "buyer", "winner")))
    written = select(RegulatorReport.project)
    works = select(Project).where(Project.procedure == "works.open", Project.stage.in_(("awarded", "announced", "contracted")), Project.id.not_in(written))
    for project in session.scalars(works):
        if project.awarded_at:
            due.append(reminder("awards.written", project, after(session, project, "report_days", project.awarded_at, days, now),
                                Text("书面报告期限已到", "The written report is due"), ("buyer", "regulator")))
    return due


@timer
def refunds(session: Session, now: int) -> list[Due]:
    """Refunds still not prepared on the morning of their last day; withdrawals a day after they were noted."""
    due = []
    query = select(Refund, Deposit.source).join(Deposit, Deposit.id == Refund.deposit).where(Refund.stage == "due")
    for refund, source in session.execute(query):
        last_day = day_of(refund.due_at - 1)
        moment = refund.noted_at + DAY if refund.cause == "withdrawal" else max(refund.noted_at, instant(last_day, 9))
        due.append(Due(f"awards.refund/{refund.id}/{refund.cause}", moment, _prepare(refund.id, source)))
    return due


def after(session: Session, project: Project, clause: str, start: int, days: Calendar, now: int) -> int:
    """First instant after the clause's period, later where an outage has moved it."""
    return period_over(clause_of(project, clause), days, start, outages=outages_since(session, project, start, now))


def _receive(project: str) -> Callable[["Centre"], object]:
    return lambda centre: receive_report(centre, SYSTEM, ReceiveReport(project=project))


def _deem(project: str) -> Callable[["Centre"], object]:
    return lambda centre: deem_winner(centre, SYSTEM, DeemWinner(project=project))


def _prepare(refund: str, source: str) -> Callable[["Centre"], object]:
    return lambda centre: prepare_refund(centre, SYSTEM, PrepareRefund(refund=refund, account=source))


def reminder(key: str, project: Project, moment: int, subject: Text, to: tuple[str, ...]) -> Due:
    """A message to each person who must act, and to the regulators of the field, once."""

    def run(centre: "Centre") -> None:
        with centre.database.writing() as session:
            now = centre.clock.now(session)
            readers = {person for side, org in (("buyer", project.buyer), ("agent", project.agent)) if side in to and org for person in people(session, org)}
            if "winner" in to:
                orgs = session.scalars(select(Letter.org).where(Letter.project == project.id, Letter.kind == "award"))
                readers |= {person for org in orgs for person in people(session, org)}
            if "regulator" in to:
                readers |= {person.id for person in holders(session, "regulator", now, project.field)}
            body = Text(f"项目编号 {project.code}，请登录办理。", f"Tender {project.code}: log in to act.")
            for reader in sorted(readers):
                send(session, f"{key}/{project.id}", reader, now, subject, body, on=project.id)
            session.commit()

    return Due(f"{key}/{project.id}", moment, run)
