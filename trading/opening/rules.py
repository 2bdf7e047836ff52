"""The rules of the opening and of the qualification review. Pure: facts in, reason out.

f.counts: bids by lot at the deadline. Texts name no count: whoever reads a refusal may not be one who may know it.
"""
from kernel.errors import Reason, Text
from kernel.machine import Facts
from kernel.values import MINUTE, show_time


def separation_kept(f: Facts) -> Reason | None:
    """The host belongs to neither side and to no bidder (实施条例 第四十四条 asks for an opening by the 招标人, held by the centre's desk)."""
    return None if f.pair is None else Reason("separation_kept", values={"pair": f.pair})


def hall_open(f: Facts) -> Reason | None:
    return None if f.now >= f.deadline else Reason("hall_open")


def opening_time_reached(f: Facts) -> Reason | None:
    if f.now >= f.deadline:
        return None
    return Reason("opening_time_reached", values={"time": show_time(f.deadline)})


def closing_written(f: Facts) -> Reason | None:
    return None if f.counts else Reason("closing_written")


def three_bidders(f: Facts) -> Reason | None:
    if min(f.counts.values(), default=0) >= f.minimum.value:
        return None
    return Reason("three_bidders", under=f.minimum.under, binding=f.minimum.may_refuse)


def fewer_than_three(f: Facts) -> Reason | None:
    if min(f.counts.values(), default=0) < f.minimum.value:
        return None
    return Reason("fewer_than_three", under=f.minimum.under)


def recording_on(f: Facts) -> Reason | None:
    return None if f.recording else Reason("recording_on")


def host_named(f: Facts) -> Reason | None:
    return None if f.host else Reason("host_named")


def turn_has_come(f: Facts) -> Reason | None:
    """Nothing of an envelope is opened before its turn; the second has its turn when the committee called for it."""
    return None if f.asked else Reason("turn_has_come")


def two_envelopes_in_document(f: Facts) -> Reason | None:
    return None if f.envelopes == 2 else Reason("two_envelopes_in_document")


def custodian_named(f: Facts) -> Reason | None:
    return None if f.number else Reason("custodian_named")


def first_word(f: Facts) -> Reason | None:
    return Reason("first_word") if f.posted else None


def custodian_gates_passed(f: Facts) -> Reason | None:
    """The batch answers exactly the closing list, under this ceremony and this close leaf."""
    return None if not f.gate else Reason("custodian_gates_passed", values={"gate": f.gate})


def dleq_good(f: Facts) -> Reason | None:
    return None if not f.false else Reason("dleq_good", Text(f"无效份数 {len(f.false)}", f"{len(f.false)} of them false"))


def lock_window_open(f: Facts) -> Reason | None:
    """f.lock_until: None where the document asks for no lock."""
    if f.lock_until is not None and f.now < f.lock_until:
        return None
    end = f.lock_until and Text(*[show_time(f.lock_until, seconds=True)] * 2)
    return Reason("lock_window_open", needed=end or Text("本项目没有投标人锁", "this tender has no bidders' locks"))


def lock_fits(f: Facts) -> Reason | None:
    return None if f.fits else Reason("lock_fits")


def k_partials_good(f: Facts) -> Reason | None:
    """f.rescued: everything that is opened now is opened with keys that bidders gave in."""
    return None if f.batches >= f.k or f.rescued else Reason("k_partials_good")


def rescue_in_document(f: Facts) -> Reason | None:
    return None if f.rescue else Reason("rescue_in_document")


def receipt_key_fits(f: Facts) -> Reason | None:
    if f.fits:
        return None
    return Reason("receipt_key_fits", needed=Text("先解锁该投标", "unlock the bid first") if f.locked else None)


def works_only(f: Facts) -> Reason | None:
    return None if f.field == "works" else Reason("works_only")


def procurement_only(f: Facts) -> Reason | None:
    return None if f.field == "procurement" else Reason("procurement_only")


