from decimal import Decimal as D

import pytest

from evaluation.rules.ranking import Standing, brand_units, by_lowest_price, by_score, candidates, first_of_brand, settle, tie_groups


def places(ranked):
    return [(r.bidder, r.rank, r.tied) for r in ranked]


def test_score_then_price_then_a_declared_tie():
    ranked = by_score([Standing("A", D(90), D(50)), Standing("B", D(91), D(60)), Standing("C", D(90), D(40))])
    assert places(ranked) == [("B", 1, False), ("C", 2, False), ("A", 3, False)]
    ranked = by_score([Standing("A", D("90.00"), D(50)), Standing("C", D("90.0"), D(50)), Standing("D", D(1), D(1))])
    assert places(ranked) == [("A", 1, True), ("C", 1, True), ("D", 3, False)]
    assert tie_groups(ranked) == (("A", "C"),)


def test_a_technical_score_is_the_third_key_where_given():
    ranked = by_score([Standing("A", D(90), D(50), D(40)), Standing("C", D(90), D(50), D(45))])
    assert places(ranked) == [("C", 1, False), ("A", 2, False)]


def test_lowest_evaluated_price():
    prices = {"A": D(100), "B": D("90.5"), "C": D("90.5")}
    assert places(by_lowest_price(prices)) == [("B", 1, True), ("C", 1, True), ("A", 3, False)]
    assert places(by_lowest_price(prices, {"A": 100, "B": 95, "C": 94})) == [("C", 1, False), ("B", 2, False), ("A", 3, False)]


def test_a_tie_is_settled_by_exactly_its_bidders():
    ranked = by_lowest_price({"A": D(5), "B": D(5), "C": D(9)})
    assert places(settle(ranked, ["B", "A"])) == [("B", 1, False), ("A", 2, False), ("C", 3, False)]
    for wrong in (["A"], ["A", "C"], ["A", "B", "C"], ["A", "A"]):
        with pytest.raises(ValueError, match="no tie"):
            settle(ranked, wrong)


def test_three_candidates_unless_a_tie_decides_who():
    apart = by_lowest_price({"A": D(1), "B": D(2), "C": D(3), "D": D(4)})
    assert [r.bidder for r in candidates(apart)] == ["A", "B", "C"]
    inside = by_lowest_price({"A": D(1), "B": D(1), "C": D(3), "D": D(4)})
    assert [r.bidder for r in candidates(inside)] == ["A", "B", "C"]
    across = by_lowest_price({"A": D(1), "B": D(2), "C": D(3), "D": D(3)})
    with pytest.raises(ValueError, match="settled first"):
        candidates(across)
    assert [r.bidder for r in candidates(settle(across, ["D", "C"]))] == ["A", "B", "D"]
    assert [r.bidder for r in candidates(across, 2)] == ["A", "B"]
    assert candidates((), 3) == ()
    with pytest.raises(ValueError, match="at least one"):
        candidates(apart, 0)


def test_one_brand_counts_once():
    assert brand_units({"A": "x", "B": "x", "C": "y"}) == 2
    assert brand_units({"A": None, "B": None, "C": "y"}) == 3
    assert brand_units({}) == 0


def test_only_the_best_of_a_brand_stays():
    ranked = by_lowest_price({"A": D(1), "B": D(2), "C": D(3)})
    assert places(first_of_brand(ranked, {"A": "x", "B": "x", "C": "y"})) == [("A", 1, False), ("C", 2, False)]
    assert [r.bidder for r in first_of_brand(ranked, {"A": None, "B": None})] == ["A", "B", "C"]


def test_a_tie_within_a_brand_waits_for_its_rule():
    tied = by_lowest_price({"A": D(1), "B": D(1), "C": D(3)})
    with pytest.raises(ValueError, match="brand x"):
        first_of_brand(tied, {"A": "x", "B": "x"})
    assert [r.bidder for r in first_of_brand(settle(tied, ["B", "A"]), {"A": "x", "B": "x"})] == ["B", "C"]


def test_a_bidder_stands_once():
    with pytest.raises(ValueError, match="twice"):
        by_score([Standing("A", D(1), D(1)), Standing("A", D(2), D(1))])
