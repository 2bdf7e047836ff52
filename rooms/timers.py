"""What falls due in rooms: nobody came for 30 minutes, an asked slot has passed, an offer was let go, a session is over."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import SYSTEM
from kernel.timers import Due, timer
from kernel.values import MINUTE, day_of
from law.registry import in_force
from law.stages import ENDS
from rooms.desk import progress
from rooms.reactions import pass_on
from rooms.records import Booking
from rooms.release import Release, release
from rooms.rules import EARLY
from trading.projects.records import Project


@timer
def rooms_due(session: Session, now: int) -> list[Due]:
    """One line per booking that is not released; its key carries the start, so that a moved booking falls due anew.
    A session cannot have begun or ended before its room may be taken, so later ones are not asked about."""
    wait = in_force("rooms.no_show_minutes", day_of(now)).value * MINUTE
    due = []
    for booking, project in session.execute(select(Booking, Project).join(Project, Project.id == Booking.project).where(Booking.stage != "released")):
        far = booking.from_ms - EARLY > now and project.stage not in ENDS
        state = {"over": False, "present": False} if far else progress(session, booking, project)
        if state["over"]:
            due.append(_release(booking, "over", now))
        elif booking.stage == "asked":
            due.append(_release(booking, "lapsed", booking.from_ms))
            if booking.offered is not None:
                due.append(_lapse(booking.id, booking.offered))
        elif booking.stage == "held" and not state["present"]:
            due.append(_release(booking, "no_show", booking.from_ms + wait))
    return due


def _lapse(booking: str, moment: int) -> Due:
    return Due(f"rooms.offered/{booking}/{moment}", moment, lambda centre: pass_on(centre, booking))


def _release(booking: Booking, why: str, moment: int) -> Due:
    cmd = Release(booking=booking.id)
    return Due(f"rooms.{why}/{booking.id}/{booking.from_ms}", moment, lambda centre: release(centre, SYSTEM, cmd))
