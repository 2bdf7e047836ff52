"""Boards of the area: what the guard, the agent, the technician and the regulator may see of who is inside."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.area.records import Alarm, Badge, DoorEvent, Recording, Slip, Watch
from evaluation.area.rules import ALARMS
from evaluation.desk import members
from evaluation.reads import PHASES, room_of, viewer
from evaluation.records import Member
from kernel.command import Actor
from kernel.errors import NotYours, Text
from kernel.identity.records import Person


@dataclass(frozen=True)
class BadgeView:
    """code and window for the guard; holder: the kind of a guest, None for a member."""

    code: str
    zone: str
    since: int
    until: int
    state: str
    holder: str | None
    locker: int | None


@dataclass(frozen=True)
class AlarmView:
    id: str
    rule: str
    words: Text
    raised: int
    settled: int | None
    finding: str
    badge: str | None
    figures: dict[str, object] | None


@dataclass(frozen=True)
class DoorView:
    badge: str
    door: str
    kind: str
    guard: str
    at: int


@dataclass(frozen=True)
class Board:
    """None: not for this viewer. inside/outside: members only. recording: running, closed or none; devices as enrolled."""

    code: str
    phase: Text
    halted: str
    inside: int | None = None
    outside: int | None = None
    badges: tuple[BadgeView, ...] | None = None
    doors: tuple[DoorView, ...] | None = None
    alarms: tuple[AlarmView, ...] | None = None
    needs_act: bool | None = None
    recording: str | None = None
    devices: int | None = None


def board(session: Database, actor: Actor, project_id: str, now: int) -> Board:
    """For guard and agent by relation. NotYours for anybody else: a regulator looks through regulator_board."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    if not who.roles & {"area_guard", "agent"} or who.form("score_progress") == "none":
        raise NotYours
    counts, doors, alarms = who.form("attendance"), who.form("door_events"), who.form("alarms")
    inside, outside = _heads(session, project_id) if "count" in (counts, doors) or doors == "masked" else (None, None)
    rows = _alarms(session, project_id)
    return Board(
        room.code, PHASES[room.stage], room.halted, inside, outside,
        _badges(session, project_id) if who.form("badges") == "masked" else None,
        _doors(session, project_id) if doors == "masked" else None,
        tuple(_alarm(session, row, figures=False) for row in rows) if alarms == "masked" else None,
        any(row.settled is None for row in rows) if alarms == "exists" else None,
    )


@dataclass(frozen=True)
class SeatRow:
    """The regulator's line of a seat: who sits there and what is done. own scores stay out of it while they are made."""

    seat: str
    name: str
    kind: str
    chair: bool
    verified: bool
    pledged: bool
    declared: bool
    inside: bool
    recused: str


@dataclass(frozen=True)
class Watched:
    """until: when this view closes unless it is opened again by a new entry."""

    until: int
    board: Board
    seats: tuple[SeatRow, ...]


def regulator_board(session: Database, actor: Actor, project_id: str, now: int) -> Watched:
    """Open only while a watched read of this very person is fresh (evaluation.area.watch); NotYours otherwise."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    fresh = session.scalar(select(Watch.until).where(
        Watch.project == project_id, Watch.person == actor.id, Watch.until > now).order_by(Watch.until.desc()))
    if fresh is None or "regulator" not in who.roles:
        raise NotYours
    held = {b.person: b for b in session.scalars(select(Badge).where(Badge.project == project_id, Badge.kind == "member"))}
    tape = session.scalar(select(Recording).where(Recording.project == project_id, Recording.place == "evaluation"))
    inside, outside = _heads(session, project_id)
    seated = session.execute(select(Member, Person.name).join(Person, Person.id == Member.person).where(Member.session == room.id).order_by(Member.seat))
    rows = tuple(
        SeatRow(m.seat, name, m.kind, m.id == room.chair, m.verified is not None, m.pledged is not None, m.declared is not None,
                m.person in held and held[m.person].state == "inside", m.cause)
        for m, name in seated) if who.form("seat_map") == "full" else ()
    return Watched(fresh, Board(
        room.code, PHASES[room.stage], room.halted, inside, outside, _badges(session, project_id), _doors(session, project_id),
        tuple(_alarm(session, row, figures=True) for row in _alarms(session, project_id)), None,
        "none" if tape is None else "closed" if tape.closed else "running", tape.devices if tape else None), rows)


def devices(session: Database, actor: Actor, project_id: str, now: int) -> tuple[str, ...]:
    """A technician sees seats by letter and nothing else: no session code, no name."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    if who.form("seat_map") != "masked":
        raise NotYours
    return tuple(member.seat for member in members(session, room))


def _heads(session: Database, project: str) -> tuple[int, int]:
    states = list(session.scalars(select(Badge.state).where(Badge.project == project, Badge.kind == "member")))
    return states.count("inside"), len([s for s in states if s in ("issued", "out")])


def _badges(session: Database, project: str) -> tuple[BadgeView, ...]:
    """By code, whose order says nothing. A member's holder is not shown: code and face are enough at a gate."""
    lockers = {badge: locker for badge, locker in session.execute(select(Slip.badge, Slip.locker).where(Slip.returned.is_(None)))}
    rows = session.scalars(select(Badge).where(Badge.project == project).order_by(Badge.code))
    return tuple(
        BadgeView(b.code, b.zone, b.since, b.until, b.state, None if b.kind == "member" else b.holder, lockers.get(b.id)) for b in rows)


def _doors(session: Database, project: str) -> tuple[DoorView, ...]:
    query = select(DoorEvent, Badge.code).join(Badge, Badge.id == DoorEvent.badge).where(DoorEvent.project == project).order_by(DoorEvent.at.desc()).limit(200)
    return tuple(DoorView(code, e.door, e.kind, e.guard, e.at) for e, code in session.execute(query))


def _alarms(session: Database, project: str) -> list[Alarm]:
    return list(session.scalars(select(Alarm).where(Alarm.project == project).order_by(Alarm.raised.desc())))


def _alarm(session: Database, row: Alarm, figures: bool) -> AlarmView:
    code = session.scalar(select(Badge.code).where(Badge.id == row.badge)) if row.badge else None
    return AlarmView(row.id, row.rule, ALARMS[row.rule], row.raised, row.settled, row.finding, code, dict(row.figures) if figures else None)
