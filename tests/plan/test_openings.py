"""Every entry that may be read by anybody from some stage on is held against the matrix of secrecy: whoever reads it learns that
the act was done, so the public must by then be allowed to know of such acts at all, in at least the form the entry gives."""
import pytest

import cli.rooms  # noqa: F401  loads every act
from kernel.command import OPENS, UNTIMED
from law.secrecy import STRENGTH, form
from law.stages import axis, reached

# what an act's entry tells, and the weakest form of it in which the entry may stand before the public
TELLS = {
    ("published_notice", "full"): (  # how a published tender came to be
        "trading.projects.draft", "trading.projects.mandate", "trading.projects.accept_mandate", "trading.projects.split", "trading.projects.choose_method",
        "trading.projects.set_document", "trading.projects.set_scoring", "trading.projects.set_calendar", "trading.projects.flag_green",
        "trading.projects.confirm_document", "trading.projects.submit", "trading.projects.assign", "trading.projects.review_first",
        "trading.projects.review_second", "trading.projects.withdraw"),
    ("ceiling_price", "full"): ("trading.projects.set_ceiling",),
    ("ceremony", "full"): (
        "trading.sealing.begin_ceremony", "trading.sealing.post_commitment", "trading.sealing.post_shares", "trading.sealing.confirm",
        "trading.sealing.blame", "trading.sealing.answer_blame"),
    ("receipt_leaf", "masked"): ("trading.bids.submit", "trading.bids.replace"),
    ("bid_count", "count"): ("trading.bids.close",),
    ("opening_record", "masked"): (
        "trading.opening.name_host", "trading.opening.convene", "trading.opening.start", "trading.opening.decrypt", "trading.opening.read_out",
        "trading.opening.read_out_prices", "trading.opening.sign_price_record",
        "trading.opening.confirm", "trading.opening.sign_record", "trading.opening.attribute_failure", "trading.opening.report_gate",
        "trading.opening.qualify", "trading.opening.rescue", "trading.bids.revoke"),
    ("partials", "full"): ("trading.opening.post_partials",),
    ("coefficient", "full"): ("trading.opening.commit_coefficient", "trading.opening.reveal_coefficient", "trading.opening.draw_coefficient", "trading.opening.break_silence"),
    ("opening_objection", "masked"): ("trading.opening.object", "trading.opening.answer"),
    ("price_part", "masked"): ("trading.awards.disqualify", "trading.awards.rank_by_price"),
    ("draw_brief", "masked"): ("experts.brief", "experts.enlarge", "experts.fall_short"),
    ("pool_size", "count"): ("experts.pool",),
    ("exclusions", "masked"): ("experts.fix_rules",),
    ("draw_contributions", "full"): ("experts.commit", "experts.reveal", "experts.post_partials"),
    ("calls_and_replies", "masked"): ("experts.call", "experts.reply", "experts.mark_unreachable"),
    ("recusal_reason", "masked"): ("experts.find_conflict", "experts.vacate", "experts.substitute", "evaluation.recuse"),
    ("expert_names_called", "masked"): ("experts.fill", "experts.release"),
    ("candidates", "full"): ("evaluation.recommend",),
    ("report", "masked"): (  # the decisions of the committee as a whole
        "evaluation.prepare", "evaluation.open", "evaluation.start", "evaluation.begin_scoring", "evaluation.halt", "evaluation.resume", "evaluation.reject",
        "evaluation.compute", "evaluation.open_price", "evaluation.break_tie", "evaluation.reject_all"),
    ("award_decision", "masked"): ("trading.awards.deem_winner", "trading.awards.fix_winner", "trading.awards.skip_rank", "trading.awards.give_up"),
    ("result", "full"): ("trading.opening.close_qualification",),
    ("contract", "masked"): ("trading.awards.sign_contract",),
}
ELSEWHERE = {"candidates": "result"}  # procurement has no publicity: its candidates stand in the result notice
ACTS = {tag: told for told, tags in TELLS.items() for tag in tags}


def waiting() -> set[str]:
    return {tag for tag, opens in OPENS.items() if opens not in ("now", "never")}


def test_every_act_that_opens_with_a_stage_is_judged_here() -> None:
    assert set(ACTS) == waiting()


def too_early(tag: str, field: str, opens: str) -> list[str]:
    """Stages at which the public may read the entry and may not know what it tells."""
    kind, weakest = ACTS[tag]
    kind = ELSEWHERE.get(kind, kind) if field == "procurement" else kind
    open_at = [stage for stage in axis(field) if stage not in ("failed", "terminated") and reached(opens, field, stage)]
    return [stage for stage in open_at if STRENGTH[form(kind, {"public"}, field, stage)] < STRENGTH[weakest]]


@pytest.mark.parametrize("field", ["works", "procurement"])
def test_no_entry_opens_before_the_matrix_allows(field: str) -> None:
    early = {tag: stages for tag in sorted(ACTS) if (stages := too_early(tag, field, OPENS[tag]))}
    assert early == {}


def test_the_judge_finds_an_entry_that_opens_too_early() -> None:
    assert too_early("trading.bids.submit", "procurement", "opened") == ["opened", "qualifying", "convening", "evaluating", "reported", "confirming", "awarded"]
    assert "confirming" in too_early("trading.awards.skip_rank", "procurement", "confirming")


def test_a_minute_that_nobody_may_know_stands_under_a_key() -> None:
    """receipt_leaf: the moment of a bid is not opened; calls_and_replies: hour only."""
    assert {"trading.bids.submit", "trading.bids.replace"} | set(TELLS["calls_and_replies", "masked"]) <= UNTIMED
