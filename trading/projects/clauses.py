"""Which clauses bind one tender, by the day that decides for it."""
from datetime import date

from kernel.values import day_of
from law.citation import Clause
from law.registry import history, in_force
from trading.projects.records import Project

SALE = {"works": "works.sale_days", "procurement": "procurement.sale_working_days"}
THRESHOLD = {"works": "works.tender_threshold_fen", "procurement": "procurement.public_tender_threshold_fen"}
# the law's three kinds of works contracts and the house's five
CONTRACTS = {"construction": "construction", "goods": "goods", "services": "services", "supervision": "services", "design": "services"}
DEPOSIT_CAPS = {"construction": "construction", "goods": "goods", "design": "design"}


def deciding_day(project: Project, now: int) -> date:
    """The day of the notice; before it, today."""
    return day_of(now if project.published_at is None else project.published_at)


def clause(name: str, on: date) -> Clause:
    """The row in force on a day. A replay of years before the rule gets its earliest row."""
    try:
        return in_force(name, on)
    except KeyError:
        return history(name)[0]


def period_clauses(project: Project, on: date) -> dict[str, Clause]:
    """preparation, sale, clarification, opens, closes."""
    return {
        "preparation": clause(f"{project.field}.preparation_days", on), "sale": clause(SALE[project.field], on),
        "clarification": clause(f"{project.field}.clarification_days", on),
        "opens": clause("calendar.opens_minutes", on), "closes": clause("calendar.closes_minutes", on),
    }


def deposit_clauses(project: Project, on: date) -> dict[str, Clause]:
    """deposit_share, and for some kinds of works an amount."""
    found = {"deposit_share": clause(f"{project.field}.deposit_share", on)}
    if project.field == "works" and project.kind in DEPOSIT_CAPS:
        found["deposit_cap"] = clause(f"works.deposit_cap_fen.{DEPOSIT_CAPS[project.kind]}", on)
    return found


def threshold_clause(project: Project, on: date) -> Clause:
    """From which estimate a contract must be tendered openly."""
    name = THRESHOLD[project.field]
    return clause(f"{name}.{CONTRACTS[project.kind]}" if project.field == "works" else name, on)
