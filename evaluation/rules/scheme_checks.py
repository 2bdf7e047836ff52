"""May this scheme be published? The questions asked before a tender document is frozen; thresholds come from the clauses.

Sources: 87号令 第十七条 (size of a firm), 第五十五条 (weights, price floor, no average, no qualification);
214号 第二十四条 (floor and cap in consultations); 实施条例 第四十九条.
"""
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from evaluation.rules import totals
from evaluation.rules.benchmark import compute
from evaluation.rules.price import price_scores
from evaluation.rules.scheme import Scheme

CEILING = 1_200_000_000
SAMPLES: tuple[tuple[int, ...], ...] = (
    (900_000_000, 980_000_000, 1_050_000_000),
    (1_000_000_000,) * 4,
    (880_000_000, 910_000_000, 990_000_000, 1_000_000_000, 1_199_999_999),
    (420_000_000, 880_000_000, 950_000_000, 1_000_000_000, 1_000_000_001, 1_150_000_000),
    (950_000_000, 980_000_000, 990_000_000, 1_000_000_000, 1_010_000_000, 1_020_000_000, 1_090_000_000),
    tuple(800_000_000 + 19_876_543 * n for n in range(21)),
)


@dataclass(frozen=True)
class Trial:
    """One sample list of prices (fen) through the formula. drawn: the coefficient tried · fault: why it failed, else empty."""

    prices: tuple[int, ...]
    drawn: Decimal | None
    scores: tuple[Decimal, ...] = ()
    fault: str = ""


def weights_sum_to_one(scheme: Scheme) -> bool:
    return totals.weights_sum_to_one(item.weight for item in scheme.items)


def price_weight_floor(scheme: Scheme, floors: Mapping[str, Decimal], caps: Mapping[str, Decimal] | None = None) -> bool:
    """floors, caps: least and most weight of the price by subject (goods, services, works); a subject without one is free."""
    floor, cap = floors.get(scheme.subject, Decimal(0)), (caps or {}).get(scheme.subject, Decimal(1))
    return floor <= scheme.price_weight <= cap


def scored_qualifications(scheme: Scheme, conditions: Collection[str], size_words: Collection[str] = ()) -> tuple[str, ...]:
    """Codes of items that score what must only admit: a qualification condition of this tender (by its title), or a word
    that speaks of a firm's size (注册资本, 资产总额 …)."""
    titles = {_bare(title) for title in conditions} - {""}
    return tuple(
        item.code
        for item in scheme.items
        if any(title in _bare(item.zh) for title in titles) or any(word in item.zh for word in size_words)
    )


def no_qualification_scored(scheme: Scheme, conditions: Collection[str], size_words: Collection[str] = ()) -> bool:
    return not scored_qualifications(scheme, conditions, size_words)


def decimals_stated(scheme: Scheme) -> bool:
    return scheme.places is not None


def no_average_benchmark(scheme: Scheme) -> bool:
    """Procurement scores the lowest price first; every benchmark formula is an average that moves with others' prices."""
    return scheme.field != "procurement" or scheme.benchmark is None


def dry_run(scheme: Scheme) -> tuple[Trial, ...]:
    """The price formula on six sample lists, with every coefficient that may be drawn. Without a price item nothing is tried."""
    if scheme.price_item is None:
        return ()
    draws: tuple[Decimal | None, ...] = (None,)
    if scheme.benchmark is not None and scheme.benchmark.drawn != "none":
        draws = scheme.benchmark.choices
        if not draws:
            return (Trial((), None, fault="a coefficient is to be drawn and none is listed"),)
    return tuple(_trial(scheme, prices, drawn) for prices in SAMPLES for drawn in draws)


def formula_faults(scheme: Scheme) -> tuple[str, ...]:
    """Where the formula fails, in figures that need no translation: number of bids, and the coefficient. Empty: it computes."""
    return tuple(
        f"n={len(trial.prices)}" if trial.drawn is None else f"n={len(trial.prices)}, {trial.drawn}"
        for trial in dry_run(scheme)
        if trial.fault
    )


def formula_compiles(scheme: Scheme) -> bool:
    return not formula_faults(scheme)


def _trial(scheme: Scheme, prices: tuple[int, ...], drawn: Decimal | None) -> Trial:
    full, places = scheme.price_weight * 100, 2 if scheme.places is None else scheme.places
    bids = {str(number): price for number, price in enumerate(prices)}
    try:
        if scheme.benchmark is None:
            scores = tuple(result.score for result in price_scores(bids, {}, full, places).values())
        else:
            scores = tuple(compute(scheme.benchmark, bids, full, places, CEILING, drawn).scores.values())
    except ValueError as why:
        return Trial(prices, drawn, fault=str(why))
    fault = "" if all(0 <= score <= full for score in scores) else f"a score lies outside 0…{full}"
    return Trial(prices, drawn, scores, fault)


def _bare(title: str) -> str:
    return "".join(title.split())
