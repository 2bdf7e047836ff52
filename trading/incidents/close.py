"""The platform has recovered: two persons say so, and the deadlines that fell into the outage move by rule."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, NotYours, Text
from kernel.identity.reads import roles
from kernel.machine import Facts
from kernel.seconds import seconded
from trading.incidents.procedure import PROCEDURE
from trading.incidents.records import Incident


class Close(Cmd):
    """until: when it worked again, ms. good: the checks pass now."""

    incident: str = Field(max_length=32)
    until: int = Field(ge=0)
    good: bool = False


@command("trading.incidents.close", signed=True)
def close(work: Work, cmd: Close) -> Incident:
    """Guards: probe_good, second_person_confirms. The first voice is an entry with step 1 and ends nothing; each deadline
    is moved by an act of its own (trading/incidents/reactions.py)."""
    row = work.session.get(Incident, cmd.incident, with_for_update=True)
    if row is None:
        raise NotYours
    work.step(PROCEDURE, "open" if row.until is None else "closed", roles(work.session, work.actor, work.moment), Facts(good=cmd.good))
    if not row.since <= cmd.until <= work.moment:
        raise Malformed("until", Text("恢复时间应在故障开始之后、现在之前", "The recovery lies between the beginning and now"))
    if seconded(work, row.id, cmd) is None:
        work.enter(row.id, step=1, until=cmd.until)
        return row
    row.until, row.closed = cmd.until, work.moment
    work.enter(row.id, until=cmd.until)
    return row
