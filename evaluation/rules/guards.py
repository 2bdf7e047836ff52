"""Guards of the committee's session: gathering, judging, deciding. Each name is the sentence that must be true.

Facts come from the acts of this package; what a refusal says is about the caller's own session and nobody else's.
Sources: 招标投标法 第三十七、三十八条; 87号令 第四十四至五十二、六十、六十三条; 实施条例 第四十八、五十一、五十二条.
"""
from types import SimpleNamespace

from experts.rules.committee import may_chair, shape_faults
from kernel.errors import Reason, Text

Facts = SimpleNamespace


def no(rule: str, zh: str = "", en: str = "", **values: object) -> Reason:
    return Reason(rule, Text(zh, en) if zh else None, values=values)


def room_held(f: Facts) -> Reason | None:
    return None if f.booking else no("room_held")


def record_signed(f: Facts) -> Reason | None:
    return None if f.record_signed else no("record_signed")


def seats_filled(f: Facts) -> Reason | None:
    """Enough seats are named, and everybody who is named is inside."""
    if f.seats >= f.least and f.inside == f.seats:
        return None
    return no("seats_filled", f"席位 {f.seats}，在场 {f.inside}", f"{f.seats} seats, {f.inside} inside")


def recording_on(f: Facts) -> Reason | None:
    return None if f.recording else no("recording_on")


def network_cut(f: Facts) -> Reason | None:
    return None if f.network_cut else no("network_cut")


def envelopes_sealed_to_seats(f: Facts) -> Reason | None:
    return None if f.bids and all(bid.opened for bid in f.bids) else no("envelopes_sealed_to_seats")


def face_and_paper_match(f: Facts) -> Reason | None:
    return None if f.face and f.paper else no("face_and_paper_match")


def authorisation_attached(f: Facts) -> Reason | None:
    return no("authorisation_attached") if f.kind == "buyer_rep" and not f.authorisation else None


def member_verified(f: Facts) -> Reason | None:
    return None if f.member.verified is not None else no("member_verified")


def phone_in_locker(f: Facts) -> Reason | None:
    return None if f.phone_stored else no("phone_in_locker")


def pledged(f: Facts) -> Reason | None:
    return None if f.member.pledged is not None else no("pledged")


def bidder_list_shown(f: Facts) -> Reason | None:
    """The declaration names the digest of the very list that stands on the screen."""
    return None if f.list_read == f.list_digest else no("bidder_list_shown")


def report_not_signed(f: Facts) -> Reason | None:
    return no("report_not_signed") if f.signatures else None


def all_declared(f: Facts) -> Reason | None:
    missing = sum(m.declared is None for m in f.members)
    return no("all_declared", f"{missing} 名成员", f"{missing} members") if missing else None


def representative_not_chair(f: Facts) -> Reason | None:
    kind = "representative" if f.choice.kind == "buyer_rep" else "expert"
    if may_chair(kind, f.may_chair.value):
        return None
    return Reason("representative_not_chair", under=f.may_chair.under, binding=f.may_chair.may_refuse)


def majority_reached(f: Facts) -> Reason | None:
    """More than half of all members who sit, whether they voted or not. elect_chair counts its ballots itself."""
    if 2 * f.yes > len(f.members):
        return None
    return no("majority_reached", f"同意 {f.yes}，成员 {len(f.members)}", f"{f.yes} agree of {len(f.members)}")


def committee_shape(f: Facts) -> Reason | None:
    """Odd, large enough, two thirds experts (招标投标法 第三十七条; 87号令 第四十七条)."""
    experts = sum(m.kind == "expert" for m in f.members)
    if not shape_faults(len(f.members), experts, f.least):
        return None
    found = Text(f"成员 {len(f.members)}，专家 {experts}", f"{len(f.members)} members, {experts} experts")
    return Reason("committee_shape", found, values={"n": f.least}, under=f.least_under)


def three_qualified_or_works(f: Facts) -> Reason | None:
    """Bids of one brand count as one (87号令 第三十一条)."""
    if f.field != "procurement" or f.qualified >= 3:
        return None
    return no("three_qualified_or_works", f"{f.qualified} 家", str(f.qualified))


def document_shown(f: Facts) -> Reason | None:
    return None if f.scheme_read == f.scheme_digest else no("document_shown")


def criterion_from_document(f: Facts) -> Reason | None:
    strange = sorted(set(f.criteria_used) - set(f.criteria))
    return no("criterion_from_document", "、".join(strange), ", ".join(strange)) if strange else None


def own_sheet(f: Facts) -> Reason | None:
    return None if f.own else no("own_sheet")


def reason_if_failed(f: Facts) -> Reason | None:
    return None if all(f.passed_or_reasoned) else no("reason_if_failed")


def reason_given(f: Facts) -> Reason | None:
    return None if f.reason.strip() else no("reason_given")


def rejection_ground_listed(f: Facts) -> Reason | None:
    if f.ground in f.grounds.value:
        return None
    return Reason("rejection_ground_listed", under=f.grounds.under, binding=f.grounds.may_refuse)


def bidder_asked_if_doubtful(f: Facts) -> Reason | None:
    """While a question to this bidder waits for its answer, nothing is decided against it."""
    return no("bidder_asked_if_doubtful") if f.waiting else None


def fewer_than_three_valid(f: Facts) -> Reason | None:
    return None if f.valid < 3 else no("fewer_than_three_valid", f"{f.valid} 家", str(f.valid))


def competition_lacking_reasoned(f: Facts) -> Reason | None:
    return None if f.valid == 0 or f.reason.strip() else no("competition_lacking_reasoned")


def question_within_bid(f: Facts) -> Reason | None:
    return None if f.within_bid else no("question_within_bid")


def no_hint(f: Facts) -> Reason | None:
    return None if f.without_hint else no("no_hint")


def asked(f: Facts) -> Reason | None:
    return None if f.question_open else no("asked")


def answer_in_time(f: Facts) -> Reason | None:
    return None if f.now <= f.due else no("answer_in_time")


def answer_signed(f: Facts) -> Reason | None:
    return None if f.signed else no("answer_signed")


def procurement_only(f: Facts) -> Reason | None:
    return None if f.field == "procurement" else no("procurement_only")


def low_price_triggered_or_doubt(f: Facts) -> Reason | None:
    return None if f.triggered or f.doubt.strip() else no("low_price_triggered_or_doubt")


def explanation_or_time_over(f: Facts) -> Reason | None:
    return None if f.answered or f.now > f.due else no("explanation_or_time_over")


def cause_listed(f: Facts) -> Reason | None:
    return None if f.cause in f.causes else no("cause_listed")


def order_cited_if_regulator(f: Facts) -> Reason | None:
    return no("order_cited_if_regulator") if f.regulator and not f.order.strip() else None


def cause_gone(f: Facts) -> Reason | None:
    return None if f.halted and f.cause_gone else no("cause_gone")


def same_side_resumes(f: Facts) -> Reason | None:
    """A regulator's halt is lifted by the regulator; the system's by whoever organises."""
    return no("same_side_resumes") if f.halted_by == "regulator" and not f.regulator else None
