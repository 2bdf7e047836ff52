"""Guards of scoring, totals, recommendation and report. Each name is the sentence that must be true.

Sources: 87号令 第五十二至五十七、六十二、六十四、六十八条; 招标投标法 第四十、四十四条; 实施条例 第五十三条.
"""
from types import SimpleNamespace

from evaluation.rules.guards import no
from evaluation.rules.totals import in_range
from kernel.errors import Reason, Text

Facts = SimpleNamespace


def all_bids_judged(f: Facts) -> Reason | None:
    """Every member has a finding on every criterion of every bid, a bid without a price is rejected, and so is one
    that most members failed."""
    if not f.unjudged:
        return None
    return no("all_bids_judged", f"{f.unjudged} 份投标", f"{f.unjudged} bids")


def questions_closed(f: Facts) -> Reason | None:
    return no("questions_closed", f"{f.open_questions} 项", str(f.open_questions)) if f.open_questions else None


def three_valid_or_reasoned(f: Facts) -> Reason | None:
    """Procurement ends with fewer than three; works may go on where the committee says why there is competition."""
    if f.valid >= 3 or (f.field == "works" and f.valid and f.reason.strip()):
        return None
    return no("three_valid_or_reasoned", f"{f.valid} 家", str(f.valid))


def sheet_open(f: Facts) -> Reason | None:
    return None if f.sheet_state == "draft" else no("sheet_open")


def item_in_range(f: Facts) -> Reason | None:
    """f.marks: (bid, item, score) · f.items: code → Item of the frozen scheme. An unknown item is out of range."""
    for _, code, score in f.marks:
        item = f.items.get(code)
        if item is None:
            return no("item_in_range", item=code, range="—")
        if not in_range(score, item.scale):
            step = f" / {item.step}" if item.step is not None else ""
            return Reason("item_in_range", Text(str(score), str(score)), values={"item": item.zh, "range": f"{item.low}–{item.high}{step}"})
    return None


def band_reason_given(f: Facts) -> Reason | None:
    for code, score, reason in f.reasoned:
        item = f.items.get(code)
        if item and not reason.strip() and any(level.reason and level.low <= score <= level.high for level in item.levels):
            return no("band_reason_given", item.zh, item.en or item.code)
    return None


def sheet_complete(f: Facts) -> Reason | None:
    return no("sheet_complete", n=f.open_cells) if f.open_cells else None


def objective_items_confirmed(f: Facts) -> Reason | None:
    return None if f.objective_confirmed or not f.has_objective else no("objective_items_confirmed")


def all_sheets_in(f: Facts) -> Reason | None:
    return no("all_sheets_in", f"{f.sheets_out} 份", str(f.sheets_out)) if f.sheets_out else None


def two_envelopes_in_document(f: Facts) -> Reason | None:
    return None if f.envelopes == 2 else no("two_envelopes_in_document")


def technical_all_handed_in(f: Facts) -> Reason | None:
    return no("technical_all_handed_in", f"{f.sheets_out} 份", str(f.sheets_out)) if f.sheets_out else None


def one_bid_stands(f: Facts) -> Reason | None:
    return None if f.valid else no("one_bid_stands")


def prices_read_out(f: Facts) -> Reason | None:
    return no("prices_read_out") if f.shut else None


def prices_admissible(f: Facts) -> Reason | None:
    """Every price that is scored can be read and is not above the ceiling; the committee rejects the others first."""
    return no("prices_admissible", f"{f.inadmissible} 份投标", f"{f.inadmissible} bids") if f.inadmissible else None


def benchmark_fixed(f: Facts) -> Reason | None:
    """A coefficient that is drawn must have been drawn, in public, before the totals."""
    return no("benchmark_fixed") if f.coefficient_due and not f.coefficient else None


def unmasked(f: Facts) -> Reason | None:
    return no("unmasked") if f.dark else None


def return_ground_listed(f: Facts) -> Reason | None:
    if f.ground in f.grounds.value:
        return None
    return Reason("return_ground_listed", under=f.grounds.under, binding=f.grounds.may_refuse)


def flag_open(f: Facts) -> Reason | None:
    return None if f.flag_open else no("flag_open")


def tie_real(f: Facts) -> Reason | None:
    return None if f.tie else no("tie_real")


def rule_of_document_used(f: Facts) -> Reason | None:
    """Where the document lets the buyer decide, no draw takes the place of it; a draw is never made by hand."""
    return None if (f.tie_rule == "draw") == f.by_system else no("rule_of_document_used")


def flags_settled(f: Facts) -> Reason | None:
    return no("flags_settled", f"{f.open_flags} 项", str(f.open_flags)) if f.open_flags else None


def candidates_at_most_three(f: Facts) -> Reason | None:
    if all(1 <= len(chosen) <= f.most.value for chosen in f.chosen.values()):
        return None
    return Reason("candidates_at_most_three", under=f.most.under, binding=f.most.may_refuse)


def ranked_by_totals(f: Facts) -> Reason | None:
    """f.chosen: lot → bids as recommended · f.ranked: lot → bids in the computed order, None while a tie is open."""
    for lot, order in f.ranked.items():
        if order is None or tuple(f.chosen.get(lot, ())) != order[: len(f.chosen.get(lot, ()))]:
            return no("ranked_by_totals")
    return None if set(f.chosen) == set(f.ranked) else no("ranked_by_totals")


def report_shown(f: Facts) -> Reason | None:
    return None if f.report_read else no("report_shown")


def report_unchanged(f: Facts) -> Reason | None:
    return None if f.report_read == f.report_digest else no("report_unchanged")


def sign_window_over(f: Facts) -> Reason | None:
    return None if f.now >= f.window_ends else no("sign_window_over")


def no_dissent_written(f: Facts) -> Reason | None:
    return no("no_dissent_written") if f.stands else None


def all_signed_or_noted(f: Facts) -> Reason | None:
    return no("all_signed_or_noted", f"{f.unsigned} 名成员", f"{f.unsigned} members") if f.unsigned else None


def recording_whole(f: Facts) -> Reason | None:
    """A gap is told, loudly, but an evaluation that is over is not undone by a camera: the alarm goes to the regulator."""
    if f.recording and not f.gaps:
        return None
    return Reason("recording_whole", Text(f"缺口 {f.gaps}", f"{f.gaps} gaps"), binding=not f.recording)
