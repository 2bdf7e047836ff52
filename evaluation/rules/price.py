"""Prices in government procurement: from the quotation to the price score, and the low prices that must be explained.

The order is fixed: arithmetic correction (87号令 第五十九条), then policy deductions, then the score. Prices are fen.
A deduction serves the evaluation alone; the contract is made at the quotation.
Sources: 财政部令第87号 第五十五条; 财库〔2020〕46号 第九条; 财库〔2022〕19号; 国办发〔2025〕34号; 财库〔2026〕2号.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.rules.decimals import RECORD, half_up, share

Shares = Mapping[str, Decimal]
MEAN, SECOND_LOWEST, CEILING = "mean", "second_lowest", "ceiling"


@dataclass(frozen=True)
class PriceScore:
    """adjusted: the price as evaluated, fen with 4 decimals for the record · score: from the exact price, weight included."""

    adjusted: Decimal
    score: Decimal


@dataclass(frozen=True)
class LowPrice:
    """Which threshold a quotation is under. limit: fen with 4 decimals for the record; the comparison was exact."""

    rule: str
    limit: Decimal


def adjusted(quotation: int, deductions: Shares | None = None) -> Fraction:
    """The evaluated price. Each deduction is taken from the same (corrected) quotation; they add up, they do not compound."""
    if quotation <= 0:
        raise ValueError("a quotation is more than nothing")
    total = sum((share(part, name) for name, part in (deductions or {}).items()), Fraction(0))
    if total >= 1:
        raise ValueError("the deductions leave no price")
    return quotation * (1 - total)


def price_scores(
    quotations: Mapping[str, int],
    deductions: Mapping[str, Shares],
    weight: Decimal,
    places: int,
) -> dict[str, PriceScore]:
    """低价优先法: the lowest evaluated price of all responsive bids gets `weight` points, the others in proportion.

    No quotation is left out, neither the highest nor the lowest: 第五十五条 forbids it. places: decimals of the document.
    """
    if strangers := set(deductions) - set(quotations):
        raise ValueError(f"a deduction for nobody's bid: {sorted(strangers)}")
    prices = {bidder: adjusted(price, deductions.get(bidder)) for bidder, price in quotations.items()}
    if not prices:
        return {}
    lowest = min(prices.values())
    return {
        bidder: PriceScore(half_up(price, RECORD), half_up(lowest / price * Fraction(weight), places)) for bidder, price in prices.items()
    }


def abnormally_low(
    quotations: Mapping[str, int],
    ceiling: int,
    of_mean: Decimal,
    of_second_lowest: Decimal,
    of_ceiling: Decimal,
) -> dict[str, tuple[LowPrice, ...]]:
    """Bids whose price has to be explained (财库〔2026〕2号). Undeducted quotations of all bids that passed conformity.

    ceiling: the highest price allowed, or else the budget. The mean includes the bid itself. Strictly less: a price
    on the line is not low. A bid named here is not invalid yet: its bidder is asked first.
    """
    if ceiling <= 0:
        raise ValueError("a ceiling is more than nothing")
    if not quotations:
        return {}
    prices = sorted(quotations.values())
    limits = {MEAN: Fraction(sum(prices), len(prices)) * share(of_mean, MEAN)}
    if len(prices) > 1:
        limits[SECOND_LOWEST] = prices[1] * share(of_second_lowest, SECOND_LOWEST)
    limits[CEILING] = ceiling * share(of_ceiling, CEILING)
    found = {
        bidder: tuple(LowPrice(rule, half_up(limit, RECORD)) for rule, limit in limits.items() if price < limit)
        for bidder, price in quotations.items()
    }
    return {bidder: lows for bidder, lows in found.items() if lows}


def works_addition(score: Decimal, added: Decimal, places: int) -> Decimal:
    """A small firm's price score where works are not scored by the lowest price: `added` share of it on top (46号 第九条)."""
    return half_up(Fraction(score) * (1 + share(added, "addition")), places)
