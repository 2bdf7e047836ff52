"""Screens follow what goes on in the house: after every act that changes what they may show, and when a frame has had its time."""
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.canonical import canon, sha256
from kernel.command import SYSTEM
from kernel.errors import Refused
from kernel.ledger.entries import Entry
from kernel.reactions import reaction
from kernel.timers import Due, timer
from kernel.values import day_of, instant
from rooms.records import STANDING, Booking, Frame
from rooms.screen_reads import WALL, masked
from rooms.show import Show, show
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre

ROOM_ACTS = ("rooms.hold", "rooms.move", "rooms.follow", "rooms.give_way", "rooms.take", "rooms.overrun", "rooms.release", "rooms.overrule")
TENDER_ACTS = ("trading.notices.publish", "trading.projects.withdraw", "trading.projects.terminate", "trading.projects.fail",
               "trading.opening.return_unopened", "trading.awards.begin_evaluation")


@reaction(*ROOM_ACTS, *TENDER_ACTS)
def refresh_screens(centre: "Centre", entry: Entry) -> None:
    """The hall, the doors that show something, and those behind which the tender has a session today."""
    with centre.reading() as session:
        now = centre.clock.now(session)
        today = session.scalars(select(Booking.room).where(
            Booking.project == entry.on, Booking.stage.in_(STANDING), Booking.from_ms < _midnight(now), Booking.to_ms > now))
        places = {WALL, *today, *session.scalars(select(Frame.place).where(Frame.until > now))}
    for place in sorted(places):
        refresh(centre, place)


@timer
def screens_due(session: Session, now: int) -> list[Due]:
    """Frames that have had their time, and the beginning of a day with openings that anybody may know of."""
    moments = {(frame.place, frame.until) for frame in session.scalars(select(Frame))}
    query = select(Booking).join(Project, Project.id == Booking.project).where(
        Booking.kind == "opening", Booking.stage.in_(STANDING), Booking.to_ms > now, Project.published_at.is_not(None))
    for booking in session.scalars(query):
        day = instant(day_of(booking.from_ms))
        moments |= {(booking.room, day), (WALL, day)}
    return [_due(place, moment) for place, moment in sorted(moments)]


def _due(place: str, moment: int) -> Due:
    return Due(f"rooms.show/{place}/{moment}", moment, lambda centre: refresh(centre, place))


def refresh(centre: "Centre", place: str) -> None:
    """Shows what has changed. A frame that is dark and has nothing to show is left dark."""
    with centre.reading() as session:
        now = centre.clock.now(session)
        text, _ = masked(session, place, now)
        frame = session.scalar(select(Frame).where(Frame.place == place, Frame.until > now))
    digest = sha256(canon(text)).hex()
    if (frame.digest if frame else sha256(canon({})).hex()) == digest:
        return
    try:
        show(centre, SYSTEM, Show(place=place, digest=digest))
    except Refused:  # it has changed meanwhile, by an act of which this will hear
        return


def _midnight(now: int) -> int:
    return instant(day_of(now) + timedelta(days=1))
