"""What templates say with: sentences in the reader's language, times, amounts, digests. Pure."""
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from kernel.errors import Text
from kernel.values import DAY, HOUR, MINUTE, day_of, local

FIGURE = re.compile(r"\d+(?:[-:.,]\d+)+(?: \d\d:\d\d)?")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = (("星期一", "Monday"), ("星期二", "Tuesday"), ("星期三", "Wednesday"), ("星期四", "Thursday"),
            ("星期五", "Friday"), ("星期六", "Saturday"), ("星期日", "Sunday"))


@pass_context
def t(context: Context, zh: Any, en: str | None = None, **values: object) -> str:
    """The sentence in the reader's language. `zh` may be a Text; a lone string or number is data and stays as it is.

    Keyword values fill {places}; a value that is already markup keeps its tags, everything else is escaped as usual.
    """
    if isinstance(zh, Text):
        text = zh(context["lang"])
    else:
        text = en if en is not None and context["lang"] == "en" else zh
    if not values:
        return text if isinstance(text, (str, Markup)) else str(text)
    if any(hasattr(value, "__html__") for value in values.values()):
        return escape(text).format(**values)
    return str(text).format(**values)


@pass_context
def say_time(context: Context, ms: int) -> str:
    """An instant as it stands in a sentence: 12 月 3 日 09:30 / 3 December, 09:30."""
    moment = local(ms)
    if context["lang"] == "en":
        return f"{moment.day} {MONTHS[moment.month - 1]}, {moment:%H:%M}"
    return f"{moment.month} 月 {moment.day} 日 {moment:%H:%M}"


@pass_context
def say_day(context: Context, ms: int, weekday: bool = False) -> str:
    """The legal day of an instant: 2026 年 11 月 24 日 / 24 November 2026, with the weekday when asked."""
    when: date = day_of(ms)
    zh, en = WEEKDAYS[when.weekday()]
    if context["lang"] == "en":
        return f"{en + ', ' if weekday else ''}{when.day} {MONTHS[when.month - 1]} {when.year}"
    return f"{when.year} 年 {when.month} 月 {when.day} 日{' · ' + zh if weekday else ''}"


@pass_context
def say_days(context: Context, since: int, until: int) -> str:
    """The legal days of two instants, said once where they are the same: 2026 年 11 月 23 日至 27 日 / 23–27 November 2026."""
    first, last = day_of(since), day_of(until)
    months = MONTHS[first.month - 1], MONTHS[last.month - 1]
    if context["lang"] == "en":
        begun = [str(first.day), *([months[0]] if first.month != last.month or first.year != last.year else []), *([str(first.year)] if first.year != last.year else [])]
        return f"{' '.join(begun)}{'–' if len(begun) == 1 else ' – '}{last.day} {months[1]} {last.year}"
    ended = f"{last.year} 年 {last.month} 月 " if first.year != last.year else f"{last.month} 月 " if first.month != last.month else ""
    return f"{first.year} 年 {first.month} 月 {first.day} 日至 {ended}{last.day} 日"


def whole(text: str) -> Markup:
    """Keeps dates, times and amounts inside a sentence on one line; text that is already markup stays as it is."""
    if isinstance(text, Markup):
        return text
    return Markup(FIGURE.sub(r'<span class="nw">\g<0></span>', str(escape(text))))


def day(ms: int) -> str:
    return day_of(ms).isoformat()


def short_time(ms: int, seconds: bool = False) -> str:
    """Month, day and time inside a table whose year is plain: 11-24 09:30."""
    return local(ms).strftime("%m-%d %H:%M:%S" if seconds else "%m-%d %H:%M")


def clock(ms: int, seconds: bool = True) -> str:
    return local(ms).strftime("%H:%M:%S" if seconds else "%H:%M")


def number(value: int) -> str:
    return f"{value:,}"


def groups(digest: str | bytes, length: int | None = None) -> str:
    """A digest in groups of four hex digits, cut to `length` digits when given."""
    text = digest.hex() if isinstance(digest, bytes) else digest
    text = text[:length] if length else text
    return " ".join(text[i:i + 4] for i in range(0, len(text), 4))


def file_size(count: int) -> str:
    """Bytes for people, decimal units, one place: 14.2 MB."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            tenths = (count * 10 + unit // 2) // unit
            return f"{tenths // 10}.{tenths % 10} {name}"
    return f"{count} B"


@dataclass(frozen=True)
class Left:
    """What is left until an instant. level: calm, warn (under 60 minutes), bad (under 10), closed."""

    days: int
    hours: int
    minutes: int
    seconds: int
    level: str


def left(until: int, now: int) -> Left:
    rest = max(0, until - now)
    level = "closed" if rest == 0 else "bad" if rest < 10 * MINUTE else "warn" if rest < HOUR else "calm"
    return Left(rest // DAY, rest % DAY // HOUR, rest % HOUR // MINUTE, rest % MINUTE // 1000, level)


def share(part: int, whole: int) -> str:
    """part of whole in per cent, two places, between 0 and 100; the form SVG attributes take."""
    if whole <= 0:
        return "0.00"
    hundredths = min(10_000, max(0, part * 10_000 // whole))
    return f"{hundredths // 100}.{hundredths % 100:02d}"
