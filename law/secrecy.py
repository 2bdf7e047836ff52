"""Who may see what, when, and in which form: the matrix of secrecy.csv as one question.

Default is none, and none means indistinguishable from absence. A named none, or one for `*`, is a prohibition
with its article: it grants nothing and takes nothing away from another relation that grants.

Forms, weakest first: none · exists (yes or no) · count · aggregate (cells of five or more) · masked (pseudonym
or cut) · own (the viewer's own record whole) · full. own and masked add up: ask `form` for the viewer's own
record and `form_of_others` for everybody else's.

A cell says what the stage allows. What the moment inside a stage allows (after the last sheet, after unmasking,
where a document has two envelopes) stands in its source and is the reader's condition.
"""
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from law.citation import Citation
from law.citations import parse
from law.roles import GROUPS, ROLES, closure
from law.stages import at_or_after, place, within

FORMS = ("none", "exists", "count", "aggregate", "masked", "own", "full")
STRENGTH: Mapping[str, int] = MappingProxyType({form: strength for strength, form in enumerate(FORMS)})
# outside: any ordinary workplace · terminal: the area's terminal · seat: a seat of a session that is not sealed
PLACES = ("outside", "terminal", "seat")
MEMBERS = frozenset({"expert_seated", "buyer_rep", "chair"})


@dataclass(frozen=True)
class Cell:
    """One row: from first to last stage, both included, `role` sees `information` in `form`."""

    information: str
    first: str
    last: str
    role: str
    form: str
    source: str
    certainty: str

    @property
    def under(self) -> tuple[Citation, ...]:
        """Citations fit to be shown: none where nobody has checked the text."""
        return parse(self.source) if self.certainty in {"seen", "house"} else ()

    def reachable(self, at: str, evaluating: bool) -> bool:
        """Some cells hold in one place only: the terminal's, and a member's anywhere but at a seat once the
        evaluation has begun, save what is his own after it (电子招标投标办法 第三十三条)."""
        if "area terminal" in self.source:
            return at == "terminal"
        if self.role not in MEMBERS or self.first == "any":
            return True
        if self.first.endswith("convening") and not evaluating:
            return True
        return at == "seat" or (self.form == "own" and not evaluating)


@cache
def cells() -> tuple[Cell, ...]:
    """The matrix. ValueError: an unknown form or role."""
    with (Path(__file__).parent / "secrecy.csv").open(encoding="utf-8", newline="") as lines:
        rows = tuple(
            Cell(r["information"], r["stage_from"], r["stage_to"], r["role"], r["form"], r["source"], r["certainty"])
            for r in csv.DictReader(lines)
        )
    for cell in rows:
        if cell.form not in STRENGTH or (cell.role != "*" and cell.role not in ROLES):
            raise ValueError(f"secrecy.csv: {cell}")
    return rows


@cache
def _by_information() -> Mapping[str, tuple[Cell, ...]]:
    grouped: dict[str, list[Cell]] = {}
    for cell in cells():
        grouped.setdefault(cell.information, []).append(cell)
    return MappingProxyType({name: tuple(rows) for name, rows in grouped.items()})


def information() -> tuple[str, ...]:
    """Every kind of information the matrix knows."""
    return tuple(_by_information())


def granted(
    information: str, roles: set[str], field: str, stage: str, stopped_at: str | None = None, *, at: str = "outside",
) -> tuple[Cell, ...]:
    """The cells that grant a viewer something, weakest first.

    roles: single roles (groups are for `form`) · field: works | procurement | land | land_tender · stopped_at:
    only with failed or terminated, then required · at: where the viewer sits, one of PLACES. KeyError: unknown
    information or role; ValueError: unknown field, stage or place.
    """
    if at not in PLACES:
        raise ValueError(f"unknown place {at!r}")
    relations = set(closure(roles))
    here = place(stage, stopped_at)
    if "buyer_rep" in relations and field != "land" and at_or_after(here, "convening") and at_or_after("awarded", here):
        relations.discard("buyer")  # he is a member first
    evaluating = stage == "evaluating"
    found = [
        cell for cell in _by_information()[information]
        if cell.role in relations and cell.form != "none" and within(cell.first, cell.last, field, stage, stopped_at)
        and cell.reachable(at, evaluating)
    ]
    return tuple(sorted(found, key=lambda cell: STRENGTH[cell.form]))


def form(
    information: str, roles: set[str], field: str, stage: str, stopped_at: str | None = None, *, at: str = "outside",
) -> str:
    """The strongest form over the viewer's relations and what they include. A group (committee, experts,
    centre) sees what each of its members sees. Arguments and errors as `granted`."""
    return _strongest(information, roles, field, stage, stopped_at, at, FORMS)


def form_of_others(
    information: str, roles: set[str], field: str, stage: str, stopped_at: str | None = None, *, at: str = "outside",
) -> str:
    """As `form`, but of records that are not the viewer's own."""
    return _strongest(information, roles, field, stage, stopped_at, at, tuple(f for f in FORMS if f != "own"))


def _strongest(
    information: str, roles: set[str], field: str, stage: str, stopped_at: str | None, at: str, forms: tuple[str, ...],
) -> str:
    single = {role for role in roles if role not in GROUPS}
    best = _of(information, single, field, stage, stopped_at, at, forms)
    for group in sorted(roles & GROUPS.keys()):
        common = min((_of(information, {member}, field, stage, stopped_at, at, forms) for member in GROUPS[group]), key=STRENGTH.__getitem__)
        best = max(best, common, key=STRENGTH.__getitem__)
    return best


def _of(
    information: str, roles: set[str], field: str, stage: str, stopped_at: str | None, at: str, forms: tuple[str, ...],
) -> str:
    found = [cell.form for cell in granted(information, roles, field, stage, stopped_at, at=at) if cell.form in forms]
    return found[-1] if found else "none"


def reason(information: str, role: str) -> str:
    """Why a role sees nothing of it, as the matrix writes it: the prohibition that names the role, else the one
    for everybody, else the default. KeyError: unknown information or role."""
    known = ROLES[role].code
    prohibitions = {cell.role: cell.source for cell in reversed(_by_information()[information]) if cell.form == "none"}
    return prohibitions.get(known) or prohibitions.get("*") or "house: none unless granted"
