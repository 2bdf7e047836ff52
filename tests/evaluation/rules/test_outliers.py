from decimal import Decimal as D

import pytest

from evaluation.rules.outliers import outliers
from evaluation.rules.totals import Scale

SCALES = {"plan": Scale(D(20), D("0.2"))}


def sheets(*scores):
    return {f"m{n}": {"A": {"plan": D(score)}} for n, score in enumerate(scores)}


def test_far_from_the_others_is_flagged_with_their_mean():
    # the others' mean is 16; 30 % of 20 is 6; 9 is 7 away
    (flag,) = outliers(sheets(16, 16, 16, 16, 9), SCALES, D("0.30"))
    assert (flag.member, flag.bidder, flag.item, flag.score, flag.others, flag.by) == ("m4", "A", "plan", 9, 16, "range")


def test_on_the_limit_is_not_over_it():
    assert outliers(sheets(16, 16, 16, 16, 10), SCALES, D("0.30")) == ()


def test_the_own_score_does_not_pull_the_mean():
    # mean of all five is 14.6, from which 9 is only 5.6 away
    assert len(outliers(sheets(16, 16, 16, 16, 9), SCALES, D("0.30"))) == 1


def test_spread_counts_from_seven_members_on():
    # 15 × 6 and 19: mean 15.571, σ = √(96/49) = 1.400, 19 is 3.43 = 2.45 σ away, but only 4 from the others: under 30 % of 20
    (flag,) = outliers(sheets(15, 15, 15, 15, 15, 15, 19), SCALES, D("0.30"))
    assert (flag.member, flag.by) == ("m6", "spread")
    assert outliers(sheets(15, 15, 15, 15, 15, 19), SCALES, D("0.30")) == ()


@pytest.mark.parametrize("scores", [(20, 0), (20,), (15, 15, 15)])
def test_two_are_not_compared_and_agreement_is_no_flag(scores):
    assert outliers(sheets(*scores), SCALES, D("0.30")) == ()
