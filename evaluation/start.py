"""The chair begins the evaluation: its clock runs from here."""
from pydantic import Field

from evaluation.bids import contenders, counted, frozen_scheme
from evaluation.desk import act, hold, least_members, members
from evaluation.records import Session
from kernel.command import Cmd, Work, command


class Start(Cmd):
    """scheme: digest of the criteria as read on the screen."""

    project: str = Field(max_length=32)
    scheme: str = Field(max_length=64)


@command("evaluation.start", opens="announced", signed=True)
def start(work: Work, cmd: Start) -> Session:
    """Guards: committee_shape, three_qualified_or_works, document_shown."""
    project, room = hold(work, cmd.project)
    least = least_members(project, work.moment)
    _, digest = frozen_scheme(work.session, project)
    act(
        work, project, room, members=members(work.session, room), least=least.value, least_under=least.under,
        qualified=counted(contenders(work.session, project)), scheme_read=cmd.scheme, scheme_digest=digest,
    )
    room.started_at = work.moment
    work.enter(project.id, code=room.code, scheme=digest)
    return room
