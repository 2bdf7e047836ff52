from datetime import date

import pytest

from experts.rules.exclusions import BIDDER, CODES, CONVENER, CROWDED, OFFICE, RELATION, Candidate, Ground, Org, Tie, code_for, years_before

BUYER, BIDS, SEATED = Org("B", "甲方"), Org("C", "投标（北京）公司"), Org("", "设计院")
GROUND = Ground((BUYER,), (BIDS,), (SEATED,), date(2023, 5, 1))
FREE = Org("X", "无关单位")


def test_somebody_without_ties_may_sit():
    assert code_for(Candidate("e", FREE, (Tie("Y", "别家", None),)), GROUND) == ""


@pytest.mark.parametrize(("one", "code"), [
    (Candidate("e", Org("B", "名称不同")), CONVENER),
    (Candidate("e", Org("", "甲 方")), CONVENER),
    (Candidate("e", Org("", "投标(北京)公司")), BIDDER),
    (Candidate("e", FREE, (Tie("C", "", None),)), RELATION),
    (Candidate("e", FREE, (Tie("", "甲方", date(2023, 5, 1)),)), RELATION),
    (Candidate("e", FREE, office=True), OFFICE),
    (Candidate("e", Org("", "设计院")), CROWDED),
])
def test_each_reason_has_its_code(one, code):
    assert code_for(one, GROUND) == code and CODES[code].en


def test_a_relation_that_ended_before_counts_no_more():
    assert code_for(Candidate("e", FREE, (Tie("C", "", date(2023, 4, 30)),)), GROUND) == ""


def test_two_codes_that_differ_are_two_companies_whatever_they_are_called():
    assert code_for(Candidate("e", Org("Z", "甲方")), GROUND) == ""


def test_years_back_from_a_leap_day():
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    assert years_before(date(2026, 7, 1), 3) == date(2023, 7, 1)
