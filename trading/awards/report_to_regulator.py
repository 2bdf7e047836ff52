"""The written report on a works tender, due fifteen days after the winner is fixed (招标投标法 第四十七条)."""
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from kernel.canonical import canon, sha256
from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.awards.records import RegulatorReport
from trading.desk import hold, move


class ReportToRegulator(Cmd):
    """fields: see rules.REPORT_FIELDS."""

    project: str = Field(max_length=32)
    fields: dict[Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")], Annotated[str, Field(max_length=5000)]] = Field(max_length=10)


@command("trading.awards.report_to_regulator", signed=True)
def report_to_regulator(work: Work, cmd: ReportToRegulator) -> RegulatorReport:
    """Guards: works_only, report_fields_complete. Stale where a report was made."""
    project = hold(work, cmd.project)
    move(work, project, fields=cmd.fields)
    if work.session.scalar(select(RegulatorReport.id).where(RegulatorReport.project == project.id)):
        raise Stale
    digest = sha256(canon(cmd.fields)).hex()
    row: RegulatorReport = work.keep(RegulatorReport(project=project.id, fields=cmd.fields, digest=digest, at=work.moment))
    work.enter(project.id, report=digest)
    return row
