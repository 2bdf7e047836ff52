"""Rooms as each viewer may see them: the day board, one booking, free slots.

secrecy.csv room_bookings. The public never sees an evaluation room, not even as busy;
the manager sees evaluations by their session code; an agency sees its own sessions whole and what is free.
"""
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Text
from kernel.identity import reads as identity
from kernel.values import MINUTE, instant
from law.secrecy import granted
from rooms.plan import Span, gaps, open_span, same_day
from rooms.records import STANDING, Blocking, Booking, Room
from rooms.rules import KINDS
from rooms.taken import Free, blocked_of, fitting, nearest_free, sessions_of, space_of, span_words, taken
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.subjects.records import Subject


@dataclass(frozen=True)
class Bar:
    """One session on the board; what the viewer may not know is None. end: of the session, busy_to: of the cleaning."""

    room: str
    start: int
    end: int
    busy_to: int
    words: Text
    own: bool = False
    kind: str | None = None
    stage: str | None = None
    booking: str | None = None
    code: str | None = None
    project: str | None = None
    seats: int | None = None
    equipment: tuple[str, ...] | None = None
    note: str | None = None
    late: str | None = None
    green: bool = False
    waits: int | None = None
    offered: int | None = None

    @property
    def span(self) -> str:
        return span_words(self.start, self.end)

    @property
    def overnight(self) -> bool:
        """Does it go on on another day, so that the room is kept sealed in between?"""
        return not same_day(self.start, self.end)


@dataclass(frozen=True)
class Line:
    """One room of the board. open: its hours that day in ms; blocked: spans with their reason, for staff; number: inside its kind."""

    room: str
    kind: str
    name: Text
    seats: int
    open: Span | None
    bars: tuple[Bar, ...]
    blocked: tuple[tuple[int, int, str], ...]
    number: int = 0


def _roles(session: Session, actor: Actor, project: Project, held: set[str], now: int) -> set[str]:
    """Only an organisation of the tender has a relation that this matrix knows."""
    if actor.org and actor.org in (project.buyer, project.agent):
        return relations(session, actor, project, now)
    return held


def bar_of(session: Session, actor: Actor, booking: Booking, project: Project, held: set[str], now: int) -> Bar | None:
    cells = granted("room_bookings", _roles(session, actor, project, held, now), project.field, stage_at(project, now), project.stopped_at)
    by = {cell.role for cell in cells}
    announced = booking.kind == "opening" and project.published_at is not None
    title = Text(project.title, project.title_en or project.title)
    bar = partial(Bar, booking.room, booking.from_ms, booking.to_ms, booking.busy_to)
    staff = partial(bar, kind=booking.kind, stage=booking.stage, booking=booking.id, code=booking.code, seats=booking.seats,
                    equipment=tuple(booking.wishes), late=booking.reason or None, green=bool(project.green), waits=booking.waits, offered=booking.offered)
    if any(cell.form in ("own", "full") for cell in cells):
        return staff(words=title, own=True, project=project.id, note=booking.note)
    if "room_manager" in by:
        words = title if announced else Text(f"{KINDS[booking.kind].zh} {booking.code}", f"{KINDS[booking.kind].en} {booking.code}")
        return staff(words=words, project=project.id if announced else None)
    if booking.stage not in STANDING:
        return None
    if "technician" in by:
        return bar(equipment=tuple(booking.wishes), words=Text("占用", "In use"))
    if announced and "public" in by:
        return bar(words=title, kind=booking.kind, project=project.id, green=bool(project.green))
    return None


def board(session: Session, actor: Actor, day: date, now: int) -> tuple[Line, ...]:
    """All rooms the viewer may see on one day, with his bars. Anybody sees the opening rooms; evaluation rooms are for
    staff and for organisations that have a session of their own there."""
    held = identity.roles(session, actor, now)
    staff = bool(held & {"room_manager", "technician"})
    start, end = instant(day), instant(day + timedelta(days=1))
    rooms = list(session.scalars(select(Room).order_by(Room.kind.desc(), Room.number)))
    found: dict[str, list[Bar]] = {room.id: [] for room in rooms}
    query = select(Booking, Project).join(Project, Project.id == Booking.project).where(
        Booking.busy_from < end, Booking.busy_to > start, Booking.stage != "released").order_by(Booking.from_ms, Booking.room)
    for booking, project in session.execute(query):
        bar = bar_of(session, actor, booking, project, held, now)
        if bar is not None:
            found[booking.room].append(bar)
    blocked: dict[str, list[Blocking]] = {}
    for one in blocked_of(session, found, start, end) if staff else ():
        blocked.setdefault(one.room, []).append(one)
    days = calendar(session)
    return tuple(
        Line(room.id, room.kind, Text(room.name, room.name_en), room.seats, open_span(space_of(room), day, days, False),
             tuple(found[room.id]), tuple((b.from_ms, b.to_ms, b.reason) for b in blocked.get(room.id, ())), room.number)
        for room in rooms if staff or room.kind == "opening" or found[room.id]
    )


