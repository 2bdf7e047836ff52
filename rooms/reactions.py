"""After an act: asked slots are held at once, rooms come free when their tender or session is over."""
import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.command import SYSTEM
from kernel.errors import Refused, Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from kernel.values import local, show_time
from rooms.desk import progress
from rooms.hold import Hold, hold
from rooms.records import Booking, Room
from rooms.release import Release, release
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre

ENDINGS = (
    "trading.projects.withdraw", "trading.projects.terminate", "trading.projects.fail", "trading.opening.return_unopened",
    "trading.opening.sign_record", "evaluation.seal",
)


@reaction("rooms.book", "rooms.move")
def hold_at_once(centre: "Centre", entry: Entry) -> None:
    """Holds what was asked; what cannot be held stays asked, and whoever asked hears of free slots."""
    body = json.loads(entry.payload)["body"]
    for id in body.get("bookings", [body.get("booking")]):
        try_hold(centre, id)


def try_hold(centre: "Centre", id: str) -> bool:
    with centre.reading() as session:
        booking = session.get(Booking, id)
        if booking is None or booking.stage != "asked":
            return False
    try:
        hold(centre, SYSTEM, Hold(booking=id))
    except Refused as refusal:
        _tell(centre, booking, refusal)
        return False
    return True


@reaction("rooms.release", "rooms.overrule")
def offer_to_waiting(centre: "Centre", entry: Entry) -> None:
    """The room that came free goes to those who asked for this time, the first one first."""
    with centre.reading() as session:
        freed = session.get(Booking, json.loads(entry.payload)["body"]["booking"])
        if freed is None or freed.stage != "released":
            return
        waiting = list(session.scalars(select(Booking.id).where(
            Booking.room == freed.room, Booking.stage == "asked", Booking.from_ms >= entry.moment,
            Booking.busy_from < freed.busy_to, Booking.busy_to > freed.busy_from,
        ).order_by(Booking.asked, Booking.id)))
    for id in waiting:
        try_hold(centre, id)


@reaction(*ENDINGS)
def free_when_over(centre: "Centre", entry: Entry) -> None:
    """The sessions of a tender that are over give their rooms back."""
    with centre.reading() as session:
        project = session.get(Project, entry.on)
        if project is None:
            return
        standing = session.scalars(select(Booking).where(Booking.project == project.id, Booking.stage != "released"))
        over = [booking.id for booking in standing if progress(session, booking, project)["over"]]
    for id in over:
        release(centre, SYSTEM, Release(booking=id))


@reaction("rooms.move", "rooms.overrun", "rooms.overrule")
def tell_displaced(centre: "Centre", entry: Entry) -> None:
    """Whoever had to give way hears of it: the new room, or that another slot is offered. No word of the other side."""
    payload = json.loads(entry.payload)
    body = payload["body"]
    if "step" in payload or (entry.tag == "rooms.move" and "moved" not in body):
        return
    with centre.database.writing() as session:
        for id in body.get("moved", [body["booking"]]):
            booking = session.get_one(Booking, id)
            room = session.get_one(Room, booking.room)
            if "moved" not in body:
                text = Text("您锁定的场地已被撤销，请按场地管理员提供的时段改约。",
                            "Your booking was overruled; please take the slot the room manager offers.")
            else:
                span = f"{show_time(booking.from_ms)}–{local(booking.to_ms):%H:%M}"
                text = Text(f"您的场次现为{room.name} {span}。", f"Your session is now in {room.name_en}, {span}.")
            send(session, f"rooms.displaced/{booking.id}/{entry.key}", booking.booked_by, centre.clock.now(session),
                 Text("场地变更", "Change of room"), text, on=booking.project)
        session.commit()


def _tell(centre: "Centre", booking: Booking, refusal: Refused) -> None:
    """One message to whoever asked; no title, no tender, only their own slot and what is free."""
    needed = refusal.reason.needed or Text("", "")
    with centre.database.writing() as session:
        send(session, f"rooms.asked/{booking.id}/{booking.asked}", booking.booked_by, centre.clock.now(session),
             Text("预约的场地暂不可用", "The room you asked for is not free"),
             Text(f"请改约其他时段。{needed.zh}", f"Please choose another slot. {needed.en}"), on=booking.project)
        session.commit()
