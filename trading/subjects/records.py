"""Organisations that trade here: buyers, agents, suppliers; one organisation may be several."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record


class Subject(Record):
    """code: unified social credit code (GB 32100-2015). stage: see trading/subjects/procedure.py.

    round counts submissions. Values stay in force while a change of them is under review (SubjectChange).
    """

    __tablename__ = "subject"
    code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    is_buyer: Mapped[int] = mapped_column(Integer, default=0)
    is_agent: Mapped[int] = mapped_column(Integer, default=0)
    is_supplier: Mapped[int] = mapped_column(Integer, default=0)
    stage: Mapped[str] = mapped_column(String(16), default="entered", index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(6), default="")
    contact: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    email: Mapped[str] = mapped_column(String(160), default="")
    legal_person: Mapped[str] = mapped_column(String(80), default="")
    entered_by: Mapped[str] = mapped_column(Id)
    entered_at: Mapped[int] = mapped_column(BigInteger)
    submitted_at: Mapped[int | None] = mapped_column(BigInteger)
    round: Mapped[int] = mapped_column(Integer, default=0)
    admitted_at: Mapped[int | None] = mapped_column(BigInteger)
    barred_until: Mapped[int | None] = mapped_column(BigInteger)
    bar_decision: Mapped[str] = mapped_column(String(120), default="")
    __table_args__ = (CheckConstraint("is_buyer + is_agent + is_supplier > 0", name="some_kind"),)


class Paper(Record):
    """A licence or proof uploaded for review. kind: licence, qualification, authorisation, other."""

    __tablename__ = "subject_paper"
    subject: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    blob: Mapped[str] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media: Mapped[str] = mapped_column(String(32))
    added: Mapped[int] = mapped_column(BigInteger)


class SubjectChange(Record):
    """New values of a subject's fields. state: waiting (for admission), applied or dropped."""

    __tablename__ = "subject_change"
    subject: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    fields: Mapped[dict[str, object]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(8))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("state in ('waiting','applied','dropped')", name="state"),)


class Assignment(Record):
    """A file drawn for a reviewer. slot: 1 first review, 2 second. round counts submissions."""

    __tablename__ = "subject_assignment"
    subject: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    slot: Mapped[int] = mapped_column(Integer)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("subject", "round", "slot"),)


class Review(Record):
    """What a reviewer decided. result: agreed or returned; reasons: all faults at once."""

    __tablename__ = "subject_review"
    subject: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    slot: Mapped[int] = mapped_column(Integer)
    person: Mapped[str] = mapped_column(Id)
    result: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("result in ('agreed','returned')", name="result"),)


class Membership(Record):
    """A person acts for an organisation. manager: may appoint and dismiss."""

    __tablename__ = "membership"
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    manager: Mapped[int] = mapped_column(Integer, default=0)
    since: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (Index("one_live_membership", "person", unique=True, postgresql_where=text("until is null"), sqlite_where=text("until is null")),)
