"""The buyer mandates an agency: the contract's file stands behind it, the agency still has to accept."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.records import Mandate
from trading.subjects.records import Subject


class GiveMandate(Cmd):
    """contract: key of the stored file; digest: its hex SHA-256."""

    project: str = Field(max_length=32)
    agent: str = Field(max_length=32)
    contract: str = Field(default="", max_length=32)
    digest: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


@command("trading.projects.mandate", opens="inviting", signed=True)
def mandate(work: Work, cmd: GiveMandate) -> Mandate:
    """Guards: agent_unrelated, contract_attached. Effects: one open mandate; an older open one is dropped for it."""
    project = hold(work, cmd.project)
    agent = work.session.scalar(select(Subject).where(Subject.id == cmd.agent))
    admitted = agent is not None and bool(agent.is_agent) and agent.stage == "admitted"
    move(work, project, agent_admitted=admitted, mandated=cmd.agent, contract=bool(cmd.contract and cmd.digest))
    for older in work.session.scalars(select(Mandate).where(Mandate.project == project.id, Mandate.state == "open")):
        older.state = "dropped"
    row: Mandate = work.keep(Mandate(project=project.id, agent=cmd.agent, blob=cmd.contract, digest=cmd.digest, at=work.moment))
    work.enter(project.id, contract=cmd.digest)
    return row
