"""Posts that may never meet in one person (不相容岗位), read when a role is granted and again when an act is done.

separation.csv holds the pairs. Scope T: the same tender; S: the same file or subject matter; C: centre-wide, at
any time. A pair marked by employer binds colleagues as well. Two conditions are counts and stand as guards of
their own: custodians of one employer short of the threshold (custodians_unrelated), experts of one employer
(max_per_org).
"""
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from law.citation import Citation
from law.citations import certainty, parse
from law.roles import DEEDS, GROUPS, ROLES, closure

Held = tuple[str, str]  # role or deed, and the tender or file; "" means the whole centre


@dataclass(frozen=True)
class Pair:
    """number: row of the table, 1 … 28; several pairs may share one."""

    number: int
    left: str
    right: str
    scope: str
    by_employer: bool
    under: tuple[Citation, ...]
    certainty: str

    def joins(self, one: str, two: str) -> bool:
        """True where these are its two posts, in either order."""
        return (one, two) in ((self.left, self.right), (self.right, self.left))

    def __str__(self) -> str:
        return f"{self.left} × {self.right}"


@cache
def pairs() -> tuple[Pair, ...]:
    """All pairs, groups spelled out. ValueError: an unknown role or scope."""
    found: list[Pair] = []
    with (Path(__file__).parent / "separation.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["scope"] not in {"T", "S", "C"}:
                raise ValueError(f"separation.csv: scope {row['scope']!r}")
            found += [
                Pair(int(row["number"]), left, right, row["scope"], row["by_employer"] == "yes",
                     parse(row["source"]), certainty(row["source"]))
                for left in _spelled(row["left"]) for right in _spelled(row["right"])
            ]
    return tuple(found)


def conflicts(held: Iterable[Held], wanted: Held, colleagues: Iterable[Held] = ()) -> list[Pair]:
    """The pairs that forbid `wanted` beside what the person holds, or beside what colleagues of the same
    employer hold. Empty: nothing stands against it.

    A relation to the whole centre ("") meets every tender and file; a role stands for those it includes too
    (a winner is a bidder). KeyError: unknown role or deed.
    """
    role, place = wanted
    mine = _spread(role)
    found: list[Pair] = []
    for group, own in ((held, True), (colleagues, False)):
        for other, elsewhere in group:
            theirs = _spread(other)
            found += [
                pair for pair in pairs()
                if any(pair.joins(one, two) for one in mine for two in theirs) and _meet(pair.scope, place, elsewhere)
                and (pair.left != pair.right if own else pair.by_employer)
            ]
    return list(dict.fromkeys(found))


def _meet(scope: str, one: str, two: str) -> bool:
    return scope == "C" or one == two or "" in (one, two)


def _spread(role: str) -> frozenset[str]:
    return frozenset({role}) if role in DEEDS else closure({role}) - {"public"}


def _spelled(names: str) -> list[str]:
    spelled = [role for name in names.split() for role in GROUPS.get(name, (name,))]
    for role in spelled:
        if role not in ROLES and role not in DEEDS:
            raise ValueError(f"separation.csv: {role!r}")
    return spelled
