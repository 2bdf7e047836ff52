"""A tender from entry to archive: the project, its lots, papers, scoring and reviews."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record


class Project(Record):
    """One tender. Money in the centre's smallest unit, times in ms.

    procedure: which table it moves by (trading/procedures.py). field: works | procurement.
    kind: construction, goods, services, supervision, design … evaluation: comprehensive | lowest_price | benchmark.
    stage is the stage last written; what it is at a moment, `stage.stage_at` tells (closed begins by the clock).
    publish_on: planned day of the notice (ISO). document_digest: what was submitted for review; changed later only by
    a clarification. details: what the notice says in words, by the codes of law/publicity.py, and references to papers.
    mode: M1 custodians alone open bids, M2 the bidder's own lock as well, whose secret is given in within lock_minutes
    of the start. green_at: when it was first marked for the green channel. adviser: who of the centre helps with a
    green draft, empty for none. rescue: the document lets a bidder give its file keys where custodians fail. envelopes: 2 where the price
    is opened by itself, once the committee has judged what the first envelope holds (works only).
    """

    __tablename__ = "project"
    code: Mapped[str] = mapped_column(String(24), unique=True)
    field: Mapped[str] = mapped_column(String(12), index=True)
    procedure: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(16), default="open")
    evaluation: Mapped[str] = mapped_column(String(16), default="comprehensive")
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    buyer: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    agent: Mapped[str | None] = mapped_column(ForeignKey("subject.id"), index=True)
    region: Mapped[str] = mapped_column(String(6), default="")
    budget: Mapped[int] = mapped_column(BigInteger)
    ceiling: Mapped[int | None] = mapped_column(BigInteger)
    deposit: Mapped[int] = mapped_column(BigInteger, default=0)
    plan: Mapped[str] = mapped_column(String(120), default="")
    green: Mapped[str] = mapped_column(String(24), default="")
    adviser: Mapped[str] = mapped_column(Id, default="")
    green_at: Mapped[int | None] = mapped_column(BigInteger)
    stage: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    stopped_at: Mapped[str | None] = mapped_column(String(16))
    stop_cause: Mapped[str] = mapped_column(String(32), default="")
    suspended: Mapped[str] = mapped_column(String(32), default="")
    created_by: Mapped[str] = mapped_column(Id)
    created: Mapped[int] = mapped_column(BigInteger)
    submitted_at: Mapped[int | None] = mapped_column(BigInteger)
    round: Mapped[int] = mapped_column(Integer, default=0)
    publish_on: Mapped[str] = mapped_column(String(10), default="")
    document_digest: Mapped[str] = mapped_column(String(64), default="")
    published_at: Mapped[int | None] = mapped_column(BigInteger)
    document_until: Mapped[int | None] = mapped_column(BigInteger)
    deadline: Mapped[int | None] = mapped_column(BigInteger, index=True)
    evaluation_at: Mapped[int | None] = mapped_column(BigInteger)
    validity_days: Mapped[int] = mapped_column(Integer, default=90)
    mode: Mapped[str] = mapped_column(String(2), default="M1")
    decrypt_minutes: Mapped[int] = mapped_column(Integer, default=30)
    lock_minutes: Mapped[int] = mapped_column(Integer, default=0)
    rescue: Mapped[int] = mapped_column(Integer, default=1)
    envelopes: Mapped[int] = mapped_column(Integer, default=1)
    confirm_minutes: Mapped[int] = mapped_column(Integer, default=10)
    grace_seconds: Mapped[int] = mapped_column(Integer, default=120)
    quorum: Mapped[int] = mapped_column(Integer, default=1)
    floor_price: Mapped[int | None] = mapped_column(BigInteger)
    opened_at: Mapped[int | None] = mapped_column(BigInteger)
    reported_at: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[int | None] = mapped_column(BigInteger)
    awarded_at: Mapped[int | None] = mapped_column(BigInteger)
    announced_at: Mapped[int | None] = mapped_column(BigInteger)
    contracted_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    __table_args__ = (
        CheckConstraint("budget >= 0 and deposit >= 0 and (ceiling is null or ceiling >= 0)", name="money_not_negative"),
        CheckConstraint("(stage in ('failed','terminated')) = (stopped_at is not null)", name="stopped_has_stage"),
        CheckConstraint("field in ('works','procurement')", name="field"),
        CheckConstraint("mode in ('M1','M2') and (mode = 'M2') = (lock_minutes > 0)", name="mode"),
        CheckConstraint("envelopes = 1 or (envelopes = 2 and field = 'works')", name="envelopes"),
    )


class Lot(Record):
    __tablename__ = "lot"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    budget: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("project", "number"),)


class Mandate(Record):
    """The buyer's contract with an agency for one tender. state: open | accepted."""

    __tablename__ = "mandate"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    agent: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    digest: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(8), default="open")
    at: Mapped[int] = mapped_column(BigInteger)


