"""Every moment that falls due on a tender, as data: number of the timer, when, and what (acts: timers T01 … T44)."""
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

from kernel.errors import Text
from kernel.values import day_of
from law.citation import Clause
from law.periods import Calendar, bidder_may_until, buyer_must_by, end_of, period_end

CLAUSES: Mapping[str, Mapping[str, str]] = {
    "works": {"T02": "works.sale_days", "T03": "works.preparation_days", "T04": "works.clarification_days", "T06": "works.document_objection_days",
              "T19": "works.publicity_start_days", "T20": "works.publicity_days", "T37": "works.report_days", "T33": "works.contract_days"},
    "procurement": {"T01": "procurement.notice_working_days", "T02": "procurement.sale_working_days", "T03": "procurement.preparation_days",
                    "T04": "procurement.clarification_days", "T21": "procurement.confirm_working_days", "T22": "procurement.result_working_days",
                    "T33": "procurement.contract_days"},
}
WORDS: Mapping[str, Text] = {
    "T01": Text("公告期限届满", "Notice period over"), "T02": Text("文件提供期限可届满", "Document period may end"),
    "T03": Text("最早投标截止日", "Earliest deadline"), "T04": Text("澄清修改不顺延的最后一日", "Last clarification without extending"),
    "T06": Text("对文件提出异议的最后一日", "Last objection to the document"), "T07": Text("投标截止、开标", "Deadline and opening"),
    "T08": Text("开标前检查", "Check before the opening"), "T19": Text("公示候选人期限", "Candidates due"), "T20": Text("公示期满", "Publicity over"),
    "T21": Text("采购人确认期限", "Buyer confirms by"), "T22": Text("结果公告期限", "Result notice due"), "T33": Text("签订合同期限", "Contract due"),
    "T37": Text("书面报告期限", "Written report due"), "T44": Text("投标有效期将满", "Bid validity runs out"),
}


@dataclass(frozen=True)
class Falling:
    """moment: first instant at which the period is over (ms), or the instant itself."""

    timer: str
    moment: int
    what: Text
    clause: str = ""


def falling(p: SimpleNamespace, clauses: Mapping[str, Clause], calendar: Calendar) -> tuple[Falling, ...]:
    """p: the times of a tender (field, issued_at, deadline, received_at, publicity_at, awarded_at, announced_at,
    validity_days; None where not yet; outages: those since it was issued). clauses: timer → clause. In order of time."""
    found: list[Falling] = []

    def after(timer: str, start: int | None) -> None:
        if start is not None and timer in clauses:
            clause = clauses[timer]
            end = end_of(period_end(day_of(start), clause.value, clause.unit, calendar))
            found.append(Falling(timer, p.outages.past(end, calendar), WORDS[timer], clause.name))

    for timer in ("T01", "T02", "T03"):
        after(timer, p.issued_at)
    if p.deadline is not None:
        found.append(Falling("T07", p.deadline, WORDS["T07"]))
        found.append(Falling("T08", p.deadline - clauses["T08"].value * 3_600_000, WORDS["T08"], clauses["T08"].name))
        for timer, back in (("T04", buyer_must_by), ("T06", bidder_may_until)):
            if timer in clauses:
                clause = clauses[timer]
                found.append(Falling(timer, end_of(back(day_of(p.deadline), clause.value, clause.unit, calendar)), WORDS[timer], clause.name))
        warning = clauses["T44"].value
        found.append(Falling("T44", p.deadline + (p.validity_days - warning) * 86_400_000, WORDS["T44"], clauses["T44"].name))
    after("T19", p.received_at)
    after("T20", p.publicity_at)
    after("T21", p.received_at)
    after("T22", p.awarded_at)
    after("T37", p.awarded_at)
    after("T33", p.announced_at)
    return tuple(sorted(found, key=lambda f: (f.moment, f.timer)))
