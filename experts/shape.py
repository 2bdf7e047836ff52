"""What the clauses in force ask of a committee's size and of the hour of its draw."""
from typing import Any

from sqlalchemy.orm import Session

from experts.desk import law_on
from experts.rules.committee import MinimumSize, minimum
from kernel.daytable.reads import calendar
from kernel.values import HOUR, day_of
from law.periods import buyer_must_by, instant
from trading.projects.records import Project


def size(project: Project, now: int) -> dict[str, Any]:
    """least: smallest committee for field, budget and complexity · size_under: its articles."""
    plain = law_on(project, now, f"committee.minimum.{project.field}")
    if project.field != "procurement":
        return {"least": minimum(MinimumSize(plain.value)), "size_under": plain.under}
    large = law_on(project, now, "committee.minimum_large.procurement")
    reached = law_on(project, now, "committee.large_budget_fen.procurement").value
    hard = "yes" in (project.details.get("complex"), project.details.get("public_effect"))
    return {"least": minimum(MinimumSize(plain.value, large.value, reached), project.budget, hard), "size_under": large.under + plain.under}


def window(session: Session, project: Project, start: int | None, now: int) -> dict[str, Any]:
    """earliest: first moment of a draw for an evaluation that begins at `start` · window_binding: may the clause refuse?"""
    clause = law_on(project, now, f"draw.window.{project.field}")
    earliest = now
    if start is not None and clause.unit == "hour":
        earliest = start - clause.value * HOUR
    elif start is not None:
        earliest = instant(buyer_must_by(day_of(start), clause.value, clause.unit, calendar(session)))
    return {"earliest": earliest, "window_under": clause.under, "window_binding": clause.may_refuse}
