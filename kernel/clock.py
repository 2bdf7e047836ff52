"""The one clock. No other module asks the time.

A real centre runs on the machine's clock. A rehearsal runs the same code on a stepped clock: one row
{anchor, offset} makes it run 1:1 and jump forward only through the act `kernel.rehearsal.step`.
"""
import time

from sqlalchemy import BigInteger, Integer, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Record


def system_ms() -> int:
    """The machine's clock in ms since 1970 UTC. For measuring and for programs outside the centre."""
    return time.time_ns() // 1_000_000


def monotonic() -> float:
    """Seconds for measuring durations; never an instant."""
    return time.perf_counter()


class SteppedClock(Record):
    """The rehearsal's clock: now = machine's clock + offset. One row, or none in a real centre."""

    __tablename__ = "stepped_clock"
    number: Mapped[int] = mapped_column(Integer, default=1, unique=True)
    offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)


class Clock:
    """Answers the moment inside a database session, so that all processes of a rehearsal agree."""

    def __init__(self, stepped: bool) -> None:
        self.stepped = stepped

    def now(self, session: Session) -> int:
        if not self.stepped:
            return system_ms()
        return system_ms() + (session.scalar(select(SteppedClock.offset_ms)) or 0)
