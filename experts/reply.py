"""An expert answers a call through the one-time link, without logging in. The first answer counts."""
from pydantic import Field
from sqlalchemy import select

from experts.calling import token_hash
from experts.desk import hold_draw, move, note_outcome
from experts.records import Call, Expert, Seat
from kernel.command import Actor, Cmd, Work, command
from kernel.errors import NotYours


class Reply(Cmd):
    """token: from the link."""

    token: str = Field(pattern=r"^[0-9a-f]{32}$")
    accepts: bool


@command("experts.reply", opens="announced", timed=False)
def reply(work: Work, cmd: Reply) -> Call:
    """Whoever holds the link is the person called. Refused("call_open") after the window or after an answer."""
    found = work.session.scalar(select(Call).where(Call.token_hash == token_hash(cmd.token)))
    if found is None:
        raise NotYours
    draw, project = hold_draw(work, found.draw)
    work.session.refresh(found)
    expert = work.session.get_one(Expert, found.expert)
    work.actor = Actor("person", expert.person)
    move(work, draw, project, {"expert_called"}, outcome=found.outcome, until=found.until)
    found.outcome = "accepted" if cmd.accepts else "declined"
    outcome = note_outcome(work, draw, found.pid, found.outcome)
    if cmd.accepts:
        work.keep(Seat(project=project.id, draw=draw.id, kind="expert", person=expert.person, expert=expert.id, pid=found.pid,
                       category=found.category, accepted=work.moment))
    outcome.entry = work.enter(project.id, draw=draw.id, pid=found.pid, outcome=found.outcome).key
    return found
