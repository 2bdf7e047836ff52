"""Who comes first: by score or by price, what a tie is, who becomes a candidate, and how one brand counts.

A tie is never broken silently: equal bidders share their rank until the rule of the document, or a drawn order, settles it.
Sources: 87号令 第三十一条 (same brand), 第五十四、五十六、五十七条 (order), 第六十八条 (ties);
74号令 第三十五、四十八条; 214号 第二十五条; 标准施工招标文件 第三章; 实施条例 第五十三条 (at most three candidates).
"""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Standing:
    """What decides about one bidder. price: evaluated price, fen · technical: only where a technical score is the third key."""

    bidder: str
    score: Decimal
    price: Decimal
    technical: Decimal | None = None


@dataclass(frozen=True)
class Ranked:
    """rank counts from 1; tied bidders share it and the next rank leaves the gap. tied: nothing has separated them yet."""

    bidder: str
    rank: int
    tied: bool


def by_score(standings: Sequence[Standing]) -> tuple[Ranked, ...]:
    """Score descending, then price ascending, then technical score descending where given; what is left is a tie."""
    return _ranked([(s.bidder, (-s.score, s.price, -(s.technical or Decimal(0)))) for s in standings])


def by_lowest_price(evaluated: Mapping[str, Decimal], quotations: Mapping[str, int] | None = None) -> tuple[Ranked, ...]:
    """Evaluated price ascending; works documents put the lower quotation first among equals, procurement declares the tie."""
    second = quotations or dict.fromkeys(evaluated, 0)
    return _ranked([(bidder, (price, second[bidder])) for bidder, price in evaluated.items()])


def tie_groups(ranked: Sequence[Ranked]) -> tuple[tuple[str, ...], ...]:
    """The bidders of each tie that is still open."""
    groups = groupby((r for r in ranked if r.tied), key=lambda r: r.rank)
    return tuple(tuple(sorted(r.bidder for r in group)) for _, group in groups)


def settle(ranked: Sequence[Ranked], preferred: Sequence[str]) -> tuple[Ranked, ...]:
    """Breaks one tie by an order found under the document's rule (a draw, the buyer's choice). ValueError if it is no tie."""
    if tuple(sorted(preferred)) not in tie_groups(ranked):
        raise ValueError("there is no tie of exactly these bidders")
    place = {bidder: number for number, bidder in enumerate(preferred)}
    settled = [replace(r, rank=r.rank + place[r.bidder], tied=False) if r.bidder in place else r for r in ranked]
    return tuple(sorted(settled, key=lambda r: (r.rank, r.bidder)))


def candidates(ranked: Sequence[Ranked], most: int = 3) -> tuple[Ranked, ...]:
    """The first `most` bidders in order. ValueError while a tie decides who is among them."""
    if most < 1:
        raise ValueError("at least one candidate")
    chosen = tuple(sorted(ranked, key=lambda r: (r.rank, r.bidder))[:most])
    inside = {r.bidder for r in chosen}
    if any(r.tied and r.rank == chosen[-1].rank and r.bidder not in inside for r in ranked):
        raise ValueError("a tie across the last place must be settled first")
    return chosen


def brand_units(brands: Mapping[str, str | None]) -> int:
    """How many bidders count towards the minimum: those of one brand are one. None: no (core) product, counts alone."""
    named = {brand for brand in brands.values() if brand is not None}
    return len(named) + sum(brand is None for brand in brands.values())


def first_of_brand(ranked: Sequence[Ranked], brands: Mapping[str, str | None]) -> tuple[Ranked, ...]:
    """Ranks anew with only the best bidder of each brand: by score, who may be recommended; by price, who joins at all.

    ValueError while several of one brand share the best rank: settle that first, by the document's rule or by a draw.
    """
    kept: dict[str, Ranked] = {}
    alone = []
    for r in sorted(ranked, key=lambda r: r.rank):
        brand = brands.get(r.bidder)
        if brand is None:
            alone.append(r)
        elif brand not in kept:
            kept[brand] = r
        elif kept[brand].rank == r.rank:
            raise ValueError(f"a tie within the brand {brand} must be settled first")
    return _ranked([(r.bidder, (r.rank,)) for r in (*alone, *kept.values())])


def _ranked(keyed: list[tuple[str, tuple[Any, ...]]]) -> tuple[Ranked, ...]:
    if len({bidder for bidder, _ in keyed}) != len(keyed):
        raise ValueError("a bidder stands twice")
    result: list[Ranked] = []
    for _, group in groupby(sorted(keyed, key=lambda pair: (pair[1], pair[0])), key=lambda pair: pair[1]):
        bidders = [bidder for bidder, _ in group]
        result += [Ranked(bidder, len(result) + 1, len(bidders) > 1) for bidder in bidders]
    return tuple(result)
