"""What the room manager could do about a day or a week: who would be held, who would move, where to and why.

Nothing is written here; `rooms/carry_out.py` takes the acts. The manager sees sessions as on the board, by their code.
"""
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import combinations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Text
from kernel.identity import reads as identity
from kernel.values import HOUR, day_of, instant
from law.registry import in_force
from law.stages import REPORTED
from rooms import reads
from rooms.plan import Request, Space
from rooms.planning.repair import Change, Stand, repair
from rooms.records import STANDING, Apart, Booking, Room
from rooms.rules import covers
from rooms.taken import Free, blocked_of, brought_together, corridor, evaluated_in, faulty, nearest_free, sessions_of, space_of, span_words
from trading.notices.records import Notice
from trading.projects.records import Project

Blocked = tuple[str, int, int, str]  # room, from, until, reason


@dataclass(frozen=True)
class Row:
    """One booking that would change. room, start: where it stands; to_room, to_start: where it would. held: stands already,
    otherwise it is asked and would be held. act: the last act that does it."""

    booking: str
    words: Text
    held: bool
    room: Text
    start: int
    to_id: str
    to_room: Text
    to_start: int
    to_end: int
    why: Text

    @property
    def span(self) -> str:
        return span_words(self.start, self.start + self.to_end - self.to_start)

    @property
    def moves(self) -> bool:
        return (self.room, self.start) != (self.to_room, self.to_start)


@dataclass(frozen=True)
class Stuck:
    """One booking for which there is no room on these terms, and the nearest free slots."""

    booking: str
    words: Text
    held: bool
    room: Text
    start: int
    end: int
    free: tuple[Free, ...]

    @property
    def span(self) -> str:
        return span_words(self.start, self.end)


