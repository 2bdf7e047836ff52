"""A winner gives up its award; the buyer may then pass to the next candidate or end the tender."""
from pydantic import Field
from sqlalchemy import select

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from trading.awards.records import Award, Renunciation
from trading.desk import hold, move


class GiveUp(Cmd):
    project: str = Field(max_length=32)
    lot: str = Field(max_length=32)
    reason: str = Field(max_length=500)


@command("trading.awards.give_up", opens="announced", signed=True)
def give_up(work: Work, cmd: GiveUp) -> Renunciation:
    """Guard: reason_given. Stale where it was given up before."""
    project = hold(work, cmd.project)
    move(work, project, reason=cmd.reason)
    if not work.session.scalar(select(Award.id).where(Award.lot == cmd.lot, Award.project == project.id, Award.org == work.actor.org)):
        raise NotYours
    if work.session.scalar(select(Renunciation.id).where(Renunciation.lot == cmd.lot, Renunciation.org == work.actor.org)):
        raise Stale
    row: Renunciation = work.keep(Renunciation(project=project.id, lot=cmd.lot, org=work.actor.org, reason=cmd.reason, at=work.moment))
    work.session.flush()
    work.enter(project.id, statement=salted(row.row_salt, cmd.reason), lot=cmd.lot)
    return row
