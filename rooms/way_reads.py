"""Requests for a slot, as each side may know them: the holder what is offered, who asked how it was answered. Neither learns of the other."""
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import Text
from rooms import reads
from rooms.records import Room, Way
from rooms.taken import Free


@dataclass(frozen=True)
class Request:
    """mine: the reader asked · state: open, agreed, refused or lapsed · words: the slot offered instead, for the holder alone."""

    way: str
    mine: bool
    state: str
    until: int
    words: Text | None


def requests(session: Session, actor: Actor, booking: str, now: int) -> tuple[Request, ...]:
    """NotYours where the viewer may not see the booking; those of a holder only while they can be answered."""
    _, bar = reads.booking(session, actor, booking, now)
    found = []
    for way in session.scalars(select(Way).where(or_(Way.booking == booking, Way.holder == booking)).order_by(Way.asked)):
        mine = way.booking == booking
        state = "lapsed" if way.state == "open" and now >= way.until else way.state
        if mine or (state == "open" and bar.own):
            room = session.get_one(Room, way.room)
            words = None if mine else Free(room.id, Text(room.name, room.name_en), way.from_ms, way.to_ms).words
            found.append(Request(way.id, mine, state, way.until, words))
    return tuple(found)
