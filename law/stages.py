"""The stages of a tender and of a parcel, in their order, and the side clocks.

`failed` and `terminated` stand after `archived`; where they hold, every question is answered on the stage at
which the tender stopped (`stopped_at`): an end discloses nothing that was not open before it.
"""
from types import MappingProxyType

ENDS = ("failed", "terminated")

MAIN = (
    "draft", "review", "prequalifying", "inviting", "closed", "opening", "opened", "qualifying", "convening",
    "evaluating", "reported", "publicity", "confirming", "awarded", "announced", "contracted", "performing",
    "archived", *ENDS,
)
REPORTED = MAIN[MAIN.index("reported") : MAIN.index("failed")]  # the committee has written its report
LAND = (
    "draft", "review", "noticed", "applying", "listing", "asking", "timed", "closed", "reserve_opening", "dealt",
    "confirmed", "published", "contracted", "performing", "archived", *ENDS,
)
# stages of the main axis that one field alone has
ONLY = MappingProxyType({"qualifying": "procurement", "confirming": "procurement", "publicity": "works"})
# a tender of land (招标出让) runs on the main axis with the clauses of land
FIELDS = ("works", "procurement", "land", "land_tender")

SIDE = MappingProxyType({
    "draw": ("briefed", "pooled", "committed", "seeded", "calling", "filled", "short", "released"),
    "session": ("booked", "gathered", "sworn", "reviewing", "scoring", "summing", "signing", "sealed", "reopened"),
    "booking": ("asked", "held", "used", "released"),
    "objection": ("filed", "accepted", "refused", "answered", "closed"),
    "complaint": ("filed", "corrected", "accepted", "refused", "decided"),
    "subject": ("entered", "first_review", "second_review", "admitted", "locked", "barred"),
    "expert": ("applied", "reviewed", "admitted", "paused", "removed"),
    "refund": ("due", "prepared", "approved", "paid", "disputed"),
    "ceremony": ("r0", "r1", "r2", "ready", "broken"),
})

NAMES = MappingProxyType({
    "draft": ("编制", "Drafting"),
    "review": ("审核", "Review"),
    "prequalifying": ("资格预审", "Prequalification"),
    "inviting": ("公告至截止", "Open for bids"),
    "closed": ("截止", "Closed"),
    "opening": ("开标中", "Opening"),
    "opened": ("开标毕", "Opened"),
    "qualifying": ("资格审查", "Qualification review"),
    "convening": ("组建委员会", "Convening the committee"),
    "evaluating": ("评标", "Evaluation"),
    "reported": ("评标报告", "Evaluation report"),
    "publicity": ("候选人公示", "Publicity of candidates"),
    "confirming": ("采购人确认", "Buyer's confirmation"),
    "awarded": ("定标", "Award decided"),
    "announced": ("结果公告", "Result announced"),
    "contracted": ("合同", "Contract"),
    "performing": ("履约验收", "Performance and acceptance"),
    "archived": ("归档", "Archived"),
    "failed": ("流标", "Failed"),
    "terminated": ("终止", "Terminated"),
    "noticed": ("公告", "Notice"),
    "applying": ("报名", "Applications"),
    "listing": ("挂牌", "Listing"),
    "asking": ("询问", "Asking period"),
    "timed": ("限时竞价", "Timed bidding"),
    "reserve_opening": ("揭示底价", "Opening the reserve price"),
    "dealt": ("成交", "Sold"),
    "confirmed": ("成交确认", "Deal confirmed"),
    "published": ("结果公布", "Result published"),
})


def axis(field: str) -> tuple[str, ...]:
    """The stages of a field, in order, its ends last. ValueError: unknown field."""
    if field not in FIELDS:
        raise ValueError(f"unknown field {field!r}")
    if field == "land":
        return LAND
    return tuple(stage for stage in MAIN if ONLY.get(stage, field) == field)


def name(stage: str) -> tuple[str, str]:
    """The stage's name in Chinese and English. KeyError: unknown stage."""
    return NAMES[stage]


def place(stage: str, stopped_at: str | None = None) -> str:
    """The stage that decides what holds: an ended tender stands where it stopped.

    ValueError: an end without stopped_at, an end as stopped_at, or stopped_at while the tender runs.
    """
    if stage in ENDS:
        if stopped_at is None or stopped_at in ENDS:
            raise ValueError(f"{stage} needs the stage at which it stopped")
        return stopped_at
    if stopped_at is not None:
        raise ValueError(f"{stage} has not stopped")
    return stage


def at_or_after(stage: str, ref: str, stopped_at: str | None = None) -> bool:
    """True where `stage` has reached `ref` on an axis that has both; an end is asked about itself by name,
    about any other stage by `stopped_at` when given, and stands after all of them when not.

    ValueError: no axis has both.
    """
    if stage in ENDS and ref not in ENDS and stopped_at is not None:
        stage = stopped_at
    for stages in (MAIN, LAND):
        if stage in stages and ref in stages:
            return stages.index(stage) >= stages.index(ref)
    raise ValueError(f"no axis has {stage!r} and {ref!r}")


def within(first: str, last: str, field: str, stage: str, stopped_at: str | None = None) -> bool:
    """True where the stage lies in first … last, both included, both perhaps with a field's prefix.

    `any` as first holds always. Names without prefix mean works, procurement and tenders of land. A range that
    begins with an end holds only there; one that merely finishes with an end holds for a tender that stopped
    inside it. ValueError: a stage the field does not have.
    """
    if first == "any":
        return True
    owner, _, begin = first.rpartition(".")
    end = last.rpartition(".")[2]
    if field == "land" if not owner else owner != field:
        return False
    if begin in ENDS:
        return stage == begin
    here = place(stage, stopped_at)
    if here not in axis(field):
        raise ValueError(f"{field} has no stage {here!r}")
    stages = LAND if field == "land" else MAIN
    return stages.index(begin) <= stages.index(here) <= stages.index(end)


def reached(when: str, field: str, stage: str, stopped_at: str | None = None) -> bool:
    """True where the stage has come to one of the stages in `when`: names with a blank between them, perhaps with a field's
    prefix ("works.opened procurement.announced"). An end stands where it stopped. ValueError as `at_or_after`, `place`."""
    here = place(stage, stopped_at)
    wanted = [one.rpartition(".") for one in when.split()]
    return any(at_or_after(here, first) for owner, _, first in wanted if owner in ("", field))
