"""The agency accepts: from now on it may work on the tender."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.projects.records import Mandate
from trading.relations import relations


class AcceptMandate(Cmd):
    project: str = Field(max_length=32)


@command("trading.projects.accept_mandate", opens="inviting", signed=True)
def accept_mandate(work: Work, cmd: AcceptMandate) -> Mandate:
    """Guard: mandate_open. Effects: the project's agent. The mandate is what makes this organisation its agent."""
    project = hold(work, cmd.project)
    mandate = work.session.scalar(select(Mandate).where(
        Mandate.project == project.id, Mandate.agent == work.actor.org).order_by(Mandate.at.desc(), Mandate.id).limit(1).with_for_update())
    if mandate is None:
        raise NotYours
    held = relations(work.session, work.actor, project, work.moment) - {"supplier"}
    move(work, project, roles=held | {"agent"}, mandate_state=mandate.state)
    mandate.state = "accepted"
    project.agent = mandate.agent
    work.enter(project.id)
    return mandate
