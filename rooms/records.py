"""The house as the database knows it: rooms, seats, devices, blockings, bookings, and who is expected where."""
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record
from rooms.overlap import forbid_overlap

STANDING = ("held", "used")  # stages in which a booking keeps everybody else out


class Room(Record):
    """kind: opening | evaluation · number counts inside its kind · zone: 开标区 and the like · wing: the
    corridor on which its door opens, empty where that is not recorded.

    equipment: sorted words (screen, projector, recording …) · hours: ISO weekday "1" … "7" → [from, to] in minutes
    after midnight, a day left out is closed · late: the same for bookings with a reason for extended hours, any day
    buffer_ms: for cleaning, after each session · advance_days: how far ahead it may be booked.
    """

    __tablename__ = "room"
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    seats: Mapped[int] = mapped_column(Integer)
    equipment: Mapped[list[str]] = mapped_column(Json, default=list)
    floor: Mapped[int] = mapped_column(Integer, default=1)
    zone: Mapped[str] = mapped_column(String(32), default="")
    wing: Mapped[str] = mapped_column(String(16), default="")
    hours: Mapped[dict[str, list[int]]] = mapped_column(Json)
    late: Mapped[list[int]] = mapped_column(Json)
    buffer_ms: Mapped[int] = mapped_column(BigInteger)
    advance_days: Mapped[int] = mapped_column(Integer, default=90)
    status: Mapped[str] = mapped_column(String(8), default="open")
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("kind in ('opening','evaluation')", name="kind"),
        CheckConstraint("status in ('open','closed')", name="status"),
        CheckConstraint("seats > 0 and buffer_ms >= 0", name="sizes"),
    )


class Seat(Record):
    """A place at a table in a room, by letter (evaluation) or number (opening)."""

    __tablename__ = "room_seat"
    room: Mapped[str] = mapped_column(ForeignKey("room.id"), index=True)
    label: Mapped[str] = mapped_column(String(4))
    __table_args__ = (UniqueConstraint("room", "label"),)


class Device(Record):
    """A terminal, camera, screen or door with its own Ed25519 key (hex). state: whole | faulty | retired."""

    __tablename__ = "room_device"
    room: Mapped[str] = mapped_column(ForeignKey("room.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="whole")
    tested: Mapped[int | None] = mapped_column(BigInteger)
    enrolled: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("state in ('whole','faulty','retired')", name="state"),)


class Blocking(Record):
    """A room out of use for a time, with the reason."""

    __tablename__ = "room_blocking"
    room: Mapped[str] = mapped_column(ForeignKey("room.id"), index=True)
    from_ms: Mapped[int] = mapped_column(BigInteger)
    to_ms: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("from_ms < to_ms", name="forward"),)


class Booking(Record):
    """One session in one room. [from_ms, to_ms) is the session, [busy_from, busy_to) keeps the room for cleaning too;
    when a used room is released, the busy time becomes what it really was.

    code: four hex by which staff speak of it (secrecy.md §6) · party: organisation that asked, empty for staff
    reason: why it lies outside the open hours · wishes: equipment it needs · freed: when it was released
    waits: since when an asked booking stands in line for its slot · offered: until when the slot is kept for it; once that is
    past, it has left the line.
    """

    __tablename__ = "booking"
    room: Mapped[str] = mapped_column(ForeignKey("room.id"))
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(4))
    from_ms: Mapped[int] = mapped_column(BigInteger)
    to_ms: Mapped[int] = mapped_column(BigInteger)
    busy_from: Mapped[int] = mapped_column(BigInteger)
    busy_to: Mapped[int] = mapped_column(BigInteger)
    stage: Mapped[str] = mapped_column(String(8), default="asked", index=True)
    seats: Mapped[int] = mapped_column(Integer)
    wishes: Mapped[list[str]] = mapped_column(Json, default=list)
    party: Mapped[str] = mapped_column(Id, default="")
    booked_by: Mapped[str] = mapped_column(Id)
    note: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    asked: Mapped[int] = mapped_column(BigInteger)
    waits: Mapped[int | None] = mapped_column(BigInteger)
    offered: Mapped[int | None] = mapped_column(BigInteger)
    taken: Mapped[int | None] = mapped_column(BigInteger)
    freed: Mapped[int | None] = mapped_column(BigInteger)
    cause: Mapped[str] = mapped_column(String(16), default="")
    __table_args__ = (
        CheckConstraint("kind in ('opening','evaluation')", name="kind"),
        CheckConstraint("stage in ('asked','held','used','released')", name="stage"),
        CheckConstraint("from_ms < to_ms and (stage = 'released' or (busy_from <= from_ms and to_ms <= busy_to))", name="buffer_around"),
        CheckConstraint("(stage = 'released') = (freed is not null)", name="released_has_moment"),
        CheckConstraint("waits is null or stage = 'asked'", name="only_asked_waits"),
        CheckConstraint("offered is null or waits is not null", name="offered_in_line"),
        Index("ix_booking_room_busy", "room", "busy_from"),
    )


class Way(Record):
    """A tender of the green channel asks whoever holds the slot it needs to give way. booking: asked, the green one's · holder: held, the
    one asked · room, from_ms, to_ms: the slot offered to the holder instead. Nobody is asked twice for the same."""

    __tablename__ = "room_way"
    booking: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    holder: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    room: Mapped[str] = mapped_column(ForeignKey("room.id"))
    from_ms: Mapped[int] = mapped_column(BigInteger)
    to_ms: Mapped[int] = mapped_column(BigInteger)
    asked: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8), default="open")
    __table_args__ = (
        UniqueConstraint("booking", "holder"),
        CheckConstraint("state in ('open','agreed','refused')", name="state"),
        CheckConstraint("from_ms < to_ms", name="forward"),
    )


class Apart(Record):
    """Two tenders of one agency whose sessions never use one corridor at the same time. project < other. ended: no longer."""

    __tablename__ = "room_apart"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    other: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    ended: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        UniqueConstraint("project", "other"),
        CheckConstraint("project < other", name="ordered"),
    )


class Presence(Record):
    """A person expected in a booked session; nobody is expected in two rooms at once. Times follow the booking."""

    __tablename__ = "room_presence"
    booking: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    busy_from: Mapped[int] = mapped_column(BigInteger)
    busy_to: Mapped[int] = mapped_column(BigInteger)
    stage: Mapped[str] = mapped_column(String(8), default="held")
    __table_args__ = (
        UniqueConstraint("booking", "person"),
        CheckConstraint("stage in ('held','released')", name="stage"),
        CheckConstraint("busy_from < busy_to", name="forward"),
    )


class Frame(Record):
    """What a screen shows. place: a room's id, for its door, or "wall" · text: finished, as the masked view gave it, empty where there is
    nothing to show · digest: of the text, hex · until: when the frame is dark again, unless it was shown anew."""

    __tablename__ = "room_frame"
    place: Mapped[str] = mapped_column(String(16), unique=True)
    text: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("at < until", name="forward"),)


forbid_overlap(Booking.__table__, "no_overlap", "room", STANDING)  # type: ignore[arg-type]
forbid_overlap(Presence.__table__, "person_no_overlap", "person", ("held",))  # type: ignore[arg-type]
