"""Halting a tender, taking it back, ending it, and closing its file."""
from types import SimpleNamespace

from kernel.errors import Reason, Text
from law.grounds import LABELS


def cause_listed(f: SimpleNamespace) -> Reason | None:
    """The cause stands in the list given as fact `causes` (law/grounds.py, or the house's five kinds of green channel)."""
    return None if f.cause in f.causes else Reason("cause_listed", Text(f.cause, f.cause), under=f.listed_under)


def order_cited_if_regulator(f: SimpleNamespace) -> Reason | None:
    return Reason("order_cited_if_regulator") if f.acting == "regulator" and not f.order_number.strip() else None


def cause_gone(f: SimpleNamespace) -> Reason | None:
    """A fixed time is over, or the side that halted states that its cause is gone."""
    return None if f.finding.strip() and (f.until is None or f.now >= f.until or f.acting == f.side) else Reason("cause_gone")


def same_side_resumes(f: SimpleNamespace) -> Reason | None:
    """What a regulator halted only a regulator lets go on, or the machine when the order has run out (政府采购法 第五十七条);
    what the agent or the machine halted, the agent."""
    over = f.until is not None and f.now >= f.until
    mine = {"regulator": ("regulator",), "agent": ("agent", "system"), "system": ("agent", "system", "regulator") if over else ("agent", "system")}
    return None if f.side in mine[f.acting] else Reason("same_side_resumes")


def not_published(f: SimpleNamespace) -> Reason | None:
    return None if f.published_at is None else Reason("not_published")


def termination_cause_lawful(f: SimpleNamespace) -> Reason | None:
    clause = f.clauses["termination"]
    if f.cause in clause.value:
        return None
    return Reason("termination_cause_lawful", Text(f.cause, f.cause), under=clause.under, binding=clause.may_refuse)


def failing_condition_met(f: SimpleNamespace) -> Reason | None:
    """A condition of the closed list, proved by the records or by evidence attached. A rule set without such a list (a replay)
    asks for no number of bidders: it fails when no admissible bid is left, or on evidence that its task is gone."""
    clause = f.clauses.get("failure")
    if clause is None:
        met = f.admissible == 0 or (f.condition == "task_cancelled" and bool(f.evidence))
    else:
        met = f.condition in clause.value and (f.proved[f.condition] if f.condition in f.proved else bool(f.evidence))
    if met:
        return None
    return Reason("failing_condition_met", Text(*LABELS.get(f.condition, (f.condition, f.condition))), under=clause.under if clause else ())


def file_complete(f: SimpleNamespace) -> Reason | None:
    if not f.missing:
        return None
    words = Text("、".join(m.zh for m in f.missing), ", ".join(m.en for m in f.missing))
    return Reason("file_complete", words, values={"missing": words})


def four_checks_passed(f: SimpleNamespace) -> Reason | None:
    """真实性、完整性、可用性、安全性 (DA/T 103-2024): the names of those that failed are what was found."""
    return None if not f.failed_checks else Reason("four_checks_passed", Text("、".join(c.zh for c in f.failed_checks), ", ".join(c.en for c in f.failed_checks)))


def no_open_dispute(f: SimpleNamespace) -> Reason | None:
    return Reason("no_open_dispute") if f.suspended else None
