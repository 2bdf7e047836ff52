"""Where acts on bookings begin: rows held in one order, facts gathered, a refusal answered with free slots."""
from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from kernel.command import Work
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Reason, Refused, Stale, Text
from kernel.machine import Facts, Procedure, Step
from kernel.values import iso
from law.masks import session_code
from law.registry import in_force
from law.stages import ENDS
from rooms.procedure import BOOKING
from rooms.records import Apart, Booking, Presence, Room
from rooms.rules import Ask
from rooms.taken import nearest_free
from trading import asks
from trading.desk import keep_apart
from trading.opening.records import Opening
from trading.projects.records import Project
from trading.relations import relations

CLAUSES = ("rooms.no_show_minutes", "rooms.no_move_hours")


def hold_rooms(work: Work, *ids: str) -> list[Room]:
    """The rooms, locked in one order so that two acts never wait for each other. NotYours: there is none."""
    rows = {room.id: room for room in work.session.scalars(
        select(Room).where(Room.id.in_(set(ids))).order_by(Room.id).with_for_update())}
    if set(rows) != set(ids):
        raise NotYours
    return [rows[id] for id in ids]


def hold_booking(work: Work, id: str, *rooms: str) -> tuple[Booking, Project, list[Room]]:
    """The booking with its room (and further rooms) locked, and its tender. Stale: it moved in between."""
    booking = work.session.get(Booking, id)
    if booking is None:
        raise NotYours
    before = booking.room
    held = hold_rooms(work, before, *rooms)
    work.session.refresh(booking, with_for_update=True)
    if booking.room != before:
        raise Stale
    hold_apart(work, booking.project)
    return booking, work.session.get_one(Project, booking.project), held


def hold_apart(work: Work, project: str) -> None:
    """Locks what keeps the tender apart from others, so that two of them do not enter one corridor at once."""
    work.session.execute(select(Apart.id).where(or_(Apart.project == project, Apart.other == project)).order_by(Apart.id).with_for_update())


def own(work: Work, booking: Booking) -> None:
    """NotYours: an organisation's hands on somebody else's booking."""
    if work.actor.org and booking.party != work.actor.org:
        raise NotYours


def progress(session: Any, booking: Booking, project: Project) -> dict[str, bool]:
    """present: the session itself has begun and goes on, whoever took the room · over: nothing is left to do in it."""
    ended = project.stage in (*ENDS, "archived")
    if booking.kind == "opening":
        opening = session.scalar(select(Opening).where(Opening.project == project.id))
        signed = opening is not None and opening.signed is not None
        return {"present": opening is not None and opening.started is not None and not signed, "over": ended or signed}
    sealed = asks.session_sealed(session, project.id)
    return {"present": asks.session_gathered(session, project.id) and not sealed, "over": ended or sealed}


def decide(work: Work, stage: str, project: Project, procedure: Procedure = BOOKING, while_suspended: bool = False, **facts: Any) -> Step:
    """Asks the table. Roles are the actor's relations to the tender."""
    held = relations(work.session, work.actor, project, work.moment)
    day = work.centre.today(work.moment)
    step = work.step(procedure, stage, held, Facts(
        now=work.moment, stage=stage, calendar=calendar(work.session), clauses={name: in_force(name, day) for name in CLAUSES}, **facts))
    if project.suspended and not while_suspended:
        raise Refused(Reason("not_suspended"))
    keep_apart(held, step.role)
    return step


def place(work: Work, booking: Booking, room: Room, start: int, end: int) -> None:
    """Writes where and when; the code of the session follows the day and the room."""
    booking.room, booking.from_ms, booking.to_ms = room.id, start, end
    booking.busy_from, booking.busy_to = start, end + room.buffer_ms
    booking.code = session_code(work.centre.secret("session"), work.centre.today(start).isoformat(), room.id)
    with work.session.no_autoflush:  # what the database refuses is heard in `write`
        for someone in work.session.scalars(select(Presence).where(Presence.booking == booking.id, Presence.stage == "held")):
            someone.busy_from, someone.busy_to = start, end


def slot(booking: Booking, room: Room) -> str:
    """A slot's id in the ledger: kind-number/from/to."""
    return f"{room.kind}-{room.number}/{iso(booking.from_ms)}/{iso(booking.to_ms)}"


def write(work: Work, ask: Ask, but: str = "") -> None:
    """Sends the rows to the database, whose constraint has the last word. Refused("slot_free") when it says no."""
    try:
        work.session.flush()
    except IntegrityError as error:
        found = str(error.orig)
        if "no_overlap" not in found:
            raise
        work.session.rollback()
        reason = Reason("slot_free", found=Text("该时段已被占用", "the slot is taken"), under=BOOKING.index["rooms.hold"].under)
        if "person_no_overlap" in found:
            raise Refused(replace(reason, found=Text("有人员在该时段另有场次", "somebody is expected in another session then"))) from error
        raise Refused(with_free_slots(work, reason, ask, but)) from error


def with_free_slots(work: Work, reason: Reason, ask: Ask, but: str = "") -> Reason:
    """The same reason with the three nearest free slots: in words, and as values for the page's buttons."""
    near = nearest_free(work.session, ask.kind, ask.seats, ask.start, ask.end - ask.start, 4, now=work.moment,
                        wishes=ask.wishes, extended=bool(ask.reason), but=but)
    own = work.session.get(Booking, but) if but else None
    free = [one for one in near if own is None or (one.room, one.start) != (own.room, own.from_ms)][:3]
    if not free:
        return replace(reason, needed=Text("近期无空闲时段", "no free slot in the coming weeks"))
    needed = Text("可改为：" + "；".join(one.words.zh for one in free), "free: " + "; ".join(one.words.en for one in free))
    slots = [{"room": one.room, "start": one.start, "end": one.end, "words": one.words} for one in free]
    return replace(reason, needed=needed, values=reason.values | {"alternatives": slots})
