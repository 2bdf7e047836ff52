"""The shape of an evaluation committee: how many, odd, two thirds experts, one from an employer, who may chair.

Whole numbers only: two thirds means 3 × experts ≥ 2 × members. Minimum sizes are clause values and come in as arguments.
Sources: 招标投标法 第三十七条; 87号令 第四十五、四十七条; 74号令 第七条; 39号令 第十三条. "以上" includes the number (87号令 第八十六条).
"""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

TOO_FEW, EVEN, FEW_EXPERTS = "too_few", "even", "few_experts"
EXPERT, REPRESENTATIVE = "expert", "representative"


@dataclass(frozen=True)
class MinimumSize:
    """The least number of members. raised: the least once the project's value reaches `from_fen` or it is complex."""

    members: int
    raised: int | None = None
    from_fen: int | None = None


def minimum(size: MinimumSize, value_fen: int | None = None, complex_case: bool = False) -> int:
    """For one field and method. value_fen: the budget, or the estimate where the document names no budget."""
    reached = size.from_fen is not None and value_fen is not None and value_fen >= size.from_fen
    return size.raised if size.raised is not None and (reached or complex_case) else size.members


def minimum_experts(members: int) -> int:
    return -(-2 * members // 3)


def two_thirds(members: int, experts: int) -> bool:
    return 3 * experts >= 2 * members


def shape_faults(members: int, experts: int, least: int) -> tuple[str, ...]:
    """Which of the three conditions fail; empty means a lawful shape. ValueError if there are more experts than members."""
    if not 0 <= experts <= members:
        raise ValueError(f"{experts} experts among {members} members")
    faults = ((TOO_FEW, members < least), (EVEN, members % 2 == 0), (FEW_EXPERTS, not two_thirds(members, experts)))
    return tuple(name for name, failed in faults if failed)


def crowded_employers(employers: Iterable[str], most: int = 1) -> tuple[str, ...]:
    """Employers (or their tags) with more members than `most`. One employer must not carry a majority into the room."""
    return tuple(sorted(employer for employer, number in Counter(employers).items() if number > most))


def may_chair(seat_kind: str, representative_may: bool = False) -> bool:
    """The buyer's representative may not chair in procurement (第四十五条(四)); works leave it to the clause."""
    if seat_kind not in (EXPERT, REPRESENTATIVE):
        raise ValueError(f"no seat is of the kind {seat_kind}")
    return seat_kind == EXPERT or representative_may


def legal_expert_missing(complex_case: bool, legal_experts: int) -> bool:
    """A complex negotiation or consultation needs a lawyer among its experts (74号令 第七条; 214号 第十四条)."""
    return complex_case and legal_experts < 1
