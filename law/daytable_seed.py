"""Holidays and make-up working days with which a centre begins; it adds later years by its own act.

2025 and 2026 as arranged by the General Office of the State Council; 2027 only what 全国年节及纪念日放假办法
fixes (the days themselves and days in lieu of weekends), provisional until the yearly arrangement is published.
Days not named follow the week.
"""
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

PROVISIONAL_YEARS = frozenset({2027})


@dataclass(frozen=True)
class DayRow:
    """kind: holiday | workday · note: name of the day, as data in Chinese."""

    day: date
    kind: str
    note: str

    @property
    def provisional(self) -> bool:
        return self.day.year in PROVISIONAL_YEARS


@cache
def rows() -> tuple[DayRow, ...]:
    """The table, in the order of days."""
    with (Path(__file__).parent / "daytable.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(DayRow(date.fromisoformat(r["day"]), r["kind"], r["note"]) for r in csv.DictReader(lines))


@cache
def calendar() -> Mapping[date, str]:
    """The table as law.periods reads it."""
    return MappingProxyType({row.day: row.kind for row in rows()})
