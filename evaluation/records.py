"""The committee at work: its session, members, votes, judgements, sheets, totals, questions, report.

Everything a member does hangs on the member's row, not on the seat's letter: a substitute takes a letter over but
never a word of whoever left it (87号令 第四十九条).
"""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record, Score

HERE = text("recused is null")


class Session(Record):
    """One per tender. code: 4 hex, the only name of the session outside · hours: planned length · halted: cause, or empty.

    tie_commit: the centre's promise for a tie's draw, in the ledger before any bid is known (kernel.draw.commit).
    outcome: empty, rejected_all or document_fault. report_*: the PDF the members read and sign; sealed_*: the same with
    the centre's signature. price_*: of two envelopes, when the committee was done with the first, the key of that entry, and the
    digests of the price files that may be opened.
    """

    __tablename__ = "evaluation_session"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    code: Mapped[str] = mapped_column(String(4))
    booking: Mapped[str] = mapped_column(Id, default="")
    stage: Mapped[str] = mapped_column(String(12), default="booked", index=True)
    starts: Mapped[int] = mapped_column(BigInteger)
    hours: Mapped[int] = mapped_column(Integer)
    tie_commit: Mapped[str] = mapped_column(String(64))
    chair: Mapped[str] = mapped_column(Id, default="")
    opened_at: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[int | None] = mapped_column(BigInteger)
    signing_at: Mapped[int | None] = mapped_column(BigInteger)
    sealed_at: Mapped[int | None] = mapped_column(BigInteger)
    halted: Mapped[str] = mapped_column(String(24), default="")
    halted_by: Mapped[str] = mapped_column(String(12), default="")
    halted_at: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(16), default="")
    totals_digest: Mapped[str] = mapped_column(String(64), default="")
    report_blob: Mapped[str] = mapped_column(Id, default="")
    report_digest: Mapped[str] = mapped_column(String(64), default="")
    sealed_blob: Mapped[str] = mapped_column(Id, default="")
    sealed_digest: Mapped[str] = mapped_column(String(64), default="")
    price_called: Mapped[int | None] = mapped_column(BigInteger)
    price_entry: Mapped[str] = mapped_column(Id, default="")
    price_files: Mapped[list[str]] = mapped_column(Json, default=list)
    __table_args__ = (
        CheckConstraint("hours between 1 and 240", name="hours"),
        CheckConstraint("outcome in ('','rejected_all','document_fault')", name="outcome"),
    )


class Member(Record):
    """Who sits. person is the tightest secret of all before the award; pages and reports show the letter.

    verified, pledged, declared, recused: moments. cause: code of a recusal. authorisation: digest of a representative's letter.
    """

    __tablename__ = "evaluation_member"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    seat: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(10))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    pid: Mapped[str] = mapped_column(String(64), default="")
    authorisation: Mapped[str] = mapped_column(String(64), default="")
    verified: Mapped[int | None] = mapped_column(BigInteger)
    pledged: Mapped[int | None] = mapped_column(BigInteger)
    declared: Mapped[int | None] = mapped_column(BigInteger)
    recused: Mapped[int | None] = mapped_column(BigInteger)
    cause: Mapped[str] = mapped_column(String(24), default="")
    __table_args__ = (
        UniqueConstraint("session", "person"),
        Index("one_member_a_seat", "session", "seat", unique=True, sqlite_where=HERE, postgresql_where=HERE),
        CheckConstraint("kind in ('expert','buyer_rep')", name="kind"),
    )


class Ballot(Record):
    """A member's voice for the chair; it may be cast anew until one seat has the majority."""

    __tablename__ = "evaluation_ballot"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    member: Mapped[str] = mapped_column(ForeignKey("evaluation_member.id"), unique=True)
    choice: Mapped[str] = mapped_column(ForeignKey("evaluation_member.id"))


class Motion(Record):
    """A proposed act of the chair, word for word: digest = SHA-256 over its tag and command. Votes bind to the digest."""

    __tablename__ = "evaluation_motion"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(64))
    command: Mapped[dict[str, object]] = mapped_column(Json)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("session", "digest"),)


class Vote(Record):
    __tablename__ = "evaluation_vote"
    motion: Mapped[str] = mapped_column(ForeignKey("evaluation_motion.id"), index=True)
    member: Mapped[str] = mapped_column(ForeignKey("evaluation_member.id"))
    yes: Mapped[int] = mapped_column(Integer)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("motion", "member"),)


class Conformity(Record):
    """One member's finding on one criterion of one bid; the last word of the member counts."""

    __tablename__ = "evaluation_conformity"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    member: Mapped[str] = mapped_column(ForeignKey("evaluation_member.id"))
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    criterion: Mapped[str] = mapped_column(String(80))
    passed: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(500), default="")
    __table_args__ = (
        UniqueConstraint("member", "bid", "criterion"),
        CheckConstraint("passed = 1 or reason <> ''", name="reason_if_failed"),
    )


