"""What stands on screens that anybody may read: tiles of the front page, the hall's wall, the doors. secrecy.csv wall_screens, door_screens.

`wall` and `door_screen` are the masked views. A screen shows a frame made of them (`rooms.show`) and nothing else: `shown_wall`, `shown_door`."""
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.command import PUBLIC
from kernel.errors import NotYours, Text
from kernel.values import day_of, instant
from law.secrecy import form
from rooms.reads import Bar, bar_of
from rooms.records import STANDING, Booking, Frame, Room
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


@dataclass(frozen=True)
class Announced:
    """One opening on the hall's screen."""

    start: int
    end: int
    room: Text
    way: Text
    words: Text


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
    return Text(" ".join(word for word in (f"{room.floor} 层", room.zone, room.wing) if word), f"Floor {room.floor}")


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


WALL = "wall"  # the place of the hall's screen; the place of a door is its room's id
LINES = 12  # of openings that one frame of the hall holds
NEXT = 3  # openings that a door announces


def masked(session: Session, place: str, now: int) -> tuple[dict[str, Any], int]:
    """The text a screen may show at this moment, empty where there is nothing to show, and until when it holds."""
    midnight = instant(day_of(now) + timedelta(days=1))
    if place == WALL:
        today, ways = wall(session, now), {room.id: way_to(room) for room in session.scalars(select(Room))}
        left = [(bar, name) for name, bar in today if bar.end > now]
        lines = [[bar.start, bar.end, *(said for text in (name, ways[bar.room], bar.words) for said in (text.zh, text.en))] for bar, name in left[:LINES]]
        return {"lines": lines, "over": len(today) - len(left)} if today else {}, min([bar.end for bar, _ in left] + [midnight])
    screen = door_screen(session, place, now)
    following = [[start, words.zh, words.en] for start, words in screen.following[:NEXT]]
    ends = [at for at in (screen.until, *(start for start, _ in screen.following)) if at]
    said = {"words": [screen.words.zh, screen.words.en] if screen.words else [], "until": screen.until, "following": following}
    return {name: value for name, value in said.items() if value}, min([*ends, midnight])


def shown_wall(session: Session, now: int) -> tuple[tuple[Announced, ...], int]:
    """What the hall's screen shows, and how many openings of today are over."""
    text = _shown(session, WALL, now)
    rows = (Announced(start, end, Text(*said[:2]), Text(*said[2:4]), Text(*said[4:])) for start, end, *said in text.get("lines", ()))
    return tuple(rows), text.get("over", 0)


def shown_door(session: Session, room: str, now: int) -> Screen:
    """What the screen at a door shows: what was shown last, dark once that is over. NotYours: no such room."""
    found = session.get(Room, room)
    if found is None:
        raise NotYours
    text = _shown(session, room, now)
    words = text.get("words")
    return Screen(Text(found.name, found.name_en), Text(*words) if words else None, way_to(found), WHO[found.kind], text.get("until"),
                  tuple((start, Text(zh, en)) for start, zh, en in text.get("following", ())))


def _shown(session: Session, place: str, now: int) -> dict[str, Any]:
    return session.scalar(select(Frame.text).where(Frame.place == place, Frame.until > now)) or {}
