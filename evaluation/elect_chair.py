"""Members choose their chair; the seat with more than half of all voices has it. A chair who leaves is replaced the same way."""
from collections import Counter

from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, clause, hold, members, own
from evaluation.records import Ballot, Session
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Stale, Text


class ElectChair(Cmd):
    project: str = Field(max_length=32)
    seat: str = Field(pattern=r"^[A-Z]$")


@command("evaluation.elect_chair", opens="never", signed=True)
def elect_chair(work: Work, cmd: ElectChair) -> Session:
    """Guards: all_declared, representative_not_chair. Without a majority the stage stays and a voice may be cast anew."""
    project, room = hold(work, cmd.project)
    member, sitting = own(work, room), members(work.session, room)
    choice = next((m for m in sitting if m.seat == cmd.seat), None)
    if choice is None:
        raise Malformed("seat", Text("没有该席位", "There is no such seat"))
    if room.chair:
        raise Stale
    before = room.stage
    act(work, project, room, members=sitting, choice=choice, may_chair=clause(project, f"committee.representative_may_chair.{project.field}", work.moment))
    ballot = work.session.scalar(select(Ballot).where(Ballot.member == member.id).with_for_update())
    if ballot is None:
        work.keep(Ballot(session=room.id, member=member.id, choice=choice.id))
    else:
        ballot.choice = choice.id
    work.session.flush()
    cast = work.session.execute(select(Ballot.member, Ballot.choice).where(Ballot.session == room.id))
    voices = Counter(chosen for voter, chosen in cast if voter in {m.id for m in sitting})
    if 2 * voices[choice.id] > len(sitting):
        room.chair = choice.id
        if before != "gathered":
            room.stage = before  # a new chair in the middle takes over where the old one stood
        work.enter(project.id, voices=sum(voices.values()), chair=choice.seat)
    else:
        room.stage = before
        work.enter(project.id, voices=sum(voices.values()))
    return room