def draw_in_document(f: Facts) -> Reason | None:
    return None if f.choices else Reason("draw_in_document")


def read_out_done(f: Facts) -> Reason | None:
    return None if f.read_out else Reason("read_out_done")


def waiting_time_over(f: Facts) -> Reason | None:
    """Nobody speaks for a silent party before it had its time."""
    if f.now >= f.until:
        return None
    return Reason("waiting_time_over", needed=Text(f"{show_time(f.until, seconds=True)} 之后", f"after {show_time(f.until, seconds=True)}"))


def matches_commitment(f: Facts) -> Reason | None:
    return None if f.fits else Reason("matches_commitment")


def not_drawn_yet(f: Facts) -> Reason | None:
    """Also for a commitment after the read-out, which could be chosen by the prices: then f.drawn is the read-out."""
    return Reason("not_drawn_yet") if f.drawn else None


def contributions_complete(f: Facts) -> Reason | None:
    """The host and at least one other side committed, and everybody who committed has revealed.

    Where the document provides a draw, the record is not signed before it was held (then commits and reveals are empty).
    """
    if not f.choices or f.drawn:
        return None
    if len(f.commits) >= 2 and "host" in f.commits and set(f.commits) == set(f.reveals):
        return None
    return Reason("contributions_complete")


def not_decrypted(f: Facts) -> Reason | None:
    return Reason("not_decrypted") if f.opened else None


def cause_evidence(f: Facts) -> Reason | None:
    return None if f.evidence else Reason("cause_evidence")


def all_decided(f: Facts) -> Reason | None:
    return None if not f.undecided else Reason("all_decided")


def decryption_window_over_or_all(f: Facts) -> Reason | None:
    """Nobody is found at fault, and nothing is read out without a bid, while there is time left to decrypt."""
    if f.all_opened or f.now >= f.window_ends:
        return None
    end = show_time(f.window_ends, seconds=True)
    return Reason("decryption_window_over_or_all", needed=Text(f"解密时限 {end}", f"window ends {end}"))


def own_bid_live(f: Facts) -> Reason | None:
    return None if f.live else Reason("own_bid_live")


def record_not_signed(f: Facts) -> Reason | None:
    return Reason("record_not_signed") if f.signed else None


def objection_open(f: Facts) -> Reason | None:
    return None if f.unanswered else Reason("objection_open")


def objections_answered(f: Facts) -> Reason | None:
    return Reason("objections_answered") if f.objections_open else None


def confirm_window_over_or_all(f: Facts) -> Reason | None:
    """Silence counts as consent once the window is over (87号令 第四十二条)."""
    ends = f.read_out + f.confirm_minutes * MINUTE
    if f.all_confirmed or f.now >= ends:
        return None
    return Reason("confirm_window_over_or_all", needed=Text(f"确认时限 {show_time(ends)}", f"window ends {show_time(ends)}"))


def record_signed(f: Facts) -> Reason | None:
    return None if f.signed else Reason("record_signed")


def reason_if_failed(f: Facts) -> Reason | None:
    return None if f.passed or (f.clause.strip() and f.reason.strip()) else Reason("reason_if_failed")


def every_criterion_from_document(f: Facts) -> Reason | None:
    """A bid fails only on what the document asked for, or on the conditions that the law itself sets for every supplier."""
    return None if f.passed or f.clause in f.criteria else Reason("every_criterion_from_document")


def every_bid_judged(f: Facts) -> Reason | None:
    return None if not f.unjudged else Reason("every_bid_judged")


def three_qualified(f: Facts) -> Reason | None:
    if f.qualified >= f.minimum.value:
        return None
    return Reason("three_qualified", under=f.minimum.under, binding=f.minimum.may_refuse)


def brands_counted_once(f: Facts) -> Reason | None:
    if f.brands >= f.minimum.value:
        return None
    return Reason("brands_counted_once", under=f.minimum.under, binding=f.minimum.may_refuse)
