"""Where a rule stands: a citation, and a dated clause that carries its value.

A number of the law stands once, here in `law/`. Callers ask `in_force(name, on)`.
A clause whose text nobody has checked (`certainty` below `seen`) may only warn.
"""
from dataclasses import dataclass
from datetime import date
from typing import Any

CHECKED = {"seen", "house"}


@dataclass(frozen=True)
class Citation:
    """document: full Chinese title · number: order number or year · article: e.g. 第二十四条."""

    document: str
    article: str = ""
    number: str = ""

    def __str__(self) -> str:
        return f"{self.document} {self.article}".strip()


@dataclass(frozen=True)
class Clause:
    """One dated value of the rules.

    value: integer days, Decimal share, fen … · unit: calendar_day, working_day, minute, hour, office_hour, share, fen, count …
    under: its citations · since/until: days on which it is in force (until exclusive)
    certainty: seen | house | seen2 | memH | memM | memL (only the first two may refuse).
    rule_id: the page /rules/<rule_id> of the rule book, e.g. ENG-T03; several clauses may share one.
    """

    name: str
    value: Any
    unit: str
    under: tuple[Citation, ...]
    since: date = date(2000, 1, 1)
    until: date | None = None
    certainty: str = "seen"
    zh: str = ""
    en: str = ""
    rule_id: str = ""

    @property
    def may_refuse(self) -> bool:
        return self.certainty in CHECKED