@dataclass(frozen=True)
class Proposal:
    """rows in the order in which they are to be taken · others: how many held bookings give way for somebody else."""

    first: date
    last: date
    rows: tuple[Row, ...]
    stuck: tuple[Stuck, ...]
    others: int

    @property
    def digest(self) -> str:
        """Names this very proposal, so that what is carried out is what was read."""
        lines = [f"{row.booking} {row.start} {row.to_id} {row.to_start} {row.held}" for row in self.rows]
        return sha256("\n".join([f"{self.first} {self.last}", *lines]).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Closing:
    """A room that somebody thinks of taking out of use for a time."""

    room: str
    start: int
    end: int


def proposed(session: Session, actor: Actor, first: date, last: date, now: int, closing: Closing | None = None) -> Proposal:
    """For bookings that begin on these days and are not over, as if a room were closed. NotYours: not the room manager."""
    if "room_manager" not in identity.roles(session, actor, now):
        raise NotYours
    begin, end = max(instant(first), now), instant(last + timedelta(days=1))
    rooms = {room.id: room for room in session.scalars(select(Room).where(Room.status == "open").order_by(Room.kind, Room.number))}
    found = _bookings(session, rooms, begin, end)
    bound = {booking.id for booking, project in found if _pinned(session, booking, project, now)}
    shunned = _shunned(session, [booking for booking, _ in found], rooms, end, bound)
    again = _again(session, found)
    avoids = {booking.id: shunned.get(booking.id, frozenset()) | again.get(booking.id, frozenset()) for booking, _ in found}
    stands = [_stand(booking, project, end, now, avoids[booking.id], booking.id in bound) for booking, project in found]
    blocked = [(one.room, one.from_ms, one.to_ms, one.reason) for one in blocked_of(session, rooms, begin, end)]
    if closing is not None:
        blocked.append((closing.room, closing.start, closing.end, ""))
    gone: dict[str, list[tuple[int, int]]] = {}
    cleaned = [(b.room, b.busy_from, b.busy_to) for b in sessions_of(session, rooms, begin, end) if b.stage == "released"]
    for room, start, until in (*(one[:3] for one in blocked), *cleaned):
        gone.setdefault(room, []).append((start, until))
    broken = {id for id in rooms if faulty(session, id)}
    named = frozenset().union(*avoids.values())
    spaces = [_off(space_of(room), named - {corridor(room), id}) for id, room in rooms.items() if id not in broken]
    made = repair((s for s in stands if s.room not in broken or s.waiting), spaces, gone, calendar(session))
    by_id = {booking.id: booking for booking, _ in found}
    changed = {change.key for change in made.changes}
    calm = [Change(s.key, s.room, s.request.earliest, s.room, s.request.earliest) for s in stands
            if s.waiting and s.key not in changed and s.key not in made.stuck]
    leaving = {moves.id for _, moves in brought_together(session, now)}
    rows = [_row(session, actor, by_id, rooms, change, blocked, change.key in leaving, now) for change in (*made.changes, *calm)]
    stuck = tuple(_stuck(session, actor, by_id[key], closing, now) for key in made.stuck)
    return Proposal(first, last, tuple(rows), stuck, len(made.others))


def closed(session: Session, name: str, first: date, last: date) -> Closing:
    """A room by kind and number, as the ledger names it, closed on all of these days. NotYours: there is none."""
    kind, _, number = name.partition("-")
    room = session.scalar(select(Room).where(Room.kind == kind, Room.number == int(number))) if number.isdecimal() and len(number) < 4 else None
    if room is None:
        raise NotYours
    return Closing(room.id, instant(first), instant(last + timedelta(days=1)))


def _bookings(session: Session, rooms: dict[str, Room], begin: int, end: int) -> list[tuple[Booking, Project]]:
    query = select(Booking, Project).join(Project, Project.id == Booking.project).where(
        Booking.room.in_(list(rooms)), Booking.stage != "released", Booking.from_ms < end, Booking.busy_to > begin).order_by(Booking.from_ms, Booking.id)
    return [(booking, project) for booking, project in session.execute(query) if booking.stage != "asked" or booking.from_ms >= begin]


def _shunned(session: Session, bookings: list[Booking], rooms: dict[str, Room], end: int, bound: set[str]) -> dict[str, frozenset[str]]:
    """Booking → corridors it keeps off, for sessions of tenders that are kept apart and could meet in time. Each keeps off where the other
    is; of two on one corridor, the one that cannot move, stands or asked first stays there, and the other leaves it: after an overrun, the later one."""
    pairs = {frozenset(row) for row in session.execute(select(Apart.project, Apart.other).where(Apart.ended.is_(None)))}
    bookings = [one for one in bookings if any(one.project in pair for pair in pairs)]
    found: dict[str, set[str]] = {}
    corridors = {corridor(room) for room in rooms.values()} - {""}
    for one, two in combinations(sorted(bookings, key=lambda b: (b.stage == "asked", b.id not in bound, b.stage != "used", b.asked, b.id)), 2):
        if frozenset((one.project, two.project)) not in pairs or not (one.busy_from < _until(two, end) and two.busy_from < _until(one, end)):
            continue
        here, there = corridor(rooms[one.room]), corridor(rooms[two.room])
        found.setdefault(two.id, set()).add(here)
        found.setdefault(one.id, set()).update({there} if here != there else corridors - {here})
    return {id: frozenset(names - {""}) for id, names in found.items()}


def _again(session: Session, bookings: list[tuple[Booking, Project]]) -> dict[str, frozenset[str]]:
    """Booking of another evaluation → rooms in which the tender was evaluated before."""
    return {b.id: frozenset(evaluated_in(session, b.project, b.id)) for b, project in bookings
            if b.kind == "evaluation" and b.taken is None and project.stage in REPORTED}


def _until(booking: Booking, end: int) -> int:
    """An evaluation that waits may be put off until the last day."""
    return end if booking.stage == "asked" and booking.kind == "evaluation" else booking.busy_to


def _off(space: Space, places: frozenset[str]) -> Space:
    """The room with the corridors it does not lie on and the rooms it is not, of those that some session keeps off, among what it offers."""
    return replace(space, equipment=space.equipment | {f"off {name}" for name in places})


def _stand(booking: Booking, project: Project, end: int, now: int, shunned: frozenset[str], bound: bool) -> Stand:
    """What may change. Held sessions keep their time; an evaluation that still waits may be put off until the last day. A slot
    that is being kept for somebody is his."""
    kept = booking.offered is not None and booking.offered > now
    waiting = booking.stage == "asked" and not kept
    latest = end if waiting and booking.kind == "evaluation" else booking.from_ms
    until = max(booking.to_ms, now) if booking.stage == "used" else booking.to_ms
    request = Request(booking.id, booking.kind, booking.seats, booking.from_ms, latest, until - booking.from_ms, bool(booking.reason),
                      frozenset(booking.wishes) | {f"off {name}" for name in shunned}, green=bool(project.green))
    return Stand(request, booking.room, kept or bound, waiting)


def _pinned(session: Session, booking: Booking, project: Project, now: int) -> bool:
    """Those that `rooms.move` refuses: begun or about to, of a suspended tender, an opening whose place has been published."""
    about = booking.from_ms - in_force("rooms.no_move_hours", day_of(now)).value * HOUR
    bound = covers(booking.kind, booking.from_ms, booking.to_ms, project.deadline, project.evaluation_at)
    if booking.stage == "used" or project.suspended or (booking.stage == "held" and bound and now > about):
        return True
    if booking.kind != "opening" or project.published_at is None:
        return False
    corrected = session.scalar(select(func.max(Notice.published_at)).where(Notice.project == project.id, Notice.kind == "clarification"))
    return (corrected or 0) <= booking.asked


def _row(session: Session, actor: Actor, by_id: dict[str, Booking], rooms: dict[str, Room], change: Change, blocked: list[Blocked], apart: bool, now: int) -> Row:
    booking = by_id[change.key]
    room, bar = reads.booking(session, actor, booking.id, now)
    to = rooms[change.to]
    return Row(booking.id, bar.words, booking.stage in STANDING, room, booking.from_ms, to.id, Text(to.name, to.name_en), change.to_start,
               change.to_start + booking.to_ms - booking.from_ms, _why(session, actor, booking, change, blocked, apart, now))


def _why(session: Session, actor: Actor, booking: Booking, change: Change, blocked: list[Blocked], apart: bool, now: int) -> Text:
    if change.made_way:
        _, other = reads.booking(session, actor, change.made_way, now)
        return Text(f"为{other.words.zh}让出场地", f"Makes room for {other.words.en}")
    if change.to == booking.room and change.to_start == booking.from_ms:
        return Text("所约场地空闲", "The room asked for is free")
    reason = next((why for room, start, end, why in blocked if room == booking.room and start < booking.to_ms and booking.from_ms < end), None)
    if reason is not None:
        return Text(f"原场地停用：{reason}", f"The room is blocked: {reason}") if reason else Text("原场地拟停用", "The room is to be blocked")
    if apart:
        return Text("须与同一通道的场次分区", "To be kept apart from a session on its corridor")
    if change.to_start != booking.from_ms:
        return Text("该时段没有空闲场地，顺延", "No room is free then; put off")
    return Text("原场地已被占用", "The room is taken")


def _stuck(session: Session, actor: Actor, booking: Booking, closing: Closing | None, now: int) -> Stuck:
    room, bar = reads.booking(session, actor, booking.id, now)
    free = nearest_free(session, booking.kind, booking.seats, booking.from_ms, booking.to_ms - booking.from_ms, 5, now=now, wishes=booking.wishes,
                        extended=bool(booking.reason), but=booking.id)  # two of them at most are in one room
    open_ones = tuple(one for one in free if closing is None or one.room != closing.room)[:3]
    return Stuck(booking.id, bar.words, booking.stage in STANDING, room, booking.from_ms, booking.to_ms, open_ones)
