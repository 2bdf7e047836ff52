"""Opening room, evaluation room and seats are asked for in one act; the system then holds them."""
from pydantic import Field, model_validator
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Stale, Text
from law.stages import ENDS, REPORTED
from rooms.desk import decide, hold_rooms, place, slot
from rooms.line import wanted
from rooms.records import Booking
from rooms.taken import fitting, nearest_free
from trading.desk import hold as hold_project

LAST = 1 << 42  # ms: the year 2109
EVERY = 500  # slots: as many as a house has


class Slot(Cmd):
    """room: id, or empty for the smallest free one that fits · start, end: ms · reason: for extended hours."""

    kind: str = Field(pattern="^(opening|evaluation)$")
    start: int = Field(ge=0, lt=LAST)
    end: int = Field(ge=0, lt=LAST)
    seats: int = Field(ge=1, le=500)
    room: str = Field(default="", max_length=32)
    wishes: tuple[str, ...] = Field(default=(), max_length=12)
    reason: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def forward(self) -> "Slot":
        if self.end <= self.start:
            raise ValueError("a slot ends after its start")
        return self


class Book(Cmd):
    project: str = Field(max_length=32)
    slots: tuple[Slot, ...] = Field(min_length=1, max_length=12)
    note: str = Field(default="", max_length=200)


@command("rooms.book", opens="never")
def book(work: Work, cmd: Book) -> tuple[Booking, ...]:
    """Guards: room_fits, within_advance_limit, whole_chain (a replay has no committee and needs no evaluation room, another evaluation no opening)."""
    project = hold_project(work, cmd.project)
    ids = [one.room or _smallest(work, one, project.id) for one in cmd.slots]
    rooms = hold_rooms(work, *ids)
    asks = tuple(wanted(room, s.kind, s.seats, s.wishes, s.start, s.end, s.reason) for room, s in zip(rooms, cmd.slots, strict=True))
    standing = {b.kind: b.from_ms for b in work.session.scalars(select(Booking).where(Booking.project == project.id, Booking.stage != "released"))}
    needed = ("opening",) if project.procedure == "replay.lowest" else ("evaluation",) if project.stage in REPORTED else ("opening", "evaluation")
    step = decide(work, "asked", project, asks=asks, standing=standing, needed_kinds=needed)
    if project.stage in (*ENDS, "archived"):
        raise Stale
    party = (work.actor.org or "") if step.role == "agent" else ""
    made = []
    for room, one in zip(rooms, cmd.slots, strict=True):
        booking = Booking(project=project.id, kind=one.kind, seats=one.seats, wishes=list(one.wishes), party=party, stage="asked",
                          booked_by=work.actor.id, note=cmd.note, reason=one.reason, asked=work.moment)
        place(work, booking, room, one.start, one.end)
        made.append(work.keep(booking))
    work.session.flush()
    work.enter(project.id, bookings=[b.id for b in made], slots=[slot(b, r) for b, r in zip(made, rooms, strict=True)])
    return tuple(made)


def _smallest(work: Work, one: Slot, project: str) -> str:
    """A room that fits and is free then, before others one that nobody else waits for; where none is free, the smallest that
    fits: the booking waits for it."""
    free = nearest_free(work.session, one.kind, one.seats, one.start, one.end - one.start, EVERY, now=work.moment,
                        wishes=one.wishes, extended=bool(one.reason), project=project)
    now_free = [slot.room for slot in free if slot.start == one.start]
    waited = set(work.session.scalars(select(Booking.room).where(
        Booking.room.in_(now_free), Booking.stage == "asked", Booking.busy_from < one.end, Booking.busy_to > one.start)))
    if now_free:
        return next((room for room in now_free if room not in waited), now_free[0])
    rooms = fitting(work.session, one.kind, one.seats, one.wishes)
    if not rooms:
        raise Malformed("seats", Text("没有符合条件的场地", "No room of the house fits"))
    return rooms[0].id
