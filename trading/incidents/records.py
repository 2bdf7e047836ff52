"""Outages of the platform: what failed, from when to when. Never how many uploads or whose."""
from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Record


class Incident(Record):
    """what: code of reads.WHAT. since: the first instant of the outage; until: of the recovery, None while it lasts.
    probe: the check that failed, or empty; witnessed: who saw what, for those who look into it, never shown."""

    __tablename__ = "incident"
    what: Mapped[str] = mapped_column(String(16))
    since: Mapped[int] = mapped_column(BigInteger, index=True)
    until: Mapped[int | None] = mapped_column(BigInteger)
    probe: Mapped[str] = mapped_column(String(40), default="")
    witnessed: Mapped[str] = mapped_column(String(500), default="")
    opened: Mapped[int] = mapped_column(BigInteger)
    closed: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint("until is null or until >= since", name="in_order"),
        CheckConstraint("(until is null) = (closed is null)", name="closed"),
        CheckConstraint("probe <> '' or witnessed <> ''", name="known"),
    )
