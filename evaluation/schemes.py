"""May a scoring scheme be published? What trading asks before a tender document is complete."""
from datetime import date
from decimal import Decimal
from typing import Any

from evaluation.rules import scheme_checks as checks
from evaluation.rules.scheme import Scheme, Unreadable, parse
from kernel.errors import Malformed
from kernel.facts import answers
from law.registry import in_force
from trading import asks

SUBJECTS = {"construction": "works", "goods": "goods", "services": "services", "supervision": "services", "design": "services"}
# 87号令 第十七条: conditions of a firm's size, as schemes write them
SIZE_WORDS = ("注册资本", "资产总额", "营业收入", "从业人员", "利润", "纳税额")


@answers(asks.check_scheme)
def check_scheme(scheme: dict[str, Any], field: str, kind: str, on: date, conditions: tuple[str, ...]) -> asks.CheckedScheme:
    """Reads the scheme and asks it the six questions of the document's guards."""
    try:
        read = parse(scheme)
        if read.field != field:
            raise Unreadable("scheme.field", "评分办法与项目领域不符", "not of this tender's field")
        if read.subject != SUBJECTS[kind]:
            raise Unreadable("scheme.subject", "评分办法与项目类别不符", "not of this tender's subject")
    except Unreadable as fault:
        raise Malformed(fault.where, fault.text) from fault
    return asks.CheckedScheme(read.plain(), read.digest(), faults(read, on, conditions))


def faults(scheme: Scheme, on: date, conditions: tuple[str, ...]) -> dict[str, str]:
    """Name of each guard that is false → the figure that fills its sentence, or nothing."""
    floor = price_floor(scheme, on)
    wrong: dict[str, str] = {}
    if not checks.weights_sum_to_one(scheme):
        wrong["weights_sum_to_one"] = ""
    if not checks.price_weight_floor(scheme, {scheme.subject: floor}):
        wrong["price_weight_floor"] = f"{(floor * 100).normalize():f} %"
    if scored := checks.scored_qualifications(scheme, conditions, SIZE_WORDS if scheme.field == "procurement" else ()):
        wrong["no_qualification_scored"] = ", ".join(scored)
    if failing := checks.formula_faults(scheme):
        wrong["formula_compiles"] = "; ".join(failing)
    if not checks.no_average_benchmark(scheme):
        wrong["no_average_benchmark"] = ""
    if not checks.decimals_stated(scheme):
        wrong["decimals_stated"] = ""
    return wrong


def price_floor(scheme: Scheme, on: date) -> Decimal:
    """Least weight of the price: procurement alone knows one (87号令 第五十五条)."""
    if scheme.field != "procurement" or scheme.subject == "works":
        return Decimal(0)
    value: Decimal = in_force(f"scoring.price_weight_floor.{scheme.subject}", on).value
    return value
