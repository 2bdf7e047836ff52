"""What is gone of a room's time, and the nearest time that is not. Queries only."""
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from kernel.daytable.reads import calendar
from kernel.errors import Text
from kernel.values import DAY, MINUTE, day_of, local, show_time
from law.periods import Calendar
from law.stages import REPORTED
from rooms.plan import LOOK_AHEAD_DAYS, Request, Space, Span, earliest, inside_hours, merged, same_day
from rooms.records import STANDING, Apart, Blocking, Booking, Device, Room
from trading.projects.records import Project

HALF_HOUR = 30 * MINUTE


@dataclass(frozen=True)
class Free:
    """A slot that is free now."""

    room: str
    name: Text
    start: int
    end: int

    @property
    def words(self) -> Text:
        span = span_words(self.start, self.end)
        return Text(f"{self.name.zh} {span}", f"{self.name.en} {span}")


def span_words(start: int, end: int) -> str:
    """From when to when, the second day only where there is one."""
    return f"{show_time(start)}–{local(end):%H:%M}" if same_day(start, end) else f"{show_time(start)}–{show_time(end)}"


def space_of(room: Room) -> Space:
    return Space(
        room.id, room.kind, room.seats, {int(day): (span[0], span[1]) for day, span in room.hours.items()},
        (room.late[0], room.late[1]), room.buffer_ms, frozenset(room.equipment),
    )


def sessions_of(session: Session, rooms: Iterable[str], start: int, end: int, but: str = "") -> list[Booking]:
    """Bookings that keep others out of [start, end): standing ones, and used ones whose cleaning is not over."""
    return list(session.scalars(select(Booking).where(
        Booking.room.in_(list(rooms)), Booking.busy_from < end, Booking.busy_to > start, Booking.id != but,
        or_(Booking.stage.in_(STANDING), and_(Booking.stage == "released", Booking.taken.is_not(None))),
    ).order_by(Booking.busy_from)))


def kept_of(session: Session, rooms: Iterable[str], start: int, end: int, now: int, but: str = "") -> list[Booking]:
    """Asked bookings for which [start, end) is being kept, until they take it or the time for that is over."""
    return list(session.scalars(select(Booking).where(
        Booking.room.in_(list(rooms)), Booking.stage == "asked", Booking.offered > now, Booking.busy_from < end, Booking.busy_to > start,
        Booking.id != but).order_by(Booking.busy_from)))


def blocked_of(session: Session, rooms: Iterable[str], start: int, end: int) -> list[Blocking]:
    return list(session.scalars(select(Blocking).where(
        Blocking.room.in_(list(rooms)), Blocking.from_ms < end, Blocking.to_ms > start).order_by(Blocking.from_ms)))


def faulty(session: Session, room: str) -> tuple[str, ...]:
    return tuple(session.scalars(select(Device.label).where(Device.room == room, Device.state == "faulty").order_by(Device.label)))


def partners(session: Session, project: str) -> set[str]:
    """Tenders from which this one is kept apart."""
    rows = session.execute(select(Apart.project, Apart.other).where(or_(Apart.project == project, Apart.other == project), Apart.ended.is_(None)))
    return {one for row in rows for one in row} - {project}


def apart_of(session: Session, project: str, start: int, end: int, now: int) -> dict[str, list[Booking]]:
    """Corridor, named by floor and wing → sessions in [start, end) of tenders from which this one is kept apart."""
    others = partners(session, project)
    found: dict[str, list[Booking]] = {}
    if others:
        standing = or_(Booking.stage.in_(STANDING), and_(Booking.stage == "asked", Booking.offered > now))
        for booking, room in session.execute(select(Booking, Room).join(Room, Room.id == Booking.room).where(
                Booking.project.in_(others), standing, Booking.busy_from < end, Booking.busy_to > start, Room.wing != "")):
            found.setdefault(corridor(room), []).append(booking)
    return found


def brought_together(session: Session, now: int, booking: str = "") -> list[tuple[Booking, Booking]]:
    """Held sessions of tenders kept apart that are on one corridor at one time all the same, since one of them needs longer: who stays,
    and who would have to move, which is the one that has not begun, or begins later. booking: pairs of this one only."""
    pairs = list(session.execute(select(Apart.project, Apart.other).where(Apart.ended.is_(None))))
    found: dict[str, list[tuple[Booking, str]]] = {}
    for one, room in session.execute(select(Booking, Room).join(Room, Room.id == Booking.room).where(
            Booking.project.in_({id for pair in pairs for id in pair}), Booking.stage.in_(STANDING), Booking.busy_to > now, Room.wing != "")) if pairs else ():
        found.setdefault(one.project, []).append((one, corridor(room)))
    met = []
    for left, right in pairs:
        for one, here in found.get(left, ()):
            for two, there in found.get(right, ()):
                if here == there and one.busy_from < two.busy_to and two.busy_from < one.busy_to and booking in ("", one.id, two.id):
                    stays, moves = sorted((one, two), key=lambda b: (b.stage != "used", b.from_ms, b.id))
                    met.append((stays, moves))
    return sorted(met, key=lambda pair: (pair[1].from_ms, pair[1].id, pair[0].id))


