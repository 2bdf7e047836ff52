"""Guards of notices one by one: met, and not met with one fact changed."""
from types import SimpleNamespace

import pytest

from trading.notices import rules


@pytest.mark.parametrize(("guard", "good", "change"), [
    (rules.works_only, {"field": "works"}, {"field": "procurement"}),
    (rules.expert_names_present_if_procurement, {"field": "procurement", "experts": ("甲",)}, {"experts": ()}),
    (rules.document_attached_if_procurement, {"field": "procurement", "papers": ("x",)}, {"papers": ()}),
    (rules.both_reviews_done, {"agreed": {1, 2}}, {"agreed": {1}}),
    (rules.before_closing, {"stage": "inviting", "deadline": 2, "now": 1}, {"stage": "closed"}),
    (rules.smes_attached, {"sme_claimed": True, "sme_statement": "5"}, {"sme_statement": ""}),
    (rules.secrets_cut, {"cut": True, "text": "合同价 700 元"}, {"text": "账号 6222020200112233445"}),
    (rules.reason_without_numbers, {"text": "投标人不足三家", "names": ()}, {"text": "only two bidders"}),
    (rules.source_not_named, {"text": "第 2 项更正", "names": ()}, {"names": ("第 2 项",)}),
])
def test_a_guard_is_named_by_its_refusal(guard, good, change) -> None:  # type: ignore[no-untyped-def]
    assert guard(SimpleNamespace(**good)) is None
    reason = guard(SimpleNamespace(**(good | change)))
    assert reason.rule == guard.__name__ and reason.binding


def test_works_results_need_neither_experts_nor_the_document() -> None:
    works = SimpleNamespace(field="works", experts=(), papers=())
    assert rules.expert_names_present_if_procurement(works) is None and rules.document_attached_if_procurement(works) is None


@pytest.mark.parametrize("text", ["投标人不足三家", "投标人少于3家", "Fewer than three bidders"])
def test_the_words_of_the_law_tell_no_number(text: str) -> None:
    assert rules.reason_without_numbers(SimpleNamespace(text=text, names=())) is None
