"""What must be true of the tender document, its scoring scheme, its ceiling, and of a file that is complete."""
from decimal import ROUND_FLOOR, Decimal
from types import SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import yuan
from law.citation import Clause
from law.citations import order_87


def no_floor_price(f: SimpleNamespace) -> Reason | None:
    return None if f.wanted_floor is None else Reason("no_floor_price", Text(f"{yuan(f.wanted_floor)} 元", yuan(f.wanted_floor)))


def deposit_within_cap(f: SimpleNamespace) -> Reason | None:
    """Share of the budget first; an amount that nobody has checked in the text only warns."""
    share = f.clauses["deposit_share"]
    cap = int((Decimal(f.budget) * share.value).to_integral_value(ROUND_FLOOR))
    if f.wanted_deposit > cap:
        return _over(f.wanted_deposit, cap, share)
    amount = f.clauses.get("deposit_cap")
    if amount is not None and f.wanted_deposit > amount.value:
        return _over(f.wanted_deposit, amount.value, amount)
    return None


def _over(deposit: int, cap: int, clause: Clause) -> Reason:
    shown = yuan(cap)
    return Reason(
        "deposit_within_cap", Text(f"{yuan(deposit)} 元", yuan(deposit)), Text(f"不超过 {shown} 元", f"at most {shown}"),
        under=clause.under, values={"cap": shown}, binding=clause.may_refuse,
    )


def fair_competition_reviewed(f: SimpleNamespace) -> Reason | None:
    return None if f.fair_competition.strip() else Reason("fair_competition_reviewed")


def no_forced_presence(f: SimpleNamespace) -> Reason | None:
    return Reason("no_forced_presence") if f.presence_required else None


def price_announced_at_opening(f: SimpleNamespace) -> Reason | None:
    """Two envelopes keep the price shut at the opening, where government procurement must announce it (87号令 第四十一条)."""
    if f.wanted_envelopes == 1 or f.field == "works":
        return None
    return Reason("price_announced_at_opening", under=(order_87("第四十一条"),))


def weights_sum_to_one(f: SimpleNamespace) -> Reason | None:
    return _scheme(f, "weights_sum_to_one")


def price_weight_floor(f: SimpleNamespace) -> Reason | None:
    return _scheme(f, "price_weight_floor", "floor")


def no_qualification_scored(f: SimpleNamespace) -> Reason | None:
    return _scheme(f, "no_qualification_scored")


def formula_compiles(f: SimpleNamespace) -> Reason | None:
    return _scheme(f, "formula_compiles", "where")


def no_average_benchmark(f: SimpleNamespace) -> Reason | None:
    return _scheme(f, "no_average_benchmark")


def decimals_stated(f: SimpleNamespace) -> Reason | None:
    return _scheme(f, "decimals_stated")


def _scheme(f: SimpleNamespace, rule: str, blank: str = "") -> Reason | None:
    """What the scheme's own checks found wrong: name of the guard → the figure that fills its sentence."""
    if rule not in f.faults:
        return None
    found = f.faults[rule]
    return Reason(rule, Text(found, found) if found else None, values={blank: found} if blank else {})


def ceiling_within_budget(f: SimpleNamespace) -> Reason | None:
    if f.wanted_ceiling <= f.budget:
        return None
    return Reason(
        "ceiling_within_budget", Text(f"{yuan(f.wanted_ceiling)} 元", yuan(f.wanted_ceiling)),
        Text(f"不超过 {yuan(f.budget)} 元", f"at most {yuan(f.budget)}"),
    )


PARTS = {
    "tender_document": Text("招标文件", "tender document"), "scoring": Text("评分办法", "scoring scheme"),
    "calendar": Text("时间安排", "calendar"),
}


def missing_parts(kinds: set[str], evaluation: str, scored: bool, deadline: int | None) -> list[str]:
    """Codes of PARTS a file still lacks. A price method needs no scheme."""
    lacks = [] if "tender_document" in kinds else ["tender_document"]
    if evaluation != "lowest_price" and not scored:
        lacks.append("scoring")
    return lacks if deadline is not None else [*lacks, "calendar"]


def document_complete(f: SimpleNamespace) -> Reason | None:
    if not f.missing:
        return None
    words = Text("、".join(PARTS[m].zh for m in f.missing), ", ".join(PARTS[m].en for m in f.missing))
    return Reason("document_complete", words, values={"parts": words})


def buyer_confirmed(f: SimpleNamespace) -> Reason | None:
    """The buyer confirmed these very files: a confirmation of an older state does not count."""
    return None if f.confirmed_digest == f.digest else Reason("buyer_confirmed")


def key_ready(f: SimpleNamespace) -> Reason | None:
    """The custodians finished their ceremony, so that bids can be sealed to its key (protocols §1.3)."""
    return None if f.ceremony_stage == "ready" else Reason("key_ready")
