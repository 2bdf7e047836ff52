"""Periods of a tender: from the document to the deadline, in days of the law and hours of the office."""
from datetime import date
from types import SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import day_of, show_time
from law.citation import Clause
from law.periods import in_working_hours, long_enough, period_end

UNITS = {"calendar_day": Text("日", "days"), "working_day": Text("个工作日", "working days")}


def length(clause: Clause) -> Text:
    """A period as it is spoken: 20 日 / 20 days."""
    unit = UNITS[clause.unit]
    return Text(f"{clause.value} {unit.zh}", f"{clause.value} {unit.en}")


def short(rule: str, clause: Clause, start: date, end: date, calendar: dict[date, str]) -> Reason | None:
    """None where a period that starts with an event on `start` has lasted `clause` by `end`."""
    if long_enough(start, end, clause.value, clause.unit, calendar):
        return None
    first = period_end(start, clause.value, clause.unit, calendar).isoformat()
    return Reason(
        rule, Text(end.isoformat(), end.isoformat()), Text(f"不早于 {first}", f"not before {first}"),
        under=clause.under, values={"days": length(clause)}, binding=clause.may_refuse,
    )


def preparation_period_long_enough(f: SimpleNamespace) -> Reason | None:
    return short("preparation_period_long_enough", f.clauses["preparation"], f.issued_on, day_of(f.wanted_deadline), f.calendar)


def sale_period_long_enough(f: SimpleNamespace) -> Reason | None:
    return short("sale_period_long_enough", f.clauses["sale"], f.issued_on, day_of(f.wanted_document_until), f.calendar)


def deadline_is_opening(f: SimpleNamespace) -> Reason | None:
    """招标投标法 第三十四条; 87号令 第三十九条: one moment, not two."""
    if f.wanted_opening == f.wanted_deadline:
        return None
    return Reason("deadline_is_opening", _time(f.wanted_opening), _time(f.wanted_deadline))


def deadline_on_working_day(f: SimpleNamespace) -> Reason | None:
    if in_working_hours(f.wanted_deadline, f.calendar, f.clauses["opens"].value, f.clauses["closes"].value):
        return None
    return Reason("deadline_on_working_day", _time(f.wanted_deadline), under=f.clauses["opens"].under)


def room_held(f: SimpleNamespace) -> Reason | None:
    return None if f.room else Reason("room_held")


def _time(moment: int) -> Text:
    return Text(show_time(moment), show_time(moment))
