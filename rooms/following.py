"""A tender's times have moved: its sessions follow, and where one cannot, the room manager hears what is free."""
import json
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import SYSTEM
from kernel.errors import Refused, Stale, Text
from kernel.identity.reads import holders
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from rooms.follow import Follow, follow
from rooms.records import Booking
from rooms.rules import KINDS, covers
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre

MOVERS = ("trading.notices.extend", "trading.notices.clarify", "trading.projects.resume")


@reaction(*MOVERS)
def follow_the_deadline(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        project = session.get(Project, entry.on)
        by = moved_by(session, entry)
        if project is None or by <= 0:
            return
        left = [b for b in session.scalars(select(Booking).where(Booking.project == project.id, Booking.stage.in_(("asked", "held"))).order_by(Booking.from_ms))
                if not covers(b.kind, b.from_ms, b.to_ms, project.deadline, project.evaluation_at)]
    for booking in left:
        try:
            follow(centre, SYSTEM, Follow(booking=booking.id, by=by))
        except Stale:  # it has begun meanwhile
            continue
        except Refused as refusal:
            if refusal.reason.rule != "times_moved":
                _tell(centre, entry, booking, refusal)


def moved_by(session: Session, entry: Entry) -> int:
    """By how much an entry has moved the deadline, ms: against the entry that set it before."""
    new = json.loads(entry.payload)["body"].get("deadline")
    before = session.scalars(select(Entry.payload).where(
        Entry.on == entry.on, Entry.number < entry.number, Entry.tag.in_(("trading.projects.set_calendar", *MOVERS))).order_by(Entry.number.desc()))
    old = next((found for payload in before if (found := json.loads(payload)["body"].get("deadline"))), None)
    return new - old if new and old else 0


def _tell(centre: "Centre", entry: Entry, booking: Booking, refusal: Refused) -> None:
    """The room manager, by the session's code, and whoever booked; both with the nearest free slots."""
    kind, needed = KINDS[booking.kind], refusal.reason.needed or Text("", "")
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        for reader in sorted({booking.booked_by, *(person.id for person in holders(session, "room_manager", now))}):
            send(session, f"rooms.collision/{booking.id}/{entry.key}", reader, now, Text("截止顺延，场地冲突待处理", "A deadline moved and its room is not free then"),
                 Text(f"{kind.zh} {booking.code} 未能随项目顺延。{needed.zh}", f"{kind.en} {booking.code} could not follow its tender. {needed.en}"),
                 on=booking.project, link=f"/rooms/bookings/{booking.id}")
        session.commit()
