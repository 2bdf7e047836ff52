"""Who is in the evaluation area: badges, doors, phones, recordings, alarms, and who watched."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record

KEPT = text("returned is null")


class Badge(Record):
    """一人一卡: one person, one badge, one window. kind: member, or the kind of a guest (law.grounds: area_guest).

    person is empty for a guest without an account; holder is what a guard may read: a seat's letter or the guest's kind.
    leave_until: an approved absence ends then.
    """

    __tablename__ = "area_badge"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    person: Mapped[str] = mapped_column(Id, default="", index=True)
    holder: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(16), default="evaluation")
    since: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8), default="issued")
    escort: Mapped[str] = mapped_column(String(80), default="")
    leave_until: Mapped[int | None] = mapped_column(BigInteger)
    moved: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint("state in ('issued','inside','out','ended')", name="state"),
        CheckConstraint("since < until", name="window"),
        Index("one_place_a_person", "person", unique=True, sqlite_where=text("state = 'inside' and person <> ''"),
              postgresql_where=text("state = 'inside' and person <> ''")),
    )


class DoorEvent(Record):
    """kind: in, out or refused; guard: the name of the rule that refused."""

    __tablename__ = "area_door_event"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    badge: Mapped[str] = mapped_column(ForeignKey("area_badge.id"), index=True)
    door: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(8))
    guard: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("kind in ('in','out','refused')", name="kind"),)


class Slip(Record):
    """A phone in a locker. One phone a locker at a time, one stored phone a badge."""

    __tablename__ = "area_slip"
    badge: Mapped[str] = mapped_column(ForeignKey("area_badge.id"))
    locker: Mapped[int] = mapped_column(Integer)
    stored: Mapped[int] = mapped_column(BigInteger)
    returned: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        Index("one_phone_a_locker", "locker", unique=True, sqlite_where=KEPT, postgresql_where=KEPT),
        Index("one_slip_a_badge", "badge", unique=True, sqlite_where=KEPT, postgresql_where=KEPT),
    )


class Recording(Record):
    """place: opening or evaluation. segments: SHA-256 (hex) of each file as it was closed; devices: how many recorders report.

    With no recorder enrolled the row proves the times alone: no segment, and the root is that of an empty list.
    """

    __tablename__ = "area_recording"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    place: Mapped[str] = mapped_column(String(10))
    devices: Mapped[int] = mapped_column(Integer, default=0)
    started: Mapped[int] = mapped_column(BigInteger)
    first: Mapped[str] = mapped_column(String(64))
    segments: Mapped[list[str]] = mapped_column(Json, default=list)
    gaps: Mapped[int] = mapped_column(Integer, default=0)
    closed: Mapped[int | None] = mapped_column(BigInteger)
    root: Mapped[str] = mapped_column(String(64), default="")
    __table_args__ = (UniqueConstraint("project", "place"), CheckConstraint("place in ('opening','evaluation')", name="place"))


class Alarm(Record):
    __tablename__ = "area_alarm"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    rule: Mapped[str] = mapped_column(String(24))
    badge: Mapped[str] = mapped_column(Id, default="")
    figures: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    cause: Mapped[str] = mapped_column(String(80), unique=True)
    raised: Mapped[int] = mapped_column(BigInteger)
    settled: Mapped[int | None] = mapped_column(BigInteger)
    finding: Mapped[str] = mapped_column(String(24), default="")


class Watch(Record):
    """A regulator's watched read: for 15 minutes from its entry this person may look at this tender's evaluation."""

    __tablename__ = "area_watch"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    file_number: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(300))
    since: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
