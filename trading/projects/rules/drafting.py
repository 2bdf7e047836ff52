"""What must be true when a tender is entered, mandated, split and given its method."""
from types import SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import yuan

METHODS = ("open", "invited")
KINDS = ("construction", "goods", "services", "supervision", "design")
# how the law's list of methods (law/scoring.py) calls what a project calls by the house's word
NAMED_BY_LAW = {
    "works": {"comprehensive": "comprehensive", "benchmark": "comprehensive", "lowest_price": "reviewed_lowest_price"},
    "procurement": {"comprehensive": "comprehensive", "lowest_price": "lowest_price"},
}


def admitted_buyer(f: SimpleNamespace) -> Reason | None:
    """The buyer stands in the register and passed both reviews."""
    return None if f.buyer_admitted else Reason("admitted_buyer")


def plan_present(f: SimpleNamespace) -> Reason | None:
    return None if f.plan.strip() else Reason("plan_present")


def agent_unrelated(f: SimpleNamespace) -> Reason | None:
    """An admitted agency that is not the buyer itself (实施条例 第十三条: the agency stands between the parties)."""
    return None if f.agent_admitted and f.mandated != f.buyer else Reason("agent_unrelated")


def contract_attached(f: SimpleNamespace) -> Reason | None:
    return None if f.contract else Reason("contract_attached")


def mandate_open(f: SimpleNamespace) -> Reason | None:
    return None if f.mandate_state == "open" else Reason("mandate_open")


def lots_not_to_evade(f: SimpleNamespace) -> Reason | None:
    """Parts under the threshold of a whole above it, by a method other than open, need their reason in writing."""
    clause = f.clauses["threshold"]
    if f.method == "open" or f.split_reason or f.budget < clause.value or min(f.lot_budgets) >= clause.value:
        return None
    return Reason(
        "lots_not_to_evade", Text(f"最小标段 {yuan(min(f.lot_budgets))} 元", f"smallest lot {yuan(min(f.lot_budgets))}"),
        Text(f"不低于 {yuan(clause.value)} 元，或写明理由", f"at least {yuan(clause.value)}, or a reason"),
        under=clause.under, binding=clause.may_refuse,
    )


def method_known(f: SimpleNamespace) -> Reason | None:
    return None if f.wanted_method in METHODS else Reason("method_known")


def method_allowed(f: SimpleNamespace) -> Reason | None:
    """The way of evaluation is one the field knows."""
    clause = f.clauses["methods"]
    if NAMED_BY_LAW[f.field].get(f.wanted_evaluation) in clause.value:
        return None
    return Reason("method_allowed", Text(f.wanted_evaluation, f.wanted_evaluation), under=clause.under, binding=clause.may_refuse)


def approval_if_not_open(f: SimpleNamespace) -> Reason | None:
    return None if f.wanted_method == "open" or f.approval.strip() else Reason("approval_if_not_open")
