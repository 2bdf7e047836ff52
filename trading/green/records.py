"""What is asked of the adviser of a green draft, and what desks of the centre promise to a green tender."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Record


class Advice(Record):
    """One question about a draft. person: the adviser asked · due: ms · answer: empty until answered."""

    __tablename__ = "green_advice"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    question: Mapped[str] = mapped_column(String(1000))
    asked: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("(answer <> '') = (answered is not null)", name="answer_has_moment"),)


class Support(Record):
    """One desk called to one tender. desk: of rules.DESKS · wish: what is asked of it · reply_by: ms, when it has to have promised ·
    promise: what it will do, by until · state: called | promised | kept · by: who answered for the desk last."""

    __tablename__ = "green_support"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    desk: Mapped[str] = mapped_column(String(12))
    wish: Mapped[str] = mapped_column(String(300))
    called: Mapped[int] = mapped_column(BigInteger)
    reply_by: Mapped[int] = mapped_column(BigInteger)
    promise: Mapped[str] = mapped_column(String(300), default="")
    until: Mapped[int | None] = mapped_column(BigInteger)
    kept: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(Id, default="")
    state: Mapped[str] = mapped_column(String(8), default="called")
    __table_args__ = (
        UniqueConstraint("project", "desk"),
        CheckConstraint("state in ('called','promised','kept')", name="state"),
        CheckConstraint("(state = 'called') = (until is null)", name="promise_has_moment"),
        CheckConstraint("(state = 'kept') = (kept is not null)", name="kept_has_moment"),
    )
