"""Rooms enter the house, with their seats, hours and buffers. What stands already is left as it is."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.identity.reads import roles
from kernel.machine import Facts
from kernel.values import MINUTE
from rooms.procedure import PLACES
from rooms.records import Room, Seat

DAY_MINUTES = 24 * 60


class Furniture(Cmd):
    """hours: ISO weekday → (from, to) in minutes after midnight · late: any day, with a reason · buffer in minutes."""

    kind: str = Field(pattern="^(opening|evaluation)$")
    number: int = Field(ge=1, le=999)
    name: str = Field(min_length=1, max_length=40)
    name_en: str = Field(min_length=1, max_length=60)
    seats: int = Field(ge=1, le=500)
    equipment: tuple[str, ...] = Field(default=(), max_length=20)
    floor: int = Field(default=1, ge=-5, le=60)
    zone: str = Field(default="", max_length=32)
    wing: str = Field(default="", max_length=16)
    hours: dict[int, tuple[int, int]]
    late: tuple[int, int] = (360, DAY_MINUTES)
    buffer: int = Field(ge=0, le=240)
    advance_days: int = Field(default=90, ge=1, le=730)


class Furnish(Cmd):
    rooms: tuple[Furniture, ...] = Field(min_length=1, max_length=200)


@command("rooms.furnish", opens="now")
def furnish(work: Work, cmd: Furnish) -> tuple[Room, ...]:
    """By a registrar or the room manager; the list of rooms is no secret."""
    work.step(PLACES, "open", roles(work.session, work.actor, work.moment), Facts(now=work.moment))
    known = {(kind, number) for kind, number in work.session.execute(select(Room.kind, Room.number))}
    made: list[Room] = []
    for one in cmd.rooms:
        if (one.kind, one.number) in known:
            continue
        known.add((one.kind, one.number))
        room = work.keep(Room(
            kind=one.kind, number=one.number, name=one.name, name_en=one.name_en, seats=one.seats, equipment=sorted(one.equipment),
            floor=one.floor, zone=one.zone, wing=one.wing, hours={str(day): list(span) for day, span in one.hours.items()}, late=list(one.late),
            buffer_ms=one.buffer * MINUTE, advance_days=one.advance_days,
        ))
        work.session.flush()
        for index in range(one.seats):
            work.keep(Seat(room=room.id, label=label(one.kind, index)))
        made.append(room)
    work.enter("rooms", rooms=[f"{room.kind}-{room.number}" for room in made])
    return tuple(made)


def label(kind: str, index: int) -> str:
    """Seats of an evaluation room bear letters while they last, all others numbers."""
    return chr(ord("A") + index) if kind == "evaluation" and index < 26 else str(index + 1)
