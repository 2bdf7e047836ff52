"""Requests for a slot, as each side may know them: the holder what is offered, who asked how it was answered. Neither learns of the other.
And what an agency has to answer by when."""
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import Text
from rooms import reads
from rooms.records import Booking, Room, Way
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


@dataclass(frozen=True)
class Awaited:
    """An answer that an agency owes. kept: a slot is kept for it, otherwise a green tender asks for its slot."""

    bar: reads.Bar
    until: int
    kept: bool


def awaited(session: Session, actor: Actor, now: int) -> tuple[Awaited, ...]:
    """Of the actor's own organisation, the most pressing first; nothing for others."""
    if actor.org is None:
        return ()
    kept = session.execute(select(Booking.id, Booking.offered).where(Booking.party == actor.org, Booking.stage == "asked", Booking.offered > now))
    asked = session.execute(select(Way.holder, Way.until).join(Booking, Booking.id == Way.holder).where(
        Booking.party == actor.org, Booking.stage == "held", Way.state == "open", Way.until > now))
    found = [(until or 0, True, id) for id, until in kept] + [(until, False, id) for id, until in asked]
    return tuple(Awaited(reads.booking(session, actor, id, now)[1], until, mine) for until, mine, id in sorted(found))
