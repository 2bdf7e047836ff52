"""Counting days and office hours.

日 (calendar days): the first day is not counted; a last day that is no working day moves to the next one that is
(财政部令第87号 第八十五条, 财政部令第94号 第四十二条; 民法典 第二百零一条, 第二百零三条).
工作日 (working days): weekdays, less the holidays and plus the make-up days of the calendar.
Backwards (日 before a deadline): the same count in the other direction; a day that falls on a holiday moves
towards more time for the bidder: earlier where the buyer must act, later where the bidder may (house).

A calendar maps a day to "holiday" or "workday"; days it does not name follow the week. Days are legal days of
Asia/Shanghai, instants integer milliseconds UTC.
"""
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

Calendar = Mapping[date, str]
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
ONE_DAY = timedelta(days=1)
OPENS = 9 * 60  # minutes after midnight
CLOSES = 17 * 60  # exclusive


def working_day(day: date, calendar: Calendar) -> bool:
    """ValueError: the calendar names a kind other than holiday or workday."""
    kind = calendar.get(day)
    if kind not in (None, "holiday", "workday"):
        raise ValueError(f"{day}: unknown kind {kind!r}")
    return day.weekday() < 5 if kind is None else kind == "workday"


def roll_forward(day: date, calendar: Calendar) -> date:
    """The day itself, or the next working day."""
    while not working_day(day, calendar):
        day += ONE_DAY
    return day


def roll_back(day: date, calendar: Calendar) -> date:
    """The day itself, or the working day before it."""
    while not working_day(day, calendar):
        day -= ONE_DAY
    return day


def add_calendar_days(start: date, days: int, calendar: Calendar) -> date:
    """Last day of a period of `days` 日 that begins with an event on `start`."""
    _natural(days)
    return roll_forward(start + days * ONE_DAY, calendar)


def add_working_days(start: date, days: int, calendar: Calendar) -> date:
    """Last day of a period of `days` 工作日 that begins with an event on `start`."""
    _natural(days)
    return _walk(start, days, ONE_DAY, calendar)


def period_end(start: date, days: int, unit: str, calendar: Calendar) -> date:
    """Last day by a clause's unit: calendar_day or working_day. ValueError: another unit."""
    if unit == "calendar_day":
        return add_calendar_days(start, days, calendar)
    if unit == "working_day":
        return add_working_days(start, days, calendar)
    raise ValueError(f"not a unit of days: {unit!r}")


def long_enough(start: date, end: date, days: int, unit: str, calendar: Calendar) -> bool:
    """True where a period that must last at least `days` has run out on `end` at the latest."""
    return end >= period_end(start, days, unit, calendar)


def buyer_must_by(deadline: date, days: int, unit: str, calendar: Calendar) -> date:
    """Last day on which the buyer may do what is due `days` before the deadline; rounds to an earlier day."""
    return _before(deadline, days, unit, calendar, roll_back)


def bidder_may_until(deadline: date, days: int, unit: str, calendar: Calendar) -> date:
    """Last day on which a bidder may do what is due `days` before the deadline; rounds to a later day."""
    return _before(deadline, days, unit, calendar, roll_forward)


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """Working days after `first` up to and with `last`; negative when `last` lies before `first`."""
    if last < first:
        return -working_days_between(last, first, calendar)
    return sum(working_day(first + n * ONE_DAY, calendar) for n in range(1, (last - first).days + 1))


def day_of(moment: int) -> date:
    """Legal day of an instant."""
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone(SHANGHAI).date()


def instant(day: date, minutes: int = 0) -> int:
    """Instant of a legal day and its minutes after midnight; 1440 is the end of the day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return int(midnight.timestamp()) * 1000 + minutes * 60_000


def end_of(day: date) -> int:
    """First instant after the day: a period that ends on `day` is over when the clock reads this or more."""
    return instant(day, 24 * 60)


def in_working_hours(moment: int, calendar: Calendar, opens: int = OPENS, closes: int = CLOSES) -> bool:
    """opens, closes: minutes after midnight, the second exclusive."""
    day = day_of(moment)
    return working_day(day, calendar) and instant(day, opens) <= moment < instant(day, closes)


def next_working_hour(moment: int, calendar: Calendar, opens: int = OPENS, closes: int = CLOSES) -> int:
    """The moment itself inside working hours, else the next opening of the office."""
    if in_working_hours(moment, calendar, opens, closes):
        return moment
    day = day_of(moment)
    if not (working_day(day, calendar) and moment < instant(day, opens)):
        day = roll_forward(day + ONE_DAY, calendar)
    return instant(day, opens)


def add_office_hours(moment: int, hours: int, calendar: Calendar, opens: int = OPENS, closes: int = CLOSES) -> int:
    """The moment at which `hours` hours of open office have passed since `moment`."""
    _natural(hours)
    left, at = hours * 3_600_000, next_working_hour(moment, calendar, opens, closes)
    while left > instant(day_of(at), closes) - at:
        left -= instant(day_of(at), closes) - at
        at = next_working_hour(instant(day_of(at), closes), calendar, opens, closes)
    return at + left


def _natural(days: int) -> None:
    if days < 0:
        raise ValueError("a period cannot be negative")


def _walk(day: date, days: int, step: timedelta, calendar: Calendar) -> date:
    while days:
        day += step
        days -= working_day(day, calendar)
    return day


def _before(deadline: date, days: int, unit: str, calendar: Calendar, roll: Callable[[date, Calendar], date]) -> date:
    _natural(days)
    if unit == "working_day":
        return _walk(deadline, days, -ONE_DAY, calendar)
    if unit != "calendar_day":
        raise ValueError(f"not a unit of days: {unit!r}")
    return roll(deadline - days * ONE_DAY, calendar)
