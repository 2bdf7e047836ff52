"""The buyer receives the report: its moment starts the three days to publish and the five to confirm.

A report nobody opens within one working day counts as received (house): the system receives it by timer.
"""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.asks import session_sealed
from trading.awards.records import Report
from trading.desk import hold, move


class ReceiveReport(Cmd):
    project: str = Field(max_length=32)


@command("trading.awards.receive_report", signed=True)
def receive_report(work: Work, cmd: ReceiveReport) -> Report:
    """Guard: session_sealed. Stale where it was received already."""
    project = hold(work, cmd.project)
    move(work, project, sealed=session_sealed(work.session, project.id))
    report = work.session.scalar(select(Report).where(Report.project == project.id))
    if report is None or report.received is not None:
        raise Stale
    report.received = project.received_at = work.moment
    work.enter(project.id, report=report.digest)
    return report
