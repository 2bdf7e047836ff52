"""The stage ribbon: twenty stages merged into nine segments, each with its state, its date and the limit the law sets."""
from collections.abc import Mapping
from dataclasses import dataclass

from kernel.errors import Text
from law.citation import Citation, Clause
from law.stages import ENDS, axis

SEGMENTS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("draft", Text("编制", "Drafting"), ("draft",)),
    ("review", Text("审核", "Review"), ("review",)),
    ("inviting", Text("公告投标", "Open for bids"), ("prequalifying", "inviting")),
    ("opening", Text("开标", "Opening"), ("closed", "opening", "opened")),
    ("convening", Text("资格与组建", "Committee"), ("qualifying", "convening")),
    ("evaluating", Text("评标", "Evaluation"), ("evaluating", "reported")),
    ("publicity", Text("公示确认", "Publicity"), ("publicity", "confirming")),
    ("awarded", Text("定标公告", "Award"), ("awarded", "announced")),
    ("contract", Text("合同归档", "Contract"), ("contracted", "performing", "archived")),
)
NO_COMMITTEE = ("convening", "publicity", "contract")  # segments a rule set without a committee does not have


@dataclass(frozen=True)
class Segment:
    """state: done | now | next | hold (suspended) | void (never reached). at: ms, when it was or will be reached."""

    key: str
    name: Text
    state: str
    at: int | None = None
    limit: Text | None = None
    under: tuple[Citation, ...] = ()


def ribbon(
    field: str, stage: str, stopped_at: str | None, suspended: bool, times: Mapping[str, int | None], limits: Mapping[str, Clause], replay: bool = False,
) -> tuple[Segment, ...]:
    """times: segment → moment, for those that may be told; limits: segment → the clause that bounds it."""
    here = stopped_at or stage
    order = [s for s in axis(field) if s not in ENDS]
    place = order.index(here)
    found = []
    for key, name, stages in SEGMENTS:
        own = [order.index(s) for s in stages if s in order]
        if not own or (replay and key in NO_COMMITTEE):
            continue
        clause = limits.get(key)
        found.append(Segment(key, name, _state(own, place, stage, suspended), times.get(key), _limit(clause), clause.under if clause else ()))
    return tuple(found)


def _state(own: list[int], place: int, stage: str, suspended: bool) -> str:
    ended = stage in ENDS
    if place > max(own) or stage == "archived":
        return "done"
    if place < min(own):
        return "void" if ended else "next"
    return "void" if ended else "hold" if suspended else "now"


def _limit(clause: Clause | None) -> Text | None:
    if clause is None:
        return None
    unit = {"calendar_day": ("日", "days"), "working_day": ("个工作日", "working days")}[clause.unit]
    return Text(f"{clause.value} {unit[0]}", f"{clause.value} {unit[1]}")
