"""The committee has gathered: who sits is written down, the tender begins its evaluation by a reaction."""
from pydantic import Field
from sqlalchemy import select

from evaluation.area.presence import inside
from evaluation.bids import contenders
from evaluation.desk import act, hold, least_members
from evaluation.records import Member, Session
from experts.reads import seats
from kernel.command import Cmd, Work, command
from trading.asks import recording_on
from trading.opening.records import Opening


class Open(Cmd):
    """network_cut: the agent's word, after looking, that no outside network reaches the seats."""

    project: str = Field(max_length=32)
    network_cut: bool


@command("evaluation.open", opens="announced", signed=True)
def open(work: Work, cmd: Open) -> Session:
    """Guards: record_signed, seats_filled, recording_on, network_cut, envelopes_sealed_to_seats."""
    project, room = hold(work, cmd.project)
    named = seats(work.session, project.id)
    least = least_members(project, work.moment)
    act(
        work, project, room,
        record_signed=work.session.scalar(select(Opening.signed).where(Opening.project == project.id)) is not None,
        seats=len(named), least=least.value, inside=len({s.person for s in named if s.letter} & inside(work.session, project.id)),
        recording=recording_on(work.session, project.id, "evaluation"), network_cut=cmd.network_cut,
        bids=contenders(work.session, project),
    )
    room.opened_at = work.moment
    for seat in named:
        work.keep(Member(session=room.id, seat=seat.letter, kind=seat.kind, person=seat.person, pid=seat.pid))
    work.enter(project.id, code=room.code, seats=len(named))
    return room
