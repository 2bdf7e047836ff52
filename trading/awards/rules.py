"""Guards of award, contract and refund. Facts: the project's columns and what each act passes in; periods come with
their clause and the centre's calendar, so that nothing in here asks the time or the law itself."""
from typing import Any

from kernel.errors import Reason, Text
from kernel.values import show_time, yuan
from law.periods import day_of, end_of, period_end, roll_forward
from trading.incidents.rules import NONE, Outages

# what the written report to the regulator must hold (招标投标法 第四十七条; 实施条例 第五十四条)
REPORT_FIELDS = ("scope", "method_and_media", "document", "committee_and_report", "result")
REPORT_WORDS = {
    "scope": ("招标范围", "scope"), "method_and_media": ("招标方式和发布媒介", "method and media"),
    "document": ("招标文件主要内容", "the document"), "committee_and_report": ("评标委员会组成和评标报告", "committee and report"),
    "result": ("中标结果", "result"),
}


def session_gathered(f: Any) -> Reason | None:
    return None if f.gathered else Reason("session_gathered")


def session_sealed(f: Any) -> Reason | None:
    return None if f.sealed else Reason("session_sealed")


def works_only(f: Any) -> Reason | None:
    return None if f.field == "works" else Reason("works_only")


def procurement_only(f: Any) -> Reason | None:
    return None if f.field == "procurement" else Reason("procurement_only")


def reason_given(f: Any) -> Reason | None:
    return None if f.reason.strip() else Reason("reason_given")


def all_bids_judged(f: Any) -> Reason | None:
    """Every live bid has a price, or stands rejected for want of one."""
    return None if not f.unjudged else Reason("all_bids_judged")


def period_over(clause: Any, calendar: Any, start: int, held: int = 0, outages: Outages = NONE) -> int:
    """First instant (ms) after the clause's period that an event at `start` begins; held: ms of suspension since, which
    do not count. A day so reached that is no working day moves to the next one that is; an outage moves the end by its rule."""
    end = end_of(period_end(day_of(start), clause.value, clause.unit, calendar))
    return outages.past(end_of(roll_forward(day_of(end - 1 + held), calendar)) if held else end, calendar)


def publicity_over(f: Any) -> Reason | None:
    """The candidates stood in public for the clause's days, and for as long as their notice says."""
    if f.candidates_at is None:
        return Reason("publicity_over", Text("候选人尚未公示", "the candidates are not published"))
    end = f.outages.past(max((f.candidates_until or 0) + f.held, period_over(f.clause, f.calendar, f.candidates_at, f.held)), f.calendar)
    if f.now >= end:
        return None
    return _until("publicity_over", f.now, end, f.clause)


def confirmation_time_over(f: Any) -> Reason | None:
    if f.received_at is None:
        return Reason("confirmation_time_over", Text("采购人尚未收到评标报告", "the buyer has not received the report"))
    end = period_over(f.clause, f.calendar, f.received_at, f.held, f.outages)
    return None if f.now >= end else _until("confirmation_time_over", f.now, end, f.clause)


def _until(rule: str, now: int, end: int, clause: Any) -> Reason:
    return Reason(
        rule, Text(f"现在是 {show_time(now)}", f"it is {show_time(now)}"), Text(f"{show_time(end)} 之后", f"after {show_time(end)}"),
        clause.under, binding=clause.may_refuse,
    )


def no_open_objection(f: Any) -> Reason | None:
    """An objection suspends a works tender until it is answered (实施条例 第五十四条)."""
    return Reason("no_open_objection") if f.suspended == "objection_pending" else None


def no_open_objection_procurement(f: Any) -> Reason | None:
    """A challenge that may change the result pauses the signing (政府采购法实施条例 第五十四条)."""
    return Reason("no_open_objection_procurement") if f.field == "procurement" and f.suspended == "objection_pending" else None


def in_order_of_candidates(f: Any) -> Reason | None:
    """ranks: chosen rank of each lot · first: the first rank of each lot that was not passed over on a listed ground."""
    for lot, rank in f.ranks.items():
        if rank != f.first[lot]:
            return Reason("in_order_of_candidates", Text(f"选定第 {rank} 名", f"rank {rank} was chosen"), Text(f"第 {f.first[lot]} 名", f"rank {f.first[lot]}"))
    return None


