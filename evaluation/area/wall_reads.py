"""All sessions at once: the regulator's board of rooms, and the desks of the guard and of whoever organises.

The board says what stands open without a watched read: phase, heads, alarms of the own field. Never a tender, never a name.
What a viewer may not know of a room looks like an empty one.
"""
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session as Database

from evaluation.area.presence import inside, recording
from evaluation.area.reads import AlarmView, Board, _alarm, _alarms, _badges, _heads, board
from evaluation.area.records import Badge, Slip, Watch
from evaluation.desk import members
from evaluation.procedure import STAGES
from evaluation.reads import PHASES, viewer
from evaluation.records import Member, Session
from kernel.command import Actor
from kernel.errors import NotYours, Text
from kernel.identity.reads import roles
from rooms.records import Booking, Room
from trading.projects.records import Project


@dataclass(frozen=True)
class Tile:
    """session: its id, "" where the room is empty for this viewer · done, total: how far the committee is, by phases."""

    room: Text
    session: str = ""
    code: str = ""
    phase: Text | None = None
    present: int | None = None
    seats: int | None = None
    since: int | None = None
    done: int = 0
    total: int = len(STAGES) - 1
    halted: str = ""
    alarms: tuple[AlarmView, ...] = ()
    watched_until: int | None = None


def wall(session: Database, actor: Actor, now: int) -> tuple[Tile, ...]:
    """Every evaluation room in the order of its number, then sessions without a room. NotYours: no regulator."""
    if "regulator" not in roles(session, actor, now):
        raise NotYours
    found = list(session.scalars(select(Room).where(Room.kind == "evaluation").order_by(Room.number)))
    busy: dict[str, Session] = {}
    homeless: list[Session] = []
    for room in session.scalars(select(Session).where(Session.stage.not_in(("booked", "sealed"))).order_by(Session.opened_at)):
        place = session.scalar(select(Booking.room).where(Booking.id == room.booking))
        if place is None:
            homeless.append(room)
        else:
            busy[place] = room
    tiles = [_tile(session, actor, Text(r.name, r.name_en), busy.get(r.id), now) for r in found]
    return (*tiles, *(t for t in (_tile(session, actor, Text(x.code, x.code), x, now) for x in homeless) if t.session))


def _tile(session: Database, actor: Actor, name: Text, room: Session | None, now: int) -> Tile:
    if room is None:
        return Tile(name)
    who = viewer(session, actor, room.project, now)
    if "regulator" not in who.roles or who.form("score_progress") == "none":
        return Tile(name)
    present, away = _heads(session, room.project)
    counted = who.form("attendance") == "full"
    alarms = tuple(_alarm(session, row, figures=True) for row in _alarms(session, room.project)) if who.form("alarms") == "full" else ()
    watched = session.scalar(select(Watch.until).where(
        Watch.project == room.project, Watch.person == actor.id, Watch.until > now).order_by(Watch.until.desc()))
    return Tile(
        name, room.id, room.code, PHASES[room.stage], present if counted else None, present + away if counted else None, room.opened_at,
        STAGES.index(room.stage), len(STAGES) - 1, room.halted, tuple(a for a in alarms if a.settled is None), watched)


@dataclass(frozen=True)
class Place:
    """A session as its regulator addresses it: by its own id, so that no address tells a tender."""

    id: str
    project: str
    code: str
    phase: Text
    halted: str


def place(session: Database, actor: Actor, id: str, now: int) -> Place:
    """NotYours for anybody but a regulator of the tender's field."""
    room = session.get(Session, id) if id.isascii() and id.isalnum() else None
    if room is None or "regulator" not in viewer(session, actor, room.project, now).roles:
        raise NotYours
    return Place(room.id, room.project, room.code, PHASES[room.stage], room.halted)


@dataclass(frozen=True)
class Desk:
    """One session at a terminal of the area. missing: letters of members who are not inside · unverified: (letter, kind) whose
    identity nobody has checked, for who organises · recording: the cameras run, which the opening of the session waits for, for who
    organises · project: for the acts of the desk, never shown."""

    id: str
    project: str
    room: Text
    board: Board
    missing: tuple[str, ...]
    unverified: tuple[tuple[str, str], ...]
    opened: bool
    recording: bool = False


def desks(session: Database, actor: Actor, now: int) -> tuple[Desk, ...]:
    """Sessions that run or are prepared, for the guard and for the agency of each. Empty away from the area's terminals."""
    if actor.kind != "person" or actor.channel != "area":
        return ()
    found = []
    query = select(Session, Room.name, Room.name_en).outerjoin(Booking, Booking.id == Session.booking).outerjoin(Room, Room.id == Booking.room).where(
        or_(Session.stage != "sealed", Session.project.in_(_staying()))).order_by(Session.starts, Session.id)
    for room, name, name_en in session.execute(query):
        seen = _board(session, actor, room, now)
        if seen is None:
            continue
        who = viewer(session, actor, room.project, now)
        present = {m.seat for m in _inside(session, room)}
        known = who.form("attendance") == "count"
        running = recording(session, room.project, "evaluation") if "agent" in who.roles and who.form("recordings") != "none" else None
        found.append(Desk(
            room.id, room.project, Text(name or "评标室", name_en or "Room"), seen, tuple(m.seat for m in members(session, room) if m.seat not in present) if known else (),
            tuple((m.seat, m.kind) for m in members(session, room) if m.verified is None) if "agent" in who.roles else (), room.stage != "booked",
            running is not None and running.closed is None))
    return tuple(found)


def _staying() -> Select[str]:
    """Tenders of which somebody is still in the area, or has a phone in its lockers: the guard lets them out and hands it back."""
    phones = select(Slip.badge).where(Slip.returned.is_(None))
    return select(Badge.project).where(or_(Badge.state == "inside", Badge.id.in_(phones)))


def _board(session: Database, actor: Actor, room: Session, now: int) -> Board | None:
    """As `evaluation.area.reads.board`; before the tender is evaluated the guard's badges alone, and the agency's session by its code."""
    try:
        return board(session, actor, room.project, now)
    except NotYours:
        who = viewer(session, actor, room.project, now)
    if "area_guard" in who.roles and who.form("badges") == "masked":
        return Board(room.code, PHASES[room.stage], room.halted, badges=_badges(session, room.project))
    if "agent" in who.roles and who.stage == "convening":
        return Board(room.code, PHASES[room.stage], room.halted)
    return None


def _inside(session: Database, room: Session) -> list[Member]:
    present = inside(session, room.project)
    return [m for m in members(session, room) if m.person in present]


def own_field_tenders(session: Database, actor: Actor, now: int) -> tuple[tuple[str, str, str, str], ...]:
    """(code, title, stage, suspended) of published tenders that a regulator may halt, those on hold first."""
    scopes = [field for field in ("works", "procurement") if "regulator" in roles(session, actor, now, field)]
    rows = session.scalars(select(Project).where(
        Project.field.in_(scopes), Project.published_at.is_not(None), Project.announced_at.is_(None), Project.stage.not_in(("failed", "terminated")),
    ).order_by(Project.suspended == "", Project.deadline.desc()).limit(30))
    return tuple((p.code, p.title, p.stage, p.suspended) for p in rows)
