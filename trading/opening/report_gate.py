"""A custodian's program refused: it says which of its checks failed, so that the host need not guess."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.desk import hold, move
from trading.opening.records import GateReport
from trading.opening.state import ceremony_of, turn
from trading.sealing.gates import GATES


class ReportGate(Cmd):
    project: str = Field(max_length=32)
    gate: str = Field(pattern=r"^[a-z_]{3,40}$")


@command("trading.opening.report_gate", opens="works.opened procurement.announced", signed=True)
def report_gate(work: Work, cmd: ReportGate) -> GateReport:
    project = hold(work, cmd.project)
    ceremony, _ = ceremony_of(work.session, project.id)
    number = ceremony.custodians.index(work.actor.id) + 1 if work.actor.id in ceremony.custodians else 0
    move(work, project, asked=turn(work.session, project), number=number)
    gate = cmd.gate if cmd.gate in GATES else "other"
    if work.session.scalar(select(GateReport.id).where(GateReport.project == project.id, GateReport.number == number, GateReport.gate == gate)):
        raise Stale
    row: GateReport = work.keep(GateReport(project=project.id, number=number, gate=gate, at=work.moment))
    work.enter(project.id, number=number, gate=gate)
    return row
