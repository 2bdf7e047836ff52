from datetime import date
from decimal import Decimal

import pytest

from law.citation import CHECKED
from law.citations import CERTAINTIES
from law.grounds import LABELS, label
from law.publicity import FIELDS, field
from law.registry import by_rule_id, clauses, history, in_force, snapshot

TODAY = date(2026, 11, 22)
DAYS = {"calendar_day", "working_day"}


@pytest.mark.parametrize("clause", clauses(), ids=lambda c: f"{c.name}@{c.since}")
def test_every_clause_is_whole(clause):
    assert clause.rule_id and clause.zh and clause.en
    assert clause.under and all(c.document and c.number for c in clause.under)
    assert clause.certainty in CERTAINTIES
    assert clause.may_refuse == (clause.certainty in CHECKED)
    assert clause.until is None or clause.until > clause.since
    assert clause in by_rule_id(clause.rule_id)
    assert in_force(clause.name, clause.since) is clause
    assert not isinstance(clause.value, float)
    if clause.unit in DAYS | {"fen", "count", "minute", "hour", "office_hour", "year"}:
        assert type(clause.value) in (int, tuple)
    if clause.unit == "share":
        assert all(isinstance(v, Decimal) and 0 <= v <= 1 for v in (clause.value if isinstance(clause.value, tuple) else (clause.value,)))


@pytest.mark.parametrize(("name", "value", "unit", "article"), [
    ("works.preparation_days", 20, "calendar_day", "第二十四条"),
    ("works.clarification_days", 15, "calendar_day", "第二十三条"),
    ("works.publicity_days", 3, "calendar_day", "第五十四条"),
    ("works.deposit_share", Decimal("0.02"), "share", "第二十六条"),
    ("procurement.notice_working_days", 5, "working_day", "第十六条"),
    ("procurement.preparation_days", 20, "calendar_day", "第三十五条"),
    ("procurement.confirm_working_days", 5, "working_day", "第六十八条"),
    ("committee.minimum.procurement", 5, "count", "第四十七条"),
    ("committee.minimum_large.procurement", 7, "count", "第四十七条"),
    ("scoring.price_weight_floor.goods", Decimal("0.30"), "share", "第五十五条"),
    ("scoring.price_weight_floor.services", Decimal("0.10"), "share", "第五十五条"),
    ("challenges.procurement.working_days", 7, "working_day", "第十条"),
    ("complaints.works.days", 10, "calendar_day", "第六十条"),
    ("archive.procurement_years", 15, "year", "第四十二条"),
])
def test_the_numbers_of_an_open_tender(name, value, unit, article):
    found = in_force(name, TODAY)
    assert (found.value, found.unit, found.under[0].article) == (value, unit, article)
    assert found.may_refuse


@pytest.mark.parametrize("name", ["works.deposit_cap_fen.construction", "land.notice_days", "draw.window.procurement", "low_price.of_mean"])
def test_unchecked_clauses_only_warn(name):
    assert not in_force(name, TODAY).may_refuse


def test_a_change_of_law_does_not_reach_back():
    before, after = history("policy.small_firm_deduction.goods_services")
    assert in_force(before.name, date(2022, 6, 30)) is before
    assert in_force(before.name, date(2022, 7, 1)) is after
    assert before.value[1] == after.value[0] == Decimal("0.10")
    with pytest.raises(KeyError):
        in_force(before.name, date(2020, 12, 31))


def test_the_log_clause_moved_its_article_with_the_amendment():
    assert in_force("archive.log_months", date(2025, 12, 31)).under[0].article == "第二十一条(三)"
    assert in_force("archive.log_months", date(2026, 1, 1)).under[0].article == "第二十三条(三)"


def test_unknown_names_and_rules():
    for ask in (lambda: in_force("works.nothing", TODAY), lambda: history("works.nothing"), lambda: by_rule_id("ENG-T99")):
        with pytest.raises(KeyError):
            ask()


def test_the_snapshot_holds_one_row_a_name():
    held = snapshot(TODAY)
    assert held["works.preparation_days"].value == 20
    assert set(held) == {c.name for c in clauses() if c.since <= TODAY and (c.until is None or TODAY < c.until)}
    assert "procurement.emergency_supplement_share" not in snapshot(date(2026, 9, 30))


def test_lists_have_words_for_every_code():
    named = {code for c in clauses() if c.name.startswith("grounds.") and isinstance(c.value, tuple) for code in c.value}
    assert named <= set(LABELS)
    assert all(label(code)[0] and label(code)[1].isascii() for code in named)
    fields = {code for c in clauses() if c.name.startswith("publicity.fields.") for code in c.value}
    assert fields == set(FIELDS)
    assert all(field(code)[0] and field(code)[1].isascii() for code in fields)
