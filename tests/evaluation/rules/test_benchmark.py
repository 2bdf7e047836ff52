from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.benchmark import Benchmark, Trim, compute, trimmed

PLAIN = Benchmark(above=D(1), below=D("0.5"))
FULL = D(100)


def bids(*prices):
    return {f"b{n}": price for n, price in enumerate(prices)}


def test_without_trimming_the_mean_of_all():
    # mean of 90, 100, 110 is 100: −10 % × 0.5 → 95, 0 → 100, +10 % × 1 → 90
    found = compute(PLAIN, bids(90, 100, 110), FULL, 2)
    assert found.scores == {"b0": D("95.00"), "b1": D("100.00"), "b2": D("90.00")}
    assert found.left_out == ()


def test_the_row_with_the_highest_limit_under_the_number_applies():
    rows = (Trim(5, D(1), D(1)), Trim(8, D("0.2"), D("0.1"), by="share", rounding="ceil"))
    assert len(trimmed(rows, bids(*range(1, 6)))) == 5
    assert sorted(trimmed(rows, bids(*range(1, 7))).values()) == [2, 3, 4, 5]
    # nine bids: ceil(1.8) = 2 of the dearest, ceil(0.9) = 1 of the cheapest
    assert sorted(trimmed(rows, bids(*range(1, 10))).values()) == [2, 3, 4, 5, 6, 7]
    down = (rows[0], replace(rows[1], rounding="floor"))
    assert sorted(trimmed(down, bids(*range(1, 10))).values()) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_second_pass_drops_what_is_far_from_the_mean_once():
    row = (Trim(5, D(1), D(1), within=D("0.20")),)
    # left after 1 + 1: 70, 100, 100, 100, 130, mean 100: 70 and 130 deviate by 30 % and go
    assert sorted(trimmed(row, bids(60, 70, 100, 100, 100, 130, 140)).values()) == [100, 100, 100]
    # 80 and 120 deviate by exactly 20 % and stay
    assert sorted(trimmed(row, bids(60, 80, 100, 100, 100, 120, 140)).values()) == [80, 100, 100, 100, 120]
    # 10, 10, 90, 90: mean 50, all are far: the first mean stands
    assert len(trimmed(row, bids(1, 10, 10, 90, 90, 99))) == 4


def test_leaving_out_everybody_is_nonsense():
    assert len(trimmed((Trim(0, D(1), D(1)),), bids(1, 2, 3))) == 1
    with pytest.raises(ValueError, match="leaves nothing"):
        trimmed((Trim(0, D(1), D(1)),), bids(1, 2))
    with pytest.raises(ValueError, match=r"cannot leave out 1\.5"):
        trimmed((Trim(0, D("1.5"), D(0)),), bids(1, 2, 3))


def test_k_as_discount_and_as_factor():
    assert compute(replace(PLAIN, k=D("0.03")), bids(100, 100, 100), FULL, 2).benchmark == 97
    assert compute(replace(PLAIN, k=D("0.97"), k_form="times"), bids(100, 100, 100), FULL, 2).benchmark == 97


def test_the_ceiling_mixes_in():
    # A 100, Q = 120 × (1 − 0.05) = 114, D = 100 × 0.4 + 114 × 0.6 = 108.4
    rule = replace(PLAIN, w=D("0.4"), lowered=D("0.05"))
    assert compute(rule, bids(90, 100, 110), FULL, 2, ceiling=120).benchmark == D("108.4")
    with pytest.raises(ValueError, match="mixes in the ceiling"):
        compute(rule, bids(90, 100, 110), FULL, 2)


def test_what_is_drawn_must_be_drawn_and_be_a_choice():
    rule = replace(PLAIN, drawn="k", choices=(D("0.01"), D("0.02")))
    assert compute(rule, bids(100, 100), FULL, 2, drawn=D("0.02")).benchmark == 98
    for drawn, why in ((None, "exactly where"), (D("0.05"), "none of the coefficients")):
        with pytest.raises(ValueError, match=why):
            compute(rule, bids(100, 100), FULL, 2, drawn=drawn)
    with pytest.raises(ValueError, match="exactly where"):
        compute(PLAIN, bids(100, 100), FULL, 2, drawn=D("0.02"))
    weight = replace(PLAIN, drawn="w", choices=(D("0.5"),))
    assert compute(weight, bids(100, 100), FULL, 2, ceiling=120, drawn=D("0.5")).benchmark == 110


def test_a_price_over_the_ceiling_has_no_score():
    assert compute(PLAIN, bids(100, 120), FULL, 2, ceiling=120).average == 110
    with pytest.raises(ValueError, match="over the ceiling"):
        compute(PLAIN, bids(100, 121), FULL, 2, ceiling=120)


def test_a_price_at_the_warning_line_is_scored_but_shapes_nothing():
    found = compute(PLAIN, bids(60, 100, 110), FULL, 2, warning_line=60)
    assert found.average == 105
    assert found.left_out == ("b0",)
    assert set(found.scores) == {"b0", "b1", "b2"}
    with pytest.raises(ValueError, match="no price is left"):
        compute(PLAIN, bids(60), FULL, 2, warning_line=60)


def test_stated_decimals_change_the_result_where_the_document_says_so():
    # mean of 100.00, 100.01, 100.01 yuan is 100.00667: to two decimals 100.01
    prices = bids(10_000, 10_001, 10_001)
    assert compute(PLAIN, prices, FULL, 2).average == D("10000.6667")
    assert compute(replace(PLAIN, price_places=2), prices, FULL, 2).average == 10_001
    # deviation of 103 from 100.6667 is 2.3179 %: to a whole percent 2 %
    assert compute(PLAIN, bids(99, 100, 103), FULL, 2).scores["b2"] == D("97.68")
    assert compute(replace(PLAIN, rate_places=0), bids(99, 100, 103), FULL, 2).scores["b2"] == D("98.00")


def test_no_score_falls_under_the_least():
    rule = replace(PLAIN, above=D(10))
    assert compute(rule, bids(100, 300), FULL, 2).scores["b1"] == 0
    assert compute(replace(rule, least=D(20)), bids(100, 300), FULL, 2).scores["b1"] == 20


@given(st.lists(st.integers(1, 10**12), min_size=3, max_size=20))
def test_nearer_is_never_worse_on_either_side(prices):
    found = compute(replace(PLAIN, trims=(Trim(5, D(1), D(1)),)), bids(*prices), FULL, 2)
    over = sorted((rate, found.scores[b]) for b, rate in found.rates.items() if rate >= 0)
    under = sorted((-rate, found.scores[b]) for b, rate in found.rates.items() if rate < 0)
    for side in (over, under):
        assert [s for _, s in side] == sorted((s for _, s in side), reverse=True)
    assert all(0 <= s <= FULL for s in found.scores.values())
