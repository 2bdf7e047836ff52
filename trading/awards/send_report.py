"""The agent sends the sealed evaluation report to the buyer; the recommendation becomes the tender's candidates."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading import asks
from trading.awards.records import Candidate, Report
from trading.desk import hold, move
from trading.relations import relations


class SendReport(Cmd):
    project: str = Field(max_length=32)


@command("trading.awards.send_report", signed=True)
def send_report(work: Work, cmd: SendReport) -> Report:
    """Guard: session_sealed. A buyer sends it only where it works without an agent."""
    project = hold(work, cmd.project)
    held = relations(work.session, work.actor, project, work.moment)
    if project.agent:
        held = held - {"buyer"}
    move(work, project, roles=held, sealed=asks.session_sealed(work.session, project.id))
    for ranked in asks.candidates(work.session, project.id):
        work.keep(Candidate(
            project=project.id, lot=ranked.lot, rank=ranked.rank, bid=ranked.bid, amount=ranked.amount, score=ranked.score, tie=ranked.tie,
        ))
    report: Report = work.keep(Report(project=project.id, digest=asks.report_digest(work.session, project.id), sent=work.moment))
    work.enter(project.id, report=report.digest)
    return report
