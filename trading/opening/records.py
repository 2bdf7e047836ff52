"""The opening: who hosted and attended, what custodians posted, what was opened, read out and judged."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record


class Opening(Record):
    """One per project. record_*: the signed opening record (PDF). prices_read, prices_signed,
    price_*: of two envelopes, when the prices were read out, when the record of that was signed, and the record."""

    __tablename__ = "opening"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    host: Mapped[str] = mapped_column(ForeignKey("person.id"))
    started: Mapped[int | None] = mapped_column(BigInteger)
    read_out: Mapped[int | None] = mapped_column(BigInteger)
    signed: Mapped[int | None] = mapped_column(BigInteger)
    record_blob: Mapped[str] = mapped_column(Id, default="")
    record_digest: Mapped[str] = mapped_column(String(64), default="")
    prices_read: Mapped[int | None] = mapped_column(BigInteger)
    prices_signed: Mapped[int | None] = mapped_column(BigInteger)
    price_blob: Mapped[str] = mapped_column(Id, default="")
    price_digest: Mapped[str] = mapped_column(String(64), default="")


class Attendance(Record):
    """Who signed in, and when he confirmed what was read out; of two envelopes the prices by themselves."""

    __tablename__ = "opening_attendance"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    org: Mapped[str] = mapped_column(Id)
    person: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    confirmed: Mapped[int | None] = mapped_column(BigInteger)
    prices_confirmed: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("project", "person"),)


class Batch(Record):
    """Partial decryptions of custodian `number` for a project, as the canonical batch and its signature. envelope: 1 at the
    opening, 2 for the prices of two envelopes."""

    __tablename__ = "partial_batch"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    envelope: Mapped[int] = mapped_column(Integer, default=1)
    batch: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(128))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("project", "number", "envelope"),)


class GateReport(Record):
    """A custodian's program refused to answer: which of its gates, and when it said so."""

    __tablename__ = "gate_report"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    gate: Mapped[str] = mapped_column(String(40))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("project", "number", "gate"),)


class Failure(Record):
    """A bid nobody could decrypt. cause: bidder (the bid counts as revoked) or other (as withdrawn)."""

    __tablename__ = "opening_failure"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), unique=True)
    cause: Mapped[str] = mapped_column(String(8))
    evidence: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("cause in ('bidder','other')", name="cause"),)


class Lock(Record):
    """The secret of a bidder's own lock of one envelope, encrypted at rest (trading/opening/locks.py)."""

    __tablename__ = "opening_lock"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    envelope: Mapped[int] = mapped_column(Integer, default=1)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(128))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("bid", "envelope"), CheckConstraint("envelope in (1, 2)", name="envelope"))


class Rescued(Record):
    """A file key that the bidder gave in because custodians failed. It fits the commitment of its sealed file."""

    __tablename__ = "opening_rescue"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    part: Mapped[str] = mapped_column(String(12))
    file_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("bid", "part"),)


class OpeningObjection(Record):
    """Raised by a bidder at the opening, answered on the spot by the host (实施条例 第四十四条)."""

    __tablename__ = "opening_objection"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[int | None] = mapped_column(BigInteger)


class Opened(Record):
    """One opened part. state: opened | rubbish | failed. amount: of the price part, absent when the form has none.

    file_key and, where there is one, lock are published with the record; plain: key of the encrypted plain text under home/opened.
    """

    __tablename__ = "opened_part"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), index=True)
    part: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    form: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    file_key: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    lock: Mapped[bytes] = mapped_column(LargeBinary(64), default=b"")
    plain: Mapped[str] = mapped_column(Id, default="")
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("bid", "part"), CheckConstraint("state in ('opened','rubbish','failed')", name="state"))


class Coefficient(Record):
    """A draw of the works coefficient (tdraw/v1): commits before, reveals after the read-out. sealed: party → key of the
    same contribution sealed to the custodians, for a party that falls silent."""

    __tablename__ = "coefficient"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    choices: Mapped[list[str]] = mapped_column(Json)
    commits: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    sealed: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    reveals: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    seed: Mapped[str] = mapped_column(String(64), default="")
    value: Mapped[str] = mapped_column(String(16), default="")


class Unsealed(Record):
    """Partial decryptions by custodian `number` of what silent parties to the coefficient sealed."""

    __tablename__ = "coefficient_partials"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    batch: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("project", "number"),)


class Judgement(Record):
    """Qualification review in procurement: one criterion of one bid. Two persons confirm."""

    __tablename__ = "qualification_judgement"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), index=True)
    passed: Mapped[int] = mapped_column(Integer)
    clause: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    first: Mapped[str] = mapped_column(Id)
    second: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("bid"),)
