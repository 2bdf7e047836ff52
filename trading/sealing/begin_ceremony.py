"""The agent (or a buyer without one) names the custodians of a tender and how many of them open it."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Stale
from kernel.machine import Facts
from trading.desk import hold
from trading.relations import relations
from trading.sealing.procedure import CEREMONY, NONE
from trading.sealing.records import Ceremony, Custodian, Round


class BeginCeremony(Cmd):
    """custodians: ids in the order of their indices 1..n · k: how many open."""

    project: str = Field(max_length=32)
    custodians: tuple[str, ...] = Field(min_length=1, max_length=15)
    k: int = Field(ge=1, le=15)


@command("trading.sealing.begin_ceremony", opens="inviting")
def begin_ceremony(work: Work, cmd: BeginCeremony) -> Ceremony:
    project = hold(work, cmd.project)
    if work.session.scalar(select(Ceremony.id).where(Ceremony.project == project.id, Ceremony.stage != "broken")):
        raise Stale
    rows = {c.id: c for c in work.session.scalars(select(Custodian).where(Custodian.id.in_(cmd.custodians), Custodian.ended.is_(None)))}
    if set(rows) != set(cmd.custodians):
        raise Malformed("custodians")
    work.step(CEREMONY, NONE, relations(work.session, work.actor, project, work.moment), Facts(
        now=work.moment, project_stage=project.stage, custodians=cmd.custodians, k=cmd.k, employers=[rows[c].employer for c in cmd.custodians],
    ))
    made: Ceremony = work.keep(Ceremony(project=project.id, k=cmd.k, custodians=list(cmd.custodians), stage="r0", begun=work.moment))
    work.session.flush()
    for number in range(1, len(cmd.custodians) + 1):
        work.keep(Round(ceremony=made.id, number=number))
    work.enter(project.id, ceremony=made.id, k=cmd.k, custodians=[rows[c].identity for c in cmd.custodians])
    return made
