"""A room comes free: the session is over, nobody came, or the tender ended."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from rooms.desk import decide, hold_booking, own, progress
from rooms.records import Booking, Presence


class Release(Cmd):
    booking: str = Field(max_length=32)


@command("rooms.release", opens="never")
def release(work: Work, cmd: Release) -> Booking:
    """Guard: session_over_or_no_show. Allowed while the tender is suspended: an empty room helps nobody. An agency lets go what it
    has only asked for, a slot kept for it among that, and gives back what it does not need, save the opening's room once the file is under review."""
    booking, project, _ = hold_booking(work, cmd.booking)
    own(work, booking)
    state = progress(work.session, booking, project)
    mine = work.actor.org is not None and not state["present"]
    back = mine and (booking.kind == "evaluation" or project.stage == "draft")
    step = decide(work, booking.stage, project, while_suspended=True, from_ms=booking.from_ms, to_ms=booking.to_ms,
                  present=state["present"], over=state["over"], given_back=back)
    standing = "given_back" if back else "no_show"
    booking.cause = "over" if state["over"] or booking.stage == "used" else standing if booking.stage == "held" else "lapsed"
    free(work, booking, step.stage)
    work.enter(project.id, booking=booking.id, cause=booking.cause)
    return booking


def free(work: Work, booking: Booking, stage: str) -> None:
    """Ends a booking and what people owe it. The cleaning of a used room begins now."""
    if booking.taken is not None:
        cleaning = booking.busy_to - booking.to_ms
        booking.busy_from, booking.busy_to = min(booking.busy_from, booking.taken), work.moment + cleaning
    booking.stage, booking.freed, booking.waits, booking.offered = stage, work.moment, None, None
    for someone in work.session.scalars(select(Presence).where(Presence.booking == booking.id)):
        someone.stage = stage
