"""The calendar as the pure period arithmetic of law.periods takes it."""
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.daytable.records import Day


def calendar(session: Session) -> dict[date, str]:
    """date → 'holiday' or 'workday', for every day that differs from its weekday."""
    return {date.fromisoformat(day): kind for day, kind in session.execute(select(Day.day, Day.kind))}
