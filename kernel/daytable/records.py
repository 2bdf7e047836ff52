"""The centre's editable calendar: days that differ from the weekday rule."""
from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Record


class Day(Record):
    """day: YYYY-MM-DD · kind: holiday (weekday off) or workday (make-up weekend day)."""

    __tablename__ = "day"
    day: Mapped[str] = mapped_column(String(10), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(120), default="")
    cited: Mapped[str] = mapped_column(String(120), default="")
    set_at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("kind in ('holiday','workday')", name="kind"),)