def slots_instead(session: Session, booking: Booking, now: int) -> tuple[Free, ...]:
    """The three free slots nearest to a held one, where the session could go."""
    free = nearest_free(session, booking.kind, booking.seats, booking.from_ms, booking.to_ms - booking.from_ms, 4, now=now, wishes=booking.wishes,
                        extended=bool(booking.reason), but=booking.id)
    return tuple(one for one in free if (one.room, one.start) != (booking.room, booking.from_ms))[:3]


def evaluated_in(session: Session, project: str, but: str = "") -> set[str]:
    """Rooms in which the tender was evaluated, once its report is written: an evaluation after that is another one."""
    return set(session.scalars(select(Booking.room).join(Project, Project.id == Booking.project).where(
        Booking.project == project, Booking.kind == "evaluation", Booking.taken.is_not(None), Booking.id != but, Project.stage.in_(REPORTED))))


def corridor(room: Room) -> str:
    return f"{room.floor} {room.wing}" if room.wing else ""


def taken(session: Session, rooms: Iterable[str], start: int, end: int, now: int, but: str = "", project: str = "") -> dict[str, list[Span]]:
    """Room id → merged times that are gone in [start, end), blockings, cleaning and slots kept for somebody included; for the tender of the
    booking `but`, or for `project`, corridors too on which it would meet a tender from which it is kept apart, and rooms in which it was evaluated before."""
    ids = list(rooms)
    found: dict[str, list[Span]] = {room: [] for room in ids}
    for booking in (*sessions_of(session, ids, start, end, but), *kept_of(session, ids, start, end, now, but)):
        found[booking.room].append((booking.busy_from, booking.busy_to))
    whose = project or (session.get_one(Booking, but).project if but else "")
    met = apart_of(session, whose, start, end, now) if whose else {}
    for room in session.scalars(select(Room).where(Room.id.in_(ids))) if met else ():
        found[room.id] += [(one.busy_from, one.busy_to) for one in met.get(corridor(room), ())]
    for blocking in blocked_of(session, ids, start, end):
        found[blocking.room].append((blocking.from_ms, blocking.to_ms))
    for room in found.keys() & evaluated_in(session, whose, but) if whose else ():
        found[room].append((start, end))
    return {room: merged(spans) for room, spans in found.items()}


def fitting(session: Session, kind: str, seats: int, wishes: Iterable[str] = ()) -> list[Room]:
    """Open rooms that fit, the smallest first."""
    rooms = session.scalars(select(Room).where(Room.kind == kind, Room.status == "open", Room.seats >= seats).order_by(Room.seats, Room.number))
    return [room for room in rooms if set(room.equipment) >= set(wishes)]


def nearest_free(
    session: Session, kind: str, seats: int, start: int, length: int, n: int = 3, *,
    now: int, wishes: Iterable[str] = (), extended: bool = False, but: str = "", project: str = "",
) -> tuple[Free, ...]:
    """The n free slots nearest to `start` (before or after, not in the past), one before and one after per room."""
    rooms = fitting(session, kind, seats, wishes)
    # A blocking or session that began before the window is in it: the queries ask for overlap.
    gone = taken(session, [room.id for room in rooms], start - DAY, start + (LOOK_AHEAD_DAYS + 1) * DAY + length, now, but, project)
    days = calendar(session)
    found: list[tuple[int, int, int, Free]] = []
    for room in rooms:
        space = space_of(room)
        request = Request("", kind, seats, max(start, now), start + LOOK_AHEAD_DAYS * DAY, length, extended, frozenset(wishes))
        starts = {earliest(space, gone[room.id], request, days), _latest_before(space, gone[room.id], request, start, now, days)}
        last = now + room.advance_days * DAY
        found += [
            (abs(at - start), room.seats, room.number, Free(room.id, Text(room.name, room.name_en), at, at + length))
            for at in starts if at is not None and at <= last
        ]
    return tuple(free for *_, free in sorted(found, key=lambda one: one[:3])[:n])


def _latest_before(space: Space, busy: list[Span], request: Request, start: int, now: int, days: Calendar) -> int | None:
    """The last start of the same day before `start` that still fits, at full hours and halves."""
    day, at = day_of(start), (start - 1) // HALF_HOUR * HALF_HOUR
    while at >= now and day_of(at) == day:
        end = at + request.length
        free = not any(a < end + space.buffer_ms and at < b for a, b in busy)
        if free and inside_hours(space, at, end, days, request.extended):
            return at
        at -= HALF_HOUR
    return None