def price_not_negotiated(f: Any) -> Reason | None:
    """amounts: (given, recommended) of each lot, in fen."""
    for given, recommended in f.amounts:
        if given != recommended:
            return Reason("price_not_negotiated", Text(f"{yuan(given)} 元", f"{yuan(given)} yuan"), Text(f"{yuan(recommended)} 元", f"{yuan(recommended)} yuan"))
    return None


def skip_ground_listed(f: Any) -> Reason | None:
    return None if f.ground in f.clause.value else Reason("skip_ground_listed", under=f.clause.under, binding=f.clause.may_refuse)


def evidence_attached(f: Any) -> Reason | None:
    return None if f.evidence else Reason("evidence_attached")


def result_published_same_time(f: Any) -> Reason | None:
    """No letter before the result notice. A letter of a later day than the notice goes out with a warning: refusing
    it would keep the winner from its letter for ever."""
    if f.result_at is None:
        return Reason("result_published_same_time", Text("结果尚未公告", "the result is not published"))
    if day_of(f.result_at) != day_of(f.now):
        return Reason("result_published_same_time", Text(f"结果已于 {show_time(f.result_at)} 公告", f"the result was published at {show_time(f.result_at)}"), binding=False)
    return None


def letter_sent(f: Any) -> Reason | None:
    return None if f.letters else Reason("letter_sent")


def report_fields_complete(f: Any) -> Reason | None:
    lacking = [name for name in REPORT_FIELDS if not f.fields.get(name, "").strip()]
    if not lacking:
        return None
    return Reason("report_fields_complete", Text("、".join(REPORT_WORDS[n][0] for n in lacking), ", ".join(REPORT_WORDS[n][1] for n in lacking)))


def contract_like_bid(f: Any) -> Reason | None:
    """The contract's amount is the award's; the second signature is under the first one's text."""
    if f.amount != f.award_amount:
        return _departs("合同金额", f"{yuan(f.amount)} 元", f"{yuan(f.award_amount)} 元")
    if f.agreed_digest and f.digest != f.agreed_digest:
        return _departs("合同文本", f.digest[:16], f.agreed_digest[:16])
    return None


def _departs(clause: str, found: str, needed: str) -> Reason:
    return Reason("contract_like_bid", Text(found, found), Text(needed, needed), values={"clause": clause})


def bond_within_cap(f: Any) -> Reason | None:
    cap = f.award_amount * f.clause.value
    if f.bond <= cap:
        return None
    most = int(cap)
    return Reason("bond_within_cap", Text(f"{yuan(f.bond)} 元", f"{yuan(f.bond)} yuan"), Text(f"不超过 {yuan(most)} 元", f"at most {yuan(most)} yuan"), f.clause.under, binding=f.clause.may_refuse)


def other_than_purchaser(f: Any) -> Reason | None:
    return Reason("other_than_purchaser") if f.person in f.purchasers else None


def acceptance_items_judged(f: Any) -> Reason | None:
    return None if f.items and all(item.result for item in f.items) else Reason("acceptance_items_judged")


def refund_cause_reached(f: Any) -> Reason | None:
    return None if f.reached else Reason("refund_cause_reached")


def source_account_only(f: Any) -> Reason | None:
    """Money goes back to the account it came from, and nowhere else."""
    return None if f.source and f.account == f.source else Reason("source_account_only")


def other_than_first(f: Any) -> Reason | None:
    return Reason("other_than_first") if f.person == f.first_person else None


def order_known(f: Any) -> Reason | None:
    return None if f.order_matches else Reason("order_known")


def keeping_ground_listed(f: Any) -> Reason | None:
    return None if f.ground in f.clause.value else Reason("keeping_ground_listed", under=f.clause.under, binding=f.clause.may_refuse)


def heard_first(f: Any) -> Reason | None:
    return None if f.heard.strip() else Reason("heard_first")
