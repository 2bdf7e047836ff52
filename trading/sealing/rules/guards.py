"""Guards of the key ceremony and of enrolment. Pure: facts in, reason out."""
from collections import Counter

from kernel.errors import Reason, Text
from kernel.machine import Facts

FEWEST, SMALLEST_THRESHOLD = 3, 2


def custodians_enough(f: Facts) -> Reason | None:
    """At least 2 of 3, and a majority, so that two disjoint groups can never both open (protocols §1.2)."""
    n = len(set(f.custodians))
    need = max(FEWEST, f.k)
    if n >= need and n == len(f.custodians) and SMALLEST_THRESHOLD <= f.k and 2 * f.k > n:
        return None
    found = Text(f"已选 {n} 名，门限 {f.k}", f"{n} chosen, threshold {f.k}")
    return Reason("custodians_enough", found, values={"n": need})


def custodians_unrelated(f: Facts) -> Reason | None:
    """No k of them share an employer."""
    employer, most = Counter(f.employers).most_common(1)[0]
    if most < f.k:
        return None
    return Reason("custodians_unrelated", Text(f"{employer}：{most} 名", f"{employer}: {most}"))


def not_after_notice(f: Facts) -> Reason | None:
    return None if f.project_stage in ("draft", "review", "prequalifying") else Reason("not_after_notice")


def custodian_named(f: Facts) -> Reason | None:
    return None if f.number else Reason("custodian_named")


def first_word(f: Facts) -> Reason | None:
    return Reason("first_word") if f.posted else None


def matches_commitment(f: Facts) -> Reason | None:
    """f.fault: what the ceremony's own check of the reveal found (trading.sealing.rules.ceremony)."""
    return f.fault.reason if f.fault is not None and f.fault.reason.rule == "matches_commitment" else None


def proof_good(f: Facts) -> Reason | None:
    return f.fault.reason if f.fault is not None else None


def transcript_agreed(f: Facts) -> Reason | None:
    """The custodian signed exactly the transcript that the server put together from what all posted."""
    return None if f.agreed else Reason("transcript_agreed")


def blame_provable(f: Facts) -> Reason | None:
    return None if f.provable else Reason("blame_provable")

