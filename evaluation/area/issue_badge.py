"""One person, one badge, one window: a seat that was accepted opens the doors from an hour before until the room is left."""
from pydantic import Field
from sqlalchemy import select

from evaluation.area.desk import act, tender
from evaluation.area.records import Badge
from evaluation.records import Session
from experts.reads import seats
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.values import HOUR, short_code

EARLY, LATE = HOUR, 12 * HOUR  # before the start; after the planned end, for a session that runs over


class IssueBadge(Cmd):
    """seat: the letter; whose it is the experts' room knows."""

    project: str = Field(max_length=32)
    seat: str = Field(pattern=r"^[A-Z]$")


@command("evaluation.area.issue_badge", opens="never")
def issue_badge(work: Work, cmd: IssueBadge) -> Badge:
    """Guards: seat_accepted, badge_free (the holder has no other badge of this tender)."""
    project = tender(work, cmd.project)
    room = work.session.scalar(select(Session).where(Session.project == project.id))
    if room is None:
        raise NotYours
    seat = next((s for s in seats(work.session, project.id) if s.letter == cmd.seat), None)
    held = seat is not None and work.session.scalar(select(Badge.id).where(
        Badge.project == project.id, Badge.person == seat.person, Badge.state != "ended"))
    act(work, project, seated=seat is not None, badge_in_use=held)
    assert seat is not None
    end = room.starts + room.hours * HOUR + LATE
    made: Badge = work.keep(Badge(
        project=project.id, code=short_code(8), kind="member", person=seat.person, holder=seat.letter,
        since=min(room.starts - EARLY, work.moment), until=max(end, work.moment + room.hours * HOUR), state="issued"))
    work.enter(project.id, badge=made.code, zone="evaluation", since=made.since, until=made.until)
    return made
