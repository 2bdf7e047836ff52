"""Notices as published, and who took the document (a secret until the opening)."""
from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record


class Notice(Record):
    """kind: tender, clarification, extension, correction, candidates, result, failure, termination, contract.

    fields: what it says, code of law/publicity.py → a text as entered, {"zh", "en"} where the centre wrote it, or rows
    of names and figures. ends_at: first instant after its statutory period. corrects: kind of the notice it mends.
    snapshot, key: of the tender's first notice: digest of the clauses that bind it, and the key bids are sealed to.
    """

    __tablename__ = "notice"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[str] = mapped_column(String(240))
    fields: Mapped[dict[str, object]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[int] = mapped_column(BigInteger, index=True)
    ends_at: Mapped[int | None] = mapped_column(BigInteger)
    media: Mapped[str] = mapped_column(String(40), default="")
    media_at: Mapped[int | None] = mapped_column(BigInteger)
    media_proof: Mapped[str] = mapped_column(String(300), default="")
    corrects: Mapped[str] = mapped_column(String(16), default="")
    snapshot: Mapped[str] = mapped_column(String(64), default="")
    key: Mapped[str] = mapped_column(String(64), default="")
    entry: Mapped[str] = mapped_column(Id, default="")
    __table_args__ = (UniqueConstraint("project", "kind", "version"),)


class Take(Record):
    """A logged-in organisation fetched the document: its own receipt, nobody else's business before the opening."""

    __tablename__ = "document_take"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    person: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("project", "org"),)
