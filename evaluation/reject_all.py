"""With fewer than three valid bids and no competition the committee rejects all; the tender fails after the report."""
from pydantic import Field

from evaluation.bids import valid
from evaluation.desk import act, hold, members, yes_votes
from evaluation.records import Session
from evaluation.report import write
from kernel.canonical import salted
from kernel.command import Cmd, Work, command


class RejectAll(Cmd):
    project: str = Field(max_length=32)
    reason: str = Field(default="", max_length=1000)


@command("evaluation.reject_all", opens="announced", signed=True)
def reject_all(work: Work, cmd: RejectAll) -> Session:
    """Guards: fewer_than_three_valid, competition_lacking_reasoned, majority_reached."""
    project, room = hold(work, cmd.project)
    sitting = members(work.session, room)
    act(work, project, room, valid=len(valid(work.session, project)), reason=cmd.reason, yes=yes_votes(work, room, cmd), members=sitting)
    room.outcome, room.signing_at = "rejected_all", work.moment
    write(work, project, room, sitting, finding=cmd.reason)
    work.enter(project.id, reason=salted(room.row_salt, cmd.reason), report=room.report_digest)
    return room