class Document(Record):
    """A file of the tender document. kind: tender_document, bill, drawing, contract_draft, clarification …"""

    __tablename__ = "project_document"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(200))
    blob: Mapped[str] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = mapped_column(BigInteger)


class Scoring(Record):
    """The frozen scoring scheme (evaluation/rules/scheme.py) as canonical JSON, and its digest."""

    __tablename__ = "project_scoring"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    scheme: Mapped[dict[str, object]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))


class Confirmation(Record):
    """The buyer has read and confirmed the document with this digest."""

    __tablename__ = "document_confirmation"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)


class ProjectAssignment(Record):
    __tablename__ = "project_assignment"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    slot: Mapped[int] = mapped_column(Integer)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("project", "round", "slot"),)


class ProjectReview(Record):
    """checklist: item → yes | no | not applicable. result: agreed | returned."""

    __tablename__ = "project_review"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    slot: Mapped[int] = mapped_column(Integer)
    person: Mapped[str] = mapped_column(Id)
    result: Mapped[str] = mapped_column(String(8))
    checklist: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    at: Mapped[int] = mapped_column(BigInteger)


class OwedPaper(Record):
    """A paper that may follow a file of the green channel. item: of the checklist · until: ms, when it is overdue.

    state: owed | supplied | settled; a paper that does not do is owed again, with remark saying why. blob … media: what was handed in last.
    A file that comes back for repair is looked at anew: only papers of the newest round count.
    """

    __tablename__ = "project_owed_paper"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(120))
    until: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8), default="owed")
    remark: Mapped[str] = mapped_column(String(300), default="")
    blob: Mapped[str] = mapped_column(Id, default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    media: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[int] = mapped_column(BigInteger)
    supplied: Mapped[int | None] = mapped_column(BigInteger)
    settled: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        UniqueConstraint("project", "round", "item"),
        CheckConstraint("state in ('owed','supplied','settled')", name="state"),
        CheckConstraint("state = 'owed' or blob <> ''", name="supplied_is_there"),
        CheckConstraint("(state = 'settled') = (settled is not null)", name="settled_has_moment"),
    )


class Suspension(Record):
    """A halt. side: the role that halted and may let go on. until: end fixed by an order, or none."""

    __tablename__ = "project_suspension"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    cause: Mapped[str] = mapped_column(String(32))
    side: Mapped[str] = mapped_column(String(12))
    order_number: Mapped[str] = mapped_column(String(80), default="")
    since: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int | None] = mapped_column(BigInteger)
    ended: Mapped[int | None] = mapped_column(BigInteger)
    finding: Mapped[str] = mapped_column(String(500), default="")


class Package(Record):
    """The closed file: RFC 6962 root over the sorted digests of what it holds. items: digest → what it is."""

    __tablename__ = "project_package"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    root: Mapped[str] = mapped_column(String(64))
    items: Mapped[dict[str, str]] = mapped_column(Json)
    at: Mapped[int] = mapped_column(BigInteger)
