from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.daytable_seed import calendar, rows
from law.periods import (
    add_calendar_days,
    add_office_hours,
    add_working_days,
    bidder_may_until,
    buyer_must_by,
    day_of,
    end_of,
    in_working_hours,
    instant,
    long_enough,
    next_working_hour,
    period_end,
    working_day,
    working_days_between,
)

NONE: dict[date, str] = {}
CHINA = calendar()


@pytest.mark.parametrize("row", rows(), ids=lambda r: str(r.day))
def test_every_row_of_the_day_table_decides_its_day(row):
    assert working_day(row.day, CHINA) == (row.kind == "workday")
    assert row.note and row.provisional == (row.day.year == 2027)
    if row.kind == "workday":  # a make-up day is a weekend turned round
        assert not working_day(row.day, NONE)


def test_the_table_has_the_known_number_of_days():
    for year, holidays, makeup in ((2025, 19, 5), (2026, 22, 6)):
        assert sum(r.day.year == year and r.kind == "holiday" for r in rows()) == holidays
        assert sum(r.day.year == year and r.kind == "workday" for r in rows()) == makeup
    assert not any(r.kind == "workday" for r in rows() if r.provisional)
    assert sum(r.day.month == 10 and r.day.year == 2027 for r in rows()) == 5  # 1–3 fall on Fri–Sun, two days in lieu


def test_challenge_period_without_holidays():
    """Result notice on Monday, one working day → Tuesday; seven more run Wednesday … Thursday of the next week."""
    monday = date(2026, 3, 2)
    notice_ends = add_working_days(monday, 1, NONE)
    assert notice_ends == date(2026, 3, 3)
    assert add_working_days(notice_ends, 7, NONE) == date(2026, 3, 12)


def test_golden_week_2026():
    """1–7 October are off (Thu–Wed), Sunday 20 September and Saturday 10 October are worked."""
    wednesday = date(2026, 9, 30)
    assert not working_day(date(2026, 10, 5), CHINA) and not working_day(date(2026, 10, 7), CHINA)
    assert working_day(date(2026, 9, 20), CHINA) and working_day(date(2026, 10, 10), CHINA)
    assert add_working_days(wednesday, 1, CHINA) == date(2026, 10, 8)
    assert add_working_days(wednesday, 3, CHINA) == date(2026, 10, 10)
    assert add_working_days(wednesday, 4, CHINA) == date(2026, 10, 12)
    assert add_calendar_days(wednesday, 3, CHINA) == date(2026, 10, 8)
    assert add_calendar_days(wednesday, 10, CHINA) == date(2026, 10, 10)  # a worked Saturday ends a period
    assert add_calendar_days(wednesday, 10, NONE) == date(2026, 10, 12)


def test_twenty_days_from_the_first_issue():
    issued = date(2026, 3, 3)
    assert add_calendar_days(issued, 20, CHINA) == date(2026, 3, 23)
    assert long_enough(issued, date(2026, 3, 23), 20, "calendar_day", CHINA)
    assert not long_enough(issued, date(2026, 3, 22), 20, "calendar_day", CHINA)


def test_backwards_rounds_towards_the_bidder():
    deadline = date(2026, 10, 20)  # fifteen days before: Monday 5 October, a holiday
    assert buyer_must_by(deadline, 15, "calendar_day", CHINA) == date(2026, 9, 30)
    assert bidder_may_until(deadline, 15, "calendar_day", CHINA) == date(2026, 10, 8)
    assert buyer_must_by(deadline, 5, "calendar_day", CHINA) == bidder_may_until(deadline, 5, "calendar_day", CHINA) == date(2026, 10, 15)
    assert buyer_must_by(date(2026, 10, 9), 2, "working_day", CHINA) == date(2026, 9, 30)


def test_refused_arguments():
    with pytest.raises(ValueError, match="unit"):
        period_end(date(2026, 1, 5), 3, "minute", NONE)
    with pytest.raises(ValueError, match="unit"):
        buyer_must_by(date(2026, 1, 5), 3, "minute", NONE)
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 5), -1, NONE)
    with pytest.raises(ValueError, match="kind"):
        working_day(date(2026, 1, 5), {date(2026, 1, 5): "rest"})


def test_working_hours_are_half_open():
    day = date(2026, 10, 10)
    nine, five = instant(day, 540), instant(day, 1020)
    assert in_working_hours(nine, CHINA) and not in_working_hours(nine - 1, CHINA)
    assert in_working_hours(five - 1, CHINA) and not in_working_hours(five, CHINA)
    assert not in_working_hours(nine, NONE)


def test_next_working_hour():
    wednesday = date(2026, 9, 30)
    assert next_working_hour(instant(wednesday, 600), CHINA) == instant(wednesday, 600)
    assert next_working_hour(instant(wednesday, 60), CHINA) == instant(wednesday, 540)
    assert next_working_hour(instant(wednesday, 1020), CHINA) == instant(date(2026, 10, 8), 540)
    assert next_working_hour(instant(date(2026, 10, 4), 600), CHINA) == instant(date(2026, 10, 8), 540)


def test_office_hours_run_while_the_office_is_open():
    wednesday = date(2026, 9, 30)  # the last day before a holiday of a week
    assert add_office_hours(instant(wednesday, 600), 4, CHINA) == instant(wednesday, 840)
    assert add_office_hours(instant(wednesday, 780), 4, CHINA) == instant(wednesday, 1020)
    assert add_office_hours(instant(wednesday, 960), 4, CHINA) == instant(date(2026, 10, 8), 720)
    assert add_office_hours(instant(wednesday, 1080), 9, CHINA) == instant(date(2026, 10, 9), 600)
    assert add_office_hours(instant(wednesday, 960), 0, CHINA) == instant(wednesday, 960)


def test_legal_days_are_those_of_shanghai():
    assert instant(date(1970, 1, 2)) == 16 * 3_600_000
    assert day_of(16 * 3_600_000) == date(1970, 1, 2) and day_of(16 * 3_600_000 - 1) == date(1970, 1, 1)
    assert end_of(date(2026, 3, 2)) == instant(date(2026, 3, 3))


days = st.dates(date(2025, 1, 1), date(2027, 12, 1))


@given(days, st.integers(0, 60))
def test_properties_of_both_counts(start, n):
    worked = add_working_days(start, n, CHINA)
    assert working_days_between(start, worked, CHINA) == n
    assert n == 0 or working_day(worked, CHINA)
    counted = add_calendar_days(start, n, CHINA)
    assert counted >= start + timedelta(n) and working_day(counted, CHINA)
    assert not any(working_day(start + timedelta(n + k), CHINA) for k in range((counted - start).days - n))
    assert buyer_must_by(start, n, "calendar_day", CHINA) <= start - timedelta(n) <= bidder_may_until(start, n, "calendar_day", CHINA)
    assert in_working_hours(next_working_hour(instant(start, n * 24), CHINA), CHINA)
