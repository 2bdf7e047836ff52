"""What stands on screens that anybody may read: tiles of the front page, the hall's wall, the doors. secrecy.csv wall_screens, door_screens."""
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.command import PUBLIC
from kernel.errors import NotYours, Text
from kernel.values import day_of, instant
from law.secrecy import form
from rooms.reads import Bar, bar_of
from rooms.records import STANDING, Booking, Room
from rooms.taken import sessions_of
from trading.projects.records import Project
from trading.projects.stage import stage_at


@dataclass(frozen=True)
class Tile:
    """One opening room at this moment, for anybody. title: of the published tender opened in it, else None."""

    name: Text
    number: int
    title: str | None
    end: int | None


@dataclass(frozen=True)
class Screen:
    """Finished text of a door or a wall; words None: nothing to show."""

    name: Text
    words: Text | None


def tiles(session: Session, now: int) -> tuple[Tile, ...]:
    """Opening rooms right now. A room is empty to the public whatever stands in it, unless a published tender does."""
    shown = {bar.room: bar for bar in _public(session, now, now + 1, now)}
    return tuple(
        Tile(Text(room.name, room.name_en), room.number, shown[room.id].words.zh if room.id in shown else None, shown[room.id].end if room.id in shown else None)
        for room in session.scalars(select(Room).where(Room.kind == "opening").order_by(Room.number))
    )


def room_counts(session: Session) -> dict[str, int]:
    """How many rooms of each kind the house has: a number that no session changes."""
    return {kind: count for kind, count in session.execute(select(Room.kind, func.count()).group_by(Room.kind))}


def _public(session: Session, start: int, end: int, now: int) -> list[Bar]:
    """Openings of published tenders in [start, end), as anybody may see them."""
    found = []
    query = select(Booking, Project).join(Project, Project.id == Booking.project).where(
        Booking.kind == "opening", Booking.stage.in_(STANDING), Booking.from_ms < end, Booking.to_ms > start).order_by(Booking.from_ms, Booking.room)
    for booking, project in session.execute(query):
        stage = stage_at(project, now)
        if form("wall_screens", {"public"}, project.field, stage, project.stopped_at) == "masked":
            bar = bar_of(session, PUBLIC, booking, project, {"public"}, now)
            found += [bar] if bar else []
    return found


def wall(session: Session, now: int) -> tuple[tuple[Text, Bar], ...]:
    """The hall's screen: today's openings of published tenders with the room's name; of evaluations nothing at all."""
    day = day_of(now)
    names = {room.id: Text(room.name, room.name_en) for room in session.scalars(select(Room))}
    return tuple((names[bar.room], bar) for bar in _public(session, instant(day), instant(day + timedelta(days=1)), now))


def door_screen(session: Session, room: str, now: int) -> Screen:
    """The text at a door. Opening room: the published tender and its time. Evaluation room: 使用中 and the session's
    code while it evaluates, else nothing; never an end, a trade or a number of people. NotYours: no such room."""
    found = session.get(Room, room)
    if found is None:
        raise NotYours
    name = Text(found.name, found.name_en)
    for booking in sessions_of(session, [room], now, now + 1):
        project = session.get_one(Project, booking.project)
        stage = stage_at(project, now)
        if found.kind == "opening":
            bar = next((bar for bar in _public(session, now, now + 1, now) if bar.room == room), None)
            return Screen(name, bar.words if bar else None)
        if booking.stage == "used" and form("door_screens", {"public"}, project.field, stage, project.stopped_at) == "masked":
            return Screen(name, Text(f"使用中 {booking.code}", f"In use {booking.code}"))
    return Screen(name, None)
