"""Guards whose facts a whole session seldom brings about: each once true, once false."""
from types import SimpleNamespace as Facts

import pytest

from evaluation.rules import guards as g
from evaluation.rules import guards_scores as s
from law.guards import text
from law.registry import history

MOST = history("works.candidates_at_most")[0]
CASES = [
    (s.benchmark_fixed, {"coefficient_due": True, "coefficient": "0.03"}, {"coefficient": ""}),
    (s.benchmark_fixed, {"coefficient_due": False, "coefficient": ""}, {"coefficient_due": True}),
    (s.rule_of_document_used, {"tie_rule": "draw", "by_system": True}, {"by_system": False}),
    (s.rule_of_document_used, {"tie_rule": "buyer", "by_system": False}, {"by_system": True}),
    (s.candidates_at_most_three, {"chosen": {"1": ("a", "b", "c")}, "most": MOST}, {"chosen": {"1": ("a", "b", "c", "d")}}),
    (s.candidates_at_most_three, {"chosen": {"1": ("a",)}, "most": MOST}, {"chosen": {"1": ()}}),
    (s.ranked_by_totals, {"chosen": {"1": ("a",)}, "ranked": {"1": ("a", "b")}}, {"ranked": {"1": None}}),
    (s.ranked_by_totals, {"chosen": {"1": ("a",)}, "ranked": {"1": ("a",)}}, {"ranked": {"1": ("a",), "2": ("c",)}}),
    (s.three_valid_or_reasoned, {"field": "works", "valid": 2, "reason": "报价仍有明显竞争"}, {"field": "procurement"}),
    (s.tie_real, {"tie": {"a": 1}}, {"tie": {}}),
    (s.all_sheets_in, {"sheets_out": 0}, {"sheets_out": 1}),
    (s.unmasked, {"dark": False}, {"dark": True}),
    (s.all_signed_or_noted, {"unsigned": 0}, {"unsigned": 2}),
    (s.recording_whole, {"recording": True, "gaps": 0}, {"recording": False}),
    (g.majority_reached, {"yes": 3, "members": [1] * 5}, {"yes": 2}),
    (g.majority_reached, {"yes": 3, "members": [1] * 5}, {"members": [1] * 6}),
    (g.authorisation_attached, {"kind": "buyer_rep", "authorisation": "aa"}, {"authorisation": ""}),
    (g.envelopes_sealed_to_seats, {"bids": [Facts(opened=True)]}, {"bids": [Facts(opened=True), Facts(opened=False)]}),
    (g.low_price_triggered_or_doubt, {"triggered": False, "doubt": "单价低于成本"}, {"doubt": " "}),
    (g.procurement_only, {"field": "procurement"}, {"field": "works"}),
    (g.answer_signed, {"signed": True}, {"signed": False}),
]


@pytest.mark.parametrize(("guard", "facts", "change"), CASES)
def test_a_guard_turns_on_one_fact(guard, facts, change):
    assert guard(Facts(**facts)) is None
    reason = guard(Facts(**(facts | change)))
    assert reason.rule == guard.__name__ and reason.binding and text(reason.rule)


def test_a_gap_in_the_recording_warns_and_does_not_undo():
    reason = s.recording_whole(Facts(recording=True, gaps=2))
    assert not reason.binding and reason.found.en == "2 gaps"
