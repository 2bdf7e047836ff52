"""What stands on screens that anybody may read: tiles of the front page, the hall's wall, the doors. secrecy.csv wall_screens, door_screens."""
from dataclasses import dataclass, replace
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
    """Finished text of a door. words, until: what goes on in it, None where there is nothing to show · following: what else is opened in
    it today, start and title, nothing at an evaluation room · way: where it is · who: who may enter."""

    name: Text
    words: Text | None
    way: Text
    who: Text
    until: int | None = None
    following: tuple[tuple[int, Text], ...] = ()


WHO = {
    "opening": Text("投标人代表、招标人（采购人）、代理机构和监督人员", "Bidders' representatives, the buyer, the agency and supervisors"),
    "evaluation": Text("仅限本场评标人员，凭门禁卡；手机先存柜", "Only those of this session, by their badge; phones go into a locker first"),
}


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


def way_to(room: Room) -> Text:
    return Text(f"{room.floor} 层 {room.zone}".strip(), f"Floor {room.floor}")


def ways(session: Session) -> dict[str, Text]:
    """Room id → where it is."""
    return {room.id: way_to(room) for room in session.scalars(select(Room))}


def door_screen(session: Session, room: str, now: int) -> Screen:
    """The text at a door. Opening room: the published tender, its time, and those that follow today. Evaluation room: 使用中 and the session's
    code while it evaluates, else nothing; never an end, a trade or a number of people, and never what comes next. NotYours: no such room."""
    found = session.get(Room, room)
    if found is None:
        raise NotYours
    screen = Screen(Text(found.name, found.name_en), None, way_to(found), WHO[found.kind])
    if found.kind == "opening":
        today = [bar for bar in _public(session, now, instant(day_of(now) + timedelta(days=1)), now) if bar.room == room]
        on = next((bar for bar in today if bar.start <= now), None)
        later = tuple((bar.start, bar.words) for bar in today if bar.start > now)
        return replace(screen, words=on.words if on else None, until=on.end if on else None, following=later)
    for booking in sessions_of(session, [room], now, now + 1):
        project = session.get_one(Project, booking.project)
        stage = stage_at(project, now)
        if booking.stage == "used" and form("door_screens", {"public"}, project.field, stage, project.stopped_at) == "masked":
            return replace(screen, words=Text(f"使用中 {booking.code}", f"In use {booking.code}"))
    return screen
