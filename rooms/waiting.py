"""How long evaluations wait after their openings, as booked and at the least: a figure for the room manager."""
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours
from kernel.identity import reads as identity
from kernel.values import DAY, MINUTE, instant
from rooms.plan import Request, same_day
from rooms.planning import sessions
from rooms.planning.classes import House
from rooms.planning.worker import best
from rooms.records import Booking, Room
from rooms.taken import blocked_of, space_of

LONGEST = 14 * DAY  # how far an evaluation could be put off


@dataclass(frozen=True)
class Wait:
    """Minutes, all sessions together: as booked, planned anew, and what no plan can be below."""

    now: int
    planned: int
    least: int


def least_wait(session: Session, actor: Actor, first: date, last: date, now: int) -> Wait:
    """For evaluations booked to begin on these days and to end on the same; an opening keeps its time. NotYours: not the room manager."""
    if "room_manager" not in identity.roles(session, actor, now):
        raise NotYours
    begin, end = instant(first), instant(last + timedelta(days=1))
    rooms = list(session.scalars(select(Room).where(Room.kind == "evaluation", Room.status == "open").order_by(Room.number)))
    booked = list(session.scalars(select(Booking).where(
        Booking.kind == "evaluation", Booking.stage != "released", Booking.from_ms >= begin, Booking.from_ms < end).order_by(Booking.id)))
    booked = [b for b in booked if same_day(b.from_ms, b.to_ms)]
    opened = {b.project: b.to_ms for b in session.scalars(select(Booking).where(
        Booking.kind == "opening", Booking.stage != "released", Booking.project.in_([b.project for b in booked])))}
    asks = [_request(b, min(b.from_ms, opened.get(b.project, b.from_ms))) for b in booked]
    closed = {room.id: tuple((one.from_ms, one.to_ms) for one in blocked_of(session, [room.id], begin, end + LONGEST)) for room in rooms}
    found = best([sessions.Session(ask.key, None, ask) for ask in asks], House(tuple(space_of(room) for room in rooms), closed, calendar(session)))
    ready = {ask.key: ask.earliest for ask in asks}
    return Wait(sum(b.from_ms - ready[b.id] for b in booked) // MINUTE, found.delay, found.least_delay)


def _request(booking: Booking, ready: int) -> Request:
    return Request(booking.id, "evaluation", booking.seats, ready, ready + LONGEST, booking.to_ms - booking.from_ms, bool(booking.reason),
                   frozenset(booking.wishes))
