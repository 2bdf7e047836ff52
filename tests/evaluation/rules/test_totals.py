from decimal import Decimal as D
from fractions import Fraction

import pytest

from evaluation.rules.totals import (
    Scale,
    bidder_mean,
    in_range,
    member_total,
    out_of_range,
    unequal_objective,
    weights_sum_to_one,
)

SCALES = {"plan": Scale(D(30), D("0.30")), "staff": Scale(D(100), D("0.40"))}


@pytest.mark.parametrize(
    ("score", "good"),
    [("0", True), ("30", True), ("30.5", False), ("-0.5", False), ("7.5", True), ("7.3", False), ("NaN", False)],
)
def test_range_and_step_include_their_ends(score, good):
    assert in_range(D(score), Scale(D(30), D("0.3"), step=D("0.5"))) is good


def test_steps_count_from_the_low_end():
    scale = Scale(D(10), D("0.1"), low=D(1), step=D(3))
    assert [in_range(D(n), scale) for n in (1, 4, 7, 10, 3)] == [True, True, True, True, False]


def test_weights_must_be_one_exactly():
    assert weights_sum_to_one([D("0.30"), D("0.40"), D("0.3")])
    assert not weights_sum_to_one([D("0.3333")] * 3)
    assert not weights_sum_to_one([])


def test_points_of_one_hundred_and_points_of_the_item_add_up_alike():
    # plan 24 of 30 with weight 0.30 → 24; staff 85 of 100 with weight 0.40 → 34
    assert member_total({"plan": D(24), "staff": D(85)}, SCALES) == 58


@pytest.mark.parametrize("sheet", [{"plan": D(24)}, {"plan": D(24), "staff": D(85), "extra": D(1)}, {"plan": D(31), "staff": D(85)}])
def test_a_sheet_that_does_not_fit_is_nonsense(sheet):
    with pytest.raises(ValueError, match="does not fit|outside"):
        member_total(sheet, SCALES)


def test_the_mean_is_rounded_once():
    # (58 + 57 + 57) / 3 = 57.333…, + 27.55 = 84.8833… → 84.88; rounded members would not change it, 1/3 three times would
    assert bidder_mean([Fraction(58), Fraction(57), Fraction(57)], D("27.55"), 2) == D("84.88")
    # three members with 0.005 short of a cent each: 1/300 × 3 / 3 = 0.00333 → 0.00
    assert bidder_mean([Fraction(1, 300)] * 3, D(0), 2) == D("0.00")
    with pytest.raises(ValueError, match="no member"):
        bidder_mean([], D(0), 2)


SHEETS = {
    "m1": {"A": {"plan": D(20), "cert": D(5)}, "B": {"plan": D(10), "cert": D(0)}},
    "m2": {"A": {"plan": D(25), "cert": D("5.0")}, "B": {"plan": D(12), "cert": D(0)}},
}


def test_objective_items_are_equal_or_named():
    assert unequal_objective(SHEETS, ["cert"]) == ()
    differing = SHEETS | {"m2": SHEETS["m2"] | {"B": {"plan": D(12), "cert": D(5)}}}
    assert unequal_objective(differing, ["cert"]) == (("B", "cert"),)
    missing = SHEETS | {"m2": {"A": SHEETS["m2"]["A"]}}
    assert unequal_objective(missing, ["cert"]) == (("B", "cert"),)


def test_scores_out_of_range_are_named():
    scales = {"plan": Scale(D(24), D("0.3")), "cert": Scale(D(5), D("0.05"))}
    assert out_of_range(SHEETS, scales) == (("m2", "A", "plan"),)
    assert out_of_range({"m1": SHEETS["m1"]}, scales) == ()
    assert out_of_range({"m1": {"A": {"other": D(1)}}}, scales) == (("m1", "A", "other"),)
