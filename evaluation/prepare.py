"""The evaluation is prepared: a session under a code, in a room that is held, for a number of hours."""
import hashlib
import hmac

from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act
from evaluation.records import Session
from evaluation.rules.tie import CENTRE
from kernel.centre import Centre
from kernel.command import Cmd, Work, command
from kernel.draw import commit
from kernel.errors import NotYours, Stale
from kernel.values import new_id
from rooms.records import Booking
from trading.projects.records import Project


class Prepare(Cmd):
    """hours: how long the task needs (实施条例 第四十八条: reasonable time)."""

    project: str = Field(max_length=32)
    hours: int = Field(ge=1, le=240)


@command("evaluation.prepare", opens="announced", signed=True)
def prepare(work: Work, cmd: Prepare) -> Session:
    """Stale when it is prepared already. The centre's contribution to a tie's draw is promised here, before any bid is known."""
    project = work.session.get(Project, cmd.project, with_for_update=True)
    if project is None:
        raise NotYours
    if work.session.scalar(select(Session.id).where(Session.project == project.id)):
        raise Stale
    booking = work.session.scalar(select(Booking).where(
        Booking.project == project.id, Booking.kind == "evaluation", Booking.stage.in_(("held", "used"))).order_by(Booking.from_ms))
    id = new_id()
    room = Session(
        id=id, project=project.id, code=booking.code if booking else "", booking=booking.id if booking else "", stage="booked",
        starts=booking.from_ms if booking else 0, hours=cmd.hours, tie_commit=commit(CENTRE, tie_share(work.centre, id)),
        chair="", halted="", halted_by="", outcome="", totals_digest="", report_blob="", report_digest="", sealed_blob="", sealed_digest="",
    )
    act(work, project, room, area=False, booking=booking)
    work.keep(room)
    work.enter(project.id, code=room.code, hours=cmd.hours, tie_commit=room.tie_commit)
    return room


def tie_share(centre: Centre, session_id: str) -> bytes:
    """The centre's 32 bytes for a tie of this session; only their commitment is known before a tie is drawn."""
    return hmac.new(centre.secret("evaluation-tie"), session_id.encode(), hashlib.sha256).digest()
