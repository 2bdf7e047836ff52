"""What a query string asks for, cleaned: a wrong value is never a fault of ours."""
from collections.abc import Collection, Mapping
from datetime import date
from urllib.parse import urlencode

from kernel.values import DAY, instant

LONGEST = 120


def text(query: Mapping[str, str], name: str) -> str:
    """One line without control characters."""
    return "".join(c for c in query.get(name, "")[:LONGEST] if c.isprintable()).strip()


def one_of(query: Mapping[str, str], name: str, allowed: Collection[str]) -> str:
    """The value if it is one of those, else nothing."""
    value = query.get(name, "")
    return value if value in allowed else ""


def number(query: Mapping[str, str], name: str, most: int = 1 << 62) -> int | None:
    value = query.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 20 and int(value) <= most else None


def day(query: Mapping[str, str], name: str) -> date | None:
    try:
        found = date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def moments(query: Mapping[str, str]) -> tuple[int | None, int | None]:
    """since and until of the query: from the first day's beginning to the second day's end, ms."""
    first, last = day(query, "since"), day(query, "until")
    return (instant(first) if first else None), (instant(last) + DAY if last else None)


def link(path: str, **values: object) -> str:
    """The path with the values that say something."""
    given = {key: value for key, value in values.items() if value not in ("", None)}
    return f"{path}?{urlencode(given)}" if given else path
