"""One lot from sheets and prices to ranks: the same function computes it in the session and repeats it for a citizen.

comprehensive: mean of the members plus the price score, lowest evaluated price first (87号令 第五十五条);
benchmark: the same with the document's benchmark price (标准施工招标文件 第三章 2.2); lowest_price: by evaluated price alone.
Money in fen, scores Decimal. Rounded once, at the places of the document.
"""
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.rules import benchmark
from evaluation.rules.decimals import RECORD, half_up
from evaluation.rules.price import Shares, adjusted, price_scores
from evaluation.rules.ranking import Ranked, Standing, by_lowest_price, by_score
from evaluation.rules.scheme import COMMERCIAL, TECHNICAL, Scheme
from evaluation.rules.totals import Sheet, bidder_mean, member_total

HOUSE_PLACES = 2  # where the document is silent; law: scoring.score_decimals
COMPREHENSIVE, LOWEST_PRICE, BENCHMARK = "comprehensive", "lowest_price", "benchmark"


@dataclass(frozen=True)
class Line:
    """One bid. evaluated: fen, 4 decimals · technical, commercial: means of the members, 4 decimals, for the record only."""

    bid: str
    amount: int
    evaluated: Decimal
    technical: Decimal | None
    commercial: Decimal | None
    price: Decimal | None
    total: Decimal | None
    rank: int
    tied: bool


def compute(
    scheme: Scheme,
    method: str,
    amounts: Mapping[str, int],
    sheets: Mapping[str, Mapping[str, Sheet]],
    deductions: Mapping[str, Shares] | None = None,
    ceiling: int | None = None,
    drawn: Decimal | None = None,
    gone: Collection[str] = (),
) -> tuple[Line, ...]:
    """Lines in rank order. amounts: corrected quotations · sheets: member → bid → item → score · drawn: the coefficient.

    gone: bids rejected after a benchmark was fixed: they go on shaping it (it is not computed anew) and have no line.

    ValueError where figures do not fit the scheme: a missing score, no member, a bid over the ceiling, nothing drawn.
    """
    given, shaping = deductions or {}, amounts
    amounts = {bid: amount for bid, amount in amounts.items() if bid not in gone}
    evaluated = {bid: half_up(adjusted(amount, given.get(bid)), RECORD) for bid, amount in amounts.items()}
    if method == LOWEST_PRICE:
        ranked = by_lowest_price(evaluated, dict(amounts) if scheme.field == "works" else None)
        return tuple(Line(r.bidder, amounts[r.bidder], evaluated[r.bidder], None, None, None, None, r.rank, r.tied) for r in ranked)
    places = HOUSE_PLACES if scheme.places is None else scheme.places
    prices = _price_points(scheme, amounts if scheme.benchmark is None else shaping, given, places, ceiling, drawn)
    scales = {item.code: item.scale for item in scheme.scored()}
    totals = {
        bid: bidder_mean([member_total(by_bid[bid], scales) for by_bid in sheets.values()], prices[bid], places) for bid in amounts
    }
    ranked = by_score([Standing(bid, totals[bid], evaluated[bid]) for bid in amounts])
    return tuple(_line(scheme, r, amounts, evaluated, sheets, prices, totals) for r in ranked)


def _price_points(
    scheme: Scheme, amounts: Mapping[str, int], given: Mapping[str, Shares], places: int, ceiling: int | None, drawn: Decimal | None,
) -> dict[str, Decimal]:
    full = scheme.price_weight * 100
    if scheme.price_item is None:
        return dict.fromkeys(amounts, Decimal(0))
    if scheme.benchmark is not None:
        return benchmark.compute(scheme.benchmark, amounts, full, places, ceiling, drawn).scores
    return {bid: result.score for bid, result in price_scores(amounts, given, full, places).items()}


def _line(
    scheme: Scheme, r: Ranked, amounts: Mapping[str, int], evaluated: Mapping[str, Decimal],
    sheets: Mapping[str, Mapping[str, Sheet]], prices: Mapping[str, Decimal], totals: Mapping[str, Decimal],
) -> Line:
    bid = r.bidder
    technical, commercial = (_section(scheme, section, [by_bid[bid] for by_bid in sheets.values()]) for section in (TECHNICAL, COMMERCIAL))
    return Line(bid, amounts[bid], evaluated[bid], technical, commercial, prices[bid], totals[bid], r.rank, r.tied)


def _section(scheme: Scheme, section: str, sheets: list[Sheet]) -> Decimal:
    scales = {item.code: item.scale for item in scheme.items if item.section == section}
    sums = [member_total({code: sheet[code] for code in scales}, scales) for sheet in sheets]
    return half_up(sum(sums, Fraction(0)) / len(sums), RECORD)
