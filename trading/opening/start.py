"""The host opens the session; from here custodians' programs may answer."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading import asks
from trading.desk import hold, move
from trading.opening.records import Opening
from trading.opening.state import counts, minimum, opening_of


class Start(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.start", opens="works.opened procurement.announced", signed=True)
def start(work: Work, cmd: Start) -> Opening:
    project = hold(work, cmd.project)
    opening = opening_of(work.session, project.id)
    if opening is None:
        raise NotYours
    by_lot = counts(work.session, project.id)
    move(
        work, project, stage_moved_by_clock=True, counts=by_lot, minimum=minimum(project, work.moment), host=opening.host,
        recording=asks.recording_on(work.session, project.id, "opening"),
    )
    opening.started = work.moment
    work.enter(project.id, count=sum(by_lot.values()))
    return opening
