"""All clauses of the rule book in one place, asked by name and day.

A project asks with the day its notice was published, so a change of law never reaches back.
"""
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from law import (
    archive,
    committee,
    duties,
    experts,
    grounds,
    land,
    objections,
    policies,
    procurement,
    publicity,
    scoring,
    works,
)
from law.citation import Clause

SOURCES = (works, procurement, committee, experts, scoring, policies, grounds, publicity, objections, duties, archive, land)


@cache
def clauses() -> tuple[Clause, ...]:
    """Every dated row, in the order of the files. ValueError: two rows of one name hold on the same day."""
    rows = tuple(clause for source in SOURCES for clause in source.CLAUSES)
    for name, dated in _grouped(rows).items():
        for before, after in pairwise(dated):
            if before.until is None or before.until > after.since:
                raise ValueError(f"{name}: two values on {after.since}")
    return rows


@cache
def _by_name() -> Mapping[str, tuple[Clause, ...]]:
    return MappingProxyType(_grouped(clauses()))


def _grouped(rows: tuple[Clause, ...]) -> dict[str, tuple[Clause, ...]]:
    names = dict.fromkeys(clause.name for clause in rows)
    return {name: tuple(sorted((c for c in rows if c.name == name), key=lambda c: c.since)) for name in names}


def history(name: str) -> tuple[Clause, ...]:
    """All dated rows of a name, oldest first. KeyError: no such name."""
    return _by_name()[name]


def in_force(name: str, on: date) -> Clause:
    """The row that holds on a day. KeyError: no such name, or nothing in force that day."""
    for clause in history(name):
        if clause.since <= on and (clause.until is None or on < clause.until):
            return clause
    raise KeyError(f"{name} on {on}")


def by_rule_id(rule_id: str) -> tuple[Clause, ...]:
    """All rows of one rule of the rule book (ENG-T03). KeyError: no such rule."""
    found = tuple(clause for clause in clauses() if clause.rule_id == rule_id)
    if not found:
        raise KeyError(rule_id)
    return found


def snapshot(on: date) -> Mapping[str, Clause]:
    """What holds on a day, by name: the fixed ground of a project published on it."""
    held = {name: [c for c in dated if c.since <= on and (c.until is None or on < c.until)] for name, dated in _by_name().items()}
    return MappingProxyType({name: rows[0] for name, rows in held.items() if rows})
