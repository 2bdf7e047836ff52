"""From the report to the contract: rankings, awards, letters, contracts, refunds."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record, Score


class Disqualification(Record):
    """A recorded disqualification in a rule set without a committee."""

    __tablename__ = "disqualification"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(40))
    at: Mapped[int] = mapped_column(BigInteger)


class Candidate(Record):
    """A ranked candidate of a lot. score: total of the comprehensive methods, absent under price methods."""

    __tablename__ = "candidate"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"), index=True)
    rank: Mapped[int] = mapped_column(Integer)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    amount: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[object] = mapped_column(Score, nullable=True)
    tie: Mapped[str] = mapped_column(String(12), default="")
    __table_args__ = (UniqueConstraint("lot", "rank"), UniqueConstraint("lot", "bid"))


class Award(Record):
    """Who won a lot and for how much. deemed: the buyer stayed silent (87号令 第六十八条)."""

    __tablename__ = "award"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"), unique=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    rank: Mapped[int] = mapped_column(Integer)
    deemed: Mapped[int] = mapped_column(Integer, default=0)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)


class Letter(Record):
    """kind: award (to the winner) or result (to a loser, with its own score and rank)."""

    __tablename__ = "award_letter"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    kind: Mapped[str] = mapped_column(String(8))
    blob: Mapped[str] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)


class Contract(Record):
    __tablename__ = "contract"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"), unique=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(Id)
    buyer_signed: Mapped[int | None] = mapped_column(BigInteger)
    winner_signed: Mapped[int | None] = mapped_column(BigInteger)
    bond: Mapped[int] = mapped_column(BigInteger, default=0)
    __table_args__ = (CheckConstraint("amount >= 0 and bond >= 0", name="money_not_negative"),)


class Refund(Record):
    """stage: due → prepared → approved → paid | disputed (kept). Money goes back to the account it came from.

    amount: the deposit · interest: on top of it, never part of the sum of deposits · account: where it goes, as the
    bank named its source · order: the bank order's number, made at approval.
    """

    __tablename__ = "refund"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    deposit: Mapped[str] = mapped_column(ForeignKey("deposit.id"), unique=True)
    cause: Mapped[str] = mapped_column(String(24))
    amount: Mapped[int] = mapped_column(BigInteger)
    stage: Mapped[str] = mapped_column(String(10), default="due")
    due_at: Mapped[int] = mapped_column(BigInteger)
    prepared_by: Mapped[str] = mapped_column(Id, default="")
    approved_by: Mapped[str] = mapped_column(Id, default="")
    paid_at: Mapped[int | None] = mapped_column(BigInteger)
    interest: Mapped[int] = mapped_column(BigInteger, default=0)
    account: Mapped[str] = mapped_column(String(200), default="")
    order: Mapped[str] = mapped_column("order_number", String(32), default="", index=True)
    ground: Mapped[str] = mapped_column(String(24), default="")
    noted_at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint("stage in ('due','prepared','approved','paid','disputed')", name="stage"),
        CheckConstraint("amount >= 0 and interest >= 0", name="money_not_negative"),
        CheckConstraint("approved_by = '' or approved_by = 'system' or approved_by <> prepared_by", name="two_persons"),
        CheckConstraint("(stage = 'paid') = (paid_at is not null)", name="paid_has_moment"),
    )


class Skip(Record):
    """A candidate passed over: rank of the lot, on which ground, with the digest of the proof."""

    __tablename__ = "skipped_candidate"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    rank: Mapped[int] = mapped_column(Integer)
    ground: Mapped[str] = mapped_column(String(24))
    evidence: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("lot", "rank"),)


class Renunciation(Record):
    """A winner says that it gives up the award of a lot."""

    __tablename__ = "renunciation"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("lot", "org"),)


class RegulatorReport(Record):
    """The buyer's written report on a works tender (招标投标法 第四十七条). fields: rules.REPORT_FIELDS → text."""

    __tablename__ = "regulator_report"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    fields: Mapped[dict[str, str]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)


class Acceptance(Record):
    """The delivery judged item by item. items: [{"name", "result", "note"}]; result: met | not_met."""

    __tablename__ = "acceptance"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    person: Mapped[str] = mapped_column(Id)
    items: Mapped[list[dict[str, str]]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)


class Report(Record):
    """The evaluation report on its way: sent by the agent, received by the buyer."""

    __tablename__ = "report_transfer"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    sent: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