class Rejection(Record):
    """否决投标 or 投标无效 of one bid by majority. ground: a code of law/grounds.py."""

    __tablename__ = "evaluation_rejection"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), unique=True)
    ground: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    article: Mapped[str] = mapped_column(String(160))
    at: Mapped[int] = mapped_column(BigInteger)


class Question(Record):
    """The committee's written question to one bidder. kind: clarify or low_price; decided: kept or unproved (low_price only)."""

    __tablename__ = "evaluation_question"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    question: Mapped[str] = mapped_column(Text)
    asked: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[int | None] = mapped_column(BigInteger)
    decided: Mapped[str] = mapped_column(String(8), default="")
    opinion: Mapped[str] = mapped_column(String(1000), default="")
    __table_args__ = (CheckConstraint("kind in ('clarify','low_price')", name="kind"),)


class Sheet(Record):
    """A member's scoring sheet over all bids. A return makes the next version; older ones are kept. open_items: what may change."""

    __tablename__ = "evaluation_sheet"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    member: Mapped[str] = mapped_column(ForeignKey("evaluation_member.id"), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    open_items: Mapped[list[str]] = mapped_column(Json, default=list)
    digest: Mapped[str] = mapped_column(String(64), default="")
    handed_in: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        UniqueConstraint("member", "version"),
        CheckConstraint("state in ('draft','handed_in','returned')", name="state"),
    )


class Mark(Record):
    __tablename__ = "evaluation_mark"
    sheet: Mapped[str] = mapped_column(ForeignKey("evaluation_sheet.id"), index=True)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    item: Mapped[str] = mapped_column(String(40))
    score: Mapped[object] = mapped_column(Score)
    reason: Mapped[str] = mapped_column(String(500), default="")
    __table_args__ = (UniqueConstraint("sheet", "bid", "item"),)


class Total(Record):
    """The computed line of one bid. evaluated: the price as evaluated, fen with up to 4 decimals, as text (it outgrows a Score).

    technical … total are absent under methods decided by price alone. tie: empty, open, drawn or buyer.
    """

    __tablename__ = "evaluation_total"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), unique=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    evaluated: Mapped[str] = mapped_column(String(24))
    technical: Mapped[object] = mapped_column(Score, nullable=True)
    commercial: Mapped[object] = mapped_column(Score, nullable=True)
    price: Mapped[object] = mapped_column(Score, nullable=True)
    total: Mapped[object] = mapped_column(Score, nullable=True)
    rank: Mapped[int] = mapped_column(Integer)
    tie: Mapped[str] = mapped_column(String(6), default="")
    __table_args__ = (CheckConstraint("tie in ('','open','drawn','buyer')", name="tie"),)


class TieDraw(Record):
    """A tie settled by tdraw: everything needed to repeat it. order: bids in the order drawn."""

    __tablename__ = "evaluation_tie_draw"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    rank: Mapped[int] = mapped_column(Integer)
    contributions: Mapped[dict[str, str]] = mapped_column(Json)
    seed: Mapped[str] = mapped_column(String(64))
    order: Mapped[list[str]] = mapped_column("drawn_order", Json)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("session", "lot", "rank"),)


class Flag(Record):
    """A question the figures raise: rule outlier or objective_differs. others: mean of the other members.

    settled: moment at which the member explained, or the sheet was returned.
    """

    __tablename__ = "evaluation_flag"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    sheet: Mapped[str] = mapped_column(ForeignKey("evaluation_sheet.id"))
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    item: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(20))
    score: Mapped[object] = mapped_column(Score)
    others: Mapped[object] = mapped_column(Score)
    settled: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(500), default="")
    __table_args__ = (UniqueConstraint("sheet", "bid", "item", "rule"),)


class Recommendation(Record):
    """A candidate as recommended: at most three of a lot, in the order of the totals."""

    __tablename__ = "evaluation_recommendation"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    rank: Mapped[int] = mapped_column(Integer)
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"))
    __table_args__ = (UniqueConstraint("lot", "rank"), CheckConstraint("rank between 1 and 3", name="at_most_three"))


class ReportSignature(Record):
    """How a member stands to the report: signed, dissent (with reasons) or refused (noted by the chair: counts as agreement)."""

    __tablename__ = "evaluation_signature"
    session: Mapped[str] = mapped_column(ForeignKey("evaluation_session.id"), index=True)
    member: Mapped[str] = mapped_column(ForeignKey("evaluation_member.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    report: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("kind in ('signed','dissent','refused')", name="kind"),)
