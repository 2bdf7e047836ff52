"""畸高畸低: single scores so far from the others' that their author has to explain them.

A flag is a question, never a correction: the member explains, the committee decides and writes down why.
No national number exists (87号令 第六十四条(四)); the thresholds are the house's and come in as arguments.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.rules.decimals import RECORD, half_up, share
from evaluation.rules.totals import Scale, Sheet


@dataclass(frozen=True)
class Flag:
    """others: mean of the other members · by: "range" or "spread", the threshold that was passed. Both figures with 4 decimals."""

    member: str
    bidder: str
    item: str
    score: Decimal
    others: Decimal
    by: str


def outliers(
    sheets: Mapping[str, Mapping[str, Sheet]],
    scales: Mapping[str, Scale],
    of_range: Decimal,
    sigmas: int = 2,
    sigmas_from: int = 7,
) -> tuple[Flag, ...]:
    """Scores further than `of_range` × (high − low) from the mean of the others, or more than `sigmas` standard deviations
    from the mean of all where at least `sigmas_from` members score: with fewer, one score can hardly be that far out.

    sheets: member → bidder → item → score. Fewer than three scores of an item are not compared.
    """
    limit = share(of_range, "of_range")
    found = []
    for bidder in sorted({bidder for by_bidder in sheets.values() for bidder in by_bidder}):
        for item, scale in scales.items():
            given = {m: Fraction(by[bidder][item]) for m, by in sheets.items() if bidder in by and item in by[bidder]}
            if len(given) < 3:
                continue
            total = sum(given.values())
            mean = total / len(given)
            variance = sum((score - mean) ** 2 for score in given.values()) / len(given)
            for member, score in sorted(given.items()):
                others = (total - score) / (len(given) - 1)
                if abs(score - others) > limit * (Fraction(scale.high) - Fraction(scale.low)):
                    by = "range"
                elif len(given) >= sigmas_from and (score - mean) ** 2 > sigmas**2 * variance:
                    by = "spread"
                else:
                    continue
                found.append(Flag(member, bidder, item, sheets[member][bidder][item], half_up(others, RECORD), by))
    return tuple(found)