def of_project(session: Session, actor: Actor, project_id: str, now: int) -> tuple[tuple[Text, Bar], ...]:
    """The tender's standing bookings that the viewer may see, with the room's name, the earliest first. NotYours: none of its business."""
    project = session.get(Project, project_id)
    if project is None:
        raise NotYours
    held = identity.roles(session, actor, now)
    names = {room.id: Text(room.name, room.name_en) for room in session.scalars(select(Room))}
    rows = session.scalars(select(Booking).where(Booking.project == project_id, Booking.stage != "released").order_by(Booking.from_ms))
    bars = [bar_of(session, actor, row, project, held, now) for row in rows]
    return tuple((names[bar.room], bar) for bar in bars if bar is not None)


def booking(session: Session, actor: Actor, id: str, now: int) -> tuple[Text, Bar]:
    """One booking with its room's name. NotYours where the viewer may not see it whole."""
    row = session.get(Booking, id)
    if row is None or row.stage == "released":
        raise NotYours
    bar = bar_of(session, actor, row, session.get_one(Project, row.project), identity.roles(session, actor, now), now)
    room = session.get_one(Room, row.room)
    if bar is None or bar.booking is None:
        raise NotYours
    return Text(room.name, room.name_en), bar


def asked(session: Session, actor: Actor, now: int) -> tuple[tuple[Text, Bar], ...]:
    """Bookings that wait for a room, for the room manager, the earliest first. NotYours: others."""
    held = identity.roles(session, actor, now)
    if "room_manager" not in held:
        raise NotYours
    names = {room.id: Text(room.name, room.name_en) for room in session.scalars(select(Room))}
    query = select(Booking, Project).join(Project, Project.id == Booking.project).where(Booking.stage == "asked", Booking.to_ms > now)
    bars = [bar_of(session, actor, row, project, held, now) for row, project in session.execute(query.order_by(Booking.from_ms, Booking.room))]
    return tuple((names[bar.room], bar) for bar in bars if bar is not None)


def free_slots(session: Session, actor: Actor, day: date, kind: str, seats: int, length: int, now: int, extended: bool = False) -> tuple[Free, ...]:
    """Gaps of the day in which a session of `length` ms fits, for agencies and the room manager. NotYours: others."""
    _may_book(session, actor, now)
    start, end = instant(day), instant(day + timedelta(days=1))
    rooms = fitting(session, kind, seats)
    gone = taken(session, [room.id for room in rooms], start, end, now)
    days = calendar(session)
    found = []
    for room in rooms:
        space = space_of(room)
        for begin, close in gaps(space, gone[room.id], day, days, extended):
            begin = max(begin, now)
            if close - begin >= length:
                found.append(Free(room.id, Text(room.name, room.name_en), begin, close))
    return tuple(found)


def nearest(session: Session, actor: Actor, kind: str, seats: int, start: int, length: int, now: int, n: int = 3) -> tuple[Free, ...]:
    """The n free slots nearest to a wished start. NotYours: neither agency nor room manager."""
    _may_book(session, actor, now)
    return nearest_free(session, kind, seats, start, length, n, now=now)


@dataclass(frozen=True)
class Place:
    """A room by its id and name."""

    room: str
    name: Text


def place(session: Session, actor: Actor, room: str, now: int) -> Place:
    """For agencies and the room manager, to whom no room of the house is a secret. NotYours: others, or no such room."""
    _may_book(session, actor, now)
    found = session.get(Room, room)
    if found is None:
        raise NotYours
    return Place(found.id, Text(found.name, found.name_en))


def _may_book(session: Session, actor: Actor, now: int) -> None:
    if "room_manager" in identity.roles(session, actor, now):
        return
    org = session.get(Subject, actor.org) if actor.org else None
    if org is None or not org.is_agent or org.stage != "admitted":
        raise NotYours


def held_rooms(session: Session, project: str, kind: str, at: int | None = None) -> list[Room]:
    """Rooms held for a tender, the earliest first; with `at`, those whose session covers that moment. For guards."""
    query = select(Room).join(Booking, Booking.room == Room.id).where(
        Booking.project == project, Booking.kind == kind, Booking.stage.in_(STANDING)).order_by(Booking.from_ms)
    if at is not None:
        query = query.where(Booking.from_ms <= at, Booking.to_ms > at)
    return list(session.scalars(query))


@dataclass(frozen=True)
class Use:
    """Minutes of one kind of room on one day: open, and in sessions (late hours count as used, not as open)."""

    kind: str
    open_minutes: int
    used_minutes: int
    late_sessions: int


def utilisation(session: Session, actor: Actor, day: date, now: int) -> tuple[Use, ...]:
    """How full the house is, for the room manager. NotYours: others, whom the number would tell of evaluations."""
    if "room_manager" not in identity.roles(session, actor, now):
        raise NotYours
    start, end, days = instant(day), instant(day + timedelta(days=1)), calendar(session)
    found = []
    for kind in ("opening", "evaluation"):
        rooms = list(session.scalars(select(Room).where(Room.kind == kind)))
        here = {room.id: open_span(space_of(room), day, days, False) or (start, start) for room in rooms}
        used, late = 0, 0
        for b in sessions_of(session, here, start, end):
            begin, close = (start, end) if same_day(b.from_ms, b.to_ms) else here[b.room]  # at night the room is sealed
            used += max(0, min(b.to_ms, b.freed or b.to_ms, close) - max(b.from_ms, begin))
            late += bool(b.reason) and start <= b.from_ms < end
        found.append(Use(kind, sum(b - a for a, b in here.values()) // MINUTE, used // MINUTE, late))
    return tuple(found)
