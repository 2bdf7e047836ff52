"""Custodians, key ceremonies and what each custodian posted."""
from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record


class Custodian(Record):
    """identity: hex Ed25519 public key enrolled in the ledger. party: centre, regulator, agent, buyer, notary …"""

    __tablename__ = "custodian"
    name: Mapped[str] = mapped_column(String(80))
    party: Mapped[str] = mapped_column(String(16))
    employer: Mapped[str] = mapped_column(String(120))
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled: Mapped[int] = mapped_column(BigInteger)
    ended: Mapped[int | None] = mapped_column(BigInteger)


class Ceremony(Record):
    """custodians: ids in the order of their indices 1..n. key: hex u(Y). stage: r0 → r1 → r2 → ready | broken."""

    __tablename__ = "ceremony"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    k: Mapped[int] = mapped_column(Integer)
    custodians: Mapped[list[str]] = mapped_column(Json)
    stage: Mapped[str] = mapped_column(String(8), default="r0")
    transcript: Mapped[str] = mapped_column(Text, default="")
    key: Mapped[str] = mapped_column(String(64), default="")
    begun: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[str] = mapped_column(Id, default="")


class Round(Record):
    """What custodian `number` (1..n) posted: r0 hash, then commitments, proof and boxes, then its signature. Hex."""

    __tablename__ = "ceremony_round"
    ceremony: Mapped[str] = mapped_column(ForeignKey("ceremony.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    r0: Mapped[str] = mapped_column(String(64), default="")
    commitments: Mapped[list[str]] = mapped_column(Json, default=list)
    proof: Mapped[str] = mapped_column(String(128), default="")
    boxes: Mapped[list[str]] = mapped_column(Json, default=list)
    signature: Mapped[str] = mapped_column(String(128), default="")
    __table_args__ = (UniqueConstraint("ceremony", "number"),)


class Complaint(Record):
    """Custodian `accuser` could not open its box from `accused`. share: hex, published by the accused.

    state: open | settled (the share is good and public) | blamed.
    """

    __tablename__ = "ceremony_complaint"
    ceremony: Mapped[str] = mapped_column(ForeignKey("ceremony.id"), index=True)
    accuser: Mapped[int] = mapped_column(Integer)
    accused: Mapped[int] = mapped_column(Integer)
    share: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("ceremony", "accuser", "accused"),)
