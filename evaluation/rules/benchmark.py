"""评标基准价 of works tenders: a benchmark from the bidders' own prices, and points for the distance to it.

One parametric formula for the many local ones; the tender document fills in the parameters and states every rounding:
    A = mean of the prices left after trimming        Q = ceiling × (1 − lowered)
    M = A × w + Q × (1 − w)                            D = M × (1 − k), or M × k where the document writes it so
    score = full − |P − D| / D × 100 × (above if P > D else below), never under `least`
k or w may be drawn at the opening (kernel.draw), after the prices are read. Prices in fen, shares of one as Decimal.
Not for procurement: 87号令 第五十五条 forbids leaving out the highest or lowest quotation.
Sources: 标准施工招标文件 第三章 2.2.2–2.2.3; 评标委员会和评标方法暂行规定 第三十五条.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from evaluation.rules.decimals import RECORD, half_up, share


@dataclass(frozen=True)
class Trim:
    """What is left out when more than `above` bids are valid.

    high, low: how many of the dearest and the cheapest, or which share of all (then `rounding` says how it becomes a number).
    within: after that, prices further than this share from the mean go too, once, and the mean is taken again.
    """

    above: int
    high: Decimal
    low: Decimal
    by: Literal["count", "share"] = "count"
    rounding: Literal["floor", "ceil"] = "floor"
    within: Decimal | None = None

    def numbers(self, n: int) -> tuple[int, int]:
        return self._number(self.high, n), self._number(self.low, n)

    def _number(self, amount: Decimal, n: int) -> int:
        exact = share(amount, "trim") * n if self.by == "share" else Fraction(amount)
        if exact < 0 or (self.by == "count" and exact.denominator != 1):
            raise ValueError(f"cannot leave out {amount} bids")
        return -(-exact // 1) if self.rounding == "ceil" else exact // 1


@dataclass(frozen=True)
class Benchmark:
    """The parameters. above, below: points lost for each percent over or under D.

    price_places: decimals of A and D in yuan; rate_places: decimals of the deviation in percent; None leaves them exact.
    drawn: which parameter is drawn at the opening, out of `choices`.
    """

    above: Decimal
    below: Decimal
    trims: tuple[Trim, ...] = ()
    k: Decimal = Decimal(0)
    k_form: Literal["less", "times"] = "less"
    w: Decimal = Decimal(1)
    lowered: Decimal = Decimal(0)
    drawn: Literal["none", "k", "w"] = "none"
    choices: tuple[Decimal, ...] = ()
    price_places: int | None = None
    rate_places: int | None = None
    least: Decimal = Decimal(0)


@dataclass(frozen=True)
class Benchmarked:
    """average, benchmark: fen, 4 decimals for the record · left_out: bidders trimmed away · rates: deviation in percent, 4 decimals."""

    average: Decimal
    benchmark: Decimal
    left_out: tuple[str, ...]
    rates: dict[str, Decimal]
    scores: dict[str, Decimal]


def compute(
    rule: Benchmark,
    prices: Mapping[str, int],
    full: Decimal,
    places: int,
    ceiling: int | None = None,
    drawn: Decimal | None = None,
    warning_line: int | None = None,
) -> Benchmarked:
    """Benchmark and scores of all valid bids; full: points of a price that hits the benchmark.

    Bids at or under `warning_line` (成本警戒线) do not shape the benchmark but are scored. ValueError where the facts do
    not suit the rule: no bid, a bid over the ceiling (it is not valid), nothing drawn or something not among the choices.
    """
    k, w = _parameters(rule, drawn)
    if not prices or min(prices.values()) <= 0:
        raise ValueError("there must be bids, each with a price")
    if ceiling is not None and max(prices.values()) > ceiling:
        raise ValueError("a bid over the ceiling is not valid and has no score")
    shaping = {bidder: price for bidder, price in prices.items() if warning_line is None or price > warning_line}
    kept = trimmed(rule.trims, shaping)
    average = _rounded(Fraction(sum(kept.values()), len(kept)), rule.price_places)
    mixed = average
    if w != 1:
        if ceiling is None:
            raise ValueError("this benchmark mixes in the ceiling, and there is none")
        mixed = average * w + ceiling * (1 - share(rule.lowered, "lowered")) * (1 - w)
    benchmark = _rounded(mixed * (1 - k if rule.k_form == "less" else k), rule.price_places)
    if benchmark <= 0:
        raise ValueError("the benchmark is not above zero")
    rates = {bidder: _rate(price, benchmark, rule.rate_places) for bidder, price in prices.items()}
    return Benchmarked(
        half_up(average, RECORD),
        half_up(benchmark, RECORD),
        tuple(sorted(set(prices) - set(kept))),
        {bidder: half_up(rate, RECORD) for bidder, rate in rates.items()},
        {bidder: half_up(_points(rule, rate, full), places) for bidder, rate in rates.items()},
    )


def trimmed(trims: tuple[Trim, ...], prices: Mapping[str, int]) -> dict[str, int]:
    """The prices that enter the mean. The row with the highest `above` under the number of bids applies; without one, all.

    Among equal prices the bidder's id decides who is named as left out; the mean is the same either way.
    If the second pass would leave nobody, the first mean stands.
    """
    if not prices:
        raise ValueError("no price is left to shape the benchmark")
    row = max((trim for trim in trims if len(prices) > trim.above), key=lambda trim: trim.above, default=None)
    if row is None:
        return dict(prices)
    high, low = row.numbers(len(prices))
    if high + low >= len(prices):
        raise ValueError(f"leaving out {high} and {low} of {len(prices)} leaves nothing")
    kept = dict(sorted(prices.items(), key=lambda pair: (pair[1], pair[0]))[low : len(prices) - high])
    if row.within is None:
        return kept
    mean = Fraction(sum(kept.values()), len(kept))
    near = {bidder: price for bidder, price in kept.items() if abs(price - mean) <= mean * share(row.within, "within")}
    return near or kept


def _parameters(rule: Benchmark, drawn: Decimal | None) -> tuple[Fraction, Fraction]:
    if (rule.drawn == "none") != (drawn is None):
        raise ValueError("a coefficient is drawn exactly where the document says so")
    if drawn is not None and drawn not in rule.choices:
        raise ValueError(f"{drawn} is none of the coefficients of the document")
    k = drawn if rule.drawn == "k" and drawn is not None else rule.k
    w = drawn if rule.drawn == "w" and drawn is not None else rule.w
    return share(k, "k"), share(w, "w")


def _rounded(fen: Fraction, yuan_places: int | None) -> Fraction:
    return fen if yuan_places is None else Fraction(half_up(fen / 100, yuan_places)) * 100


def _rate(price: int, benchmark: Fraction, places: int | None) -> Fraction:
    exact = (price - benchmark) / benchmark * 100
    return exact if places is None else Fraction(half_up(exact, places))


def _points(rule: Benchmark, rate: Fraction, full: Decimal) -> Fraction:
    lost = abs(rate) * Fraction(rule.above if rate > 0 else rule.below)
    return max(Fraction(full) - lost, Fraction(rule.least))
