"""From single scores to a bidder's total: ranges, weights, a member's total, the mean of the members.

Total = Σ F·A with Σ A = 1, where F is an item's score as points of one hundred (87号令 第五十五条). An item scored on its own
scale 0…high therefore counts score / high × 100 × weight; with weight = high / 100 the points simply add up.
Everything stays an exact fraction until `bidder_mean` rounds once.
Sources: 87号令 第五十五条 (formula), 第六十四条 (adding, ranges, objective items). The mean of members is custom, not statute.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.rules.decimals import half_up

Sheet = Mapping[str, Decimal]


@dataclass(frozen=True)
class Scale:
    """How one item is scored. step: the smallest difference allowed, counted from low; None allows any value in the range."""

    high: Decimal
    weight: Decimal
    low: Decimal = Decimal(0)
    step: Decimal | None = None


def in_range(score: Decimal, scale: Scale) -> bool:
    if not score.is_finite() or not scale.low <= score <= scale.high:
        return False
    return scale.step is None or (Fraction(score) - Fraction(scale.low)) % Fraction(scale.step) == 0


def weights_sum_to_one(weights: Iterable[Decimal]) -> bool:
    """Exactly: 0.3333 × 3 is not one."""
    return sum((Fraction(weight) for weight in weights), Fraction(0)) == 1


def points(score: Decimal, scale: Scale) -> Fraction:
    """What a score adds to the total of one hundred."""
    if not in_range(score, scale):
        raise ValueError(f"{score} is outside {scale.low}…{scale.high}")
    return Fraction(score) / Fraction(scale.high) * 100 * Fraction(scale.weight)


def member_total(sheet: Sheet, scales: Mapping[str, Scale]) -> Fraction:
    """One member's points for one bidder over the items of `scales`. ValueError unless the sheet holds exactly these items."""
    if set(sheet) != set(scales):
        raise ValueError(f"the sheet does not fit the items: {sorted(set(sheet) ^ set(scales))}")
    return sum((points(sheet[item], scale) for item, scale in scales.items()), Fraction(0))


def bidder_mean(member_totals: Sequence[Fraction], price_points: Decimal, places: int) -> Decimal:
    """Arithmetic mean of the members plus the computed price score, rounded half up once."""
    if not member_totals:
        raise ValueError("no member has scored")
    return half_up(sum(member_totals, Fraction(0)) / len(member_totals) + Fraction(price_points), places)


def unequal_objective(sheets: Mapping[str, Mapping[str, Sheet]], objective: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(bidder, item) for which the members' scores of an objective item differ (第六十四条(三)).

    sheets: member → bidder → item → score. A member who left the item empty differs from those who did not.
    """
    items = tuple(objective)
    bidders = sorted({bidder for by_bidder in sheets.values() for bidder in by_bidder})
    return tuple(
        (bidder, item)
        for bidder in bidders
        for item in items
        if len({by_bidder.get(bidder, {}).get(item) for by_bidder in sheets.values()}) > 1
    )


def out_of_range(sheets: Mapping[str, Mapping[str, Sheet]], scales: Mapping[str, Scale]) -> tuple[tuple[str, str, str], ...]:
    """(member, bidder, item) of every score outside its range or off its step (第六十四条(二)); an unknown item is outside."""
    return tuple(
        (member, bidder, item)
        for member, by_bidder in sorted(sheets.items())
        for bidder, sheet in sorted(by_bidder.items())
        for item, score in sorted(sheet.items())
        if item not in scales or not in_range(score, scales[item])
    )
