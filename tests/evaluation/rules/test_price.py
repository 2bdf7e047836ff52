from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.price import abnormally_low, adjusted, price_scores, works_addition

HALF, LINE = Decimal("0.50"), Decimal("0.45")


def low(prices, ceiling, second=HALF):
    return {bidder: [line.rule for line in lines] for bidder, lines in abnormally_low(prices, ceiling, HALF, second, LINE).items()}


def test_deductions_add_up_on_the_quotation_and_do_not_compound():
    # 1000000 × (1 − 0.10 − 0.20) = 700000, not 1000000 × 0.9 × 0.8 = 720000
    assert adjusted(100_000_000, {"small": Decimal("0.10"), "domestic": Decimal("0.20")}) == 70_000_000


@pytest.mark.parametrize("parts", [{"a": Decimal("0.6"), "b": Decimal("0.4")}, {"a": Decimal("-0.1")}, {"a": Decimal("1.2")}])
def test_deductions_that_leave_no_price_are_nonsense(parts):
    assert adjusted(100, {"a": Decimal("0.6"), "b": Decimal("0.39")}) == 1
    with pytest.raises(ValueError, match="deductions|share"):
        adjusted(100, parts)


def test_no_price_is_no_quotation():
    with pytest.raises(ValueError, match="more than nothing"):
        adjusted(0)


def test_a_deduction_for_a_stranger_is_nonsense():
    assert price_scores({}, {}, Decimal(30), 2) == {}
    with pytest.raises(ValueError, match="nobody"):
        price_scores({"A": 100}, {"B": {"small": Decimal("0.1")}}, Decimal(30), 2)


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(1, 10**13), min_size=1))
def test_the_lowest_gets_everything_and_less_is_never_worse(prices):
    scores = {bidder: result.score for bidder, result in price_scores(prices, {}, Decimal(30), 2).items()}
    cheapest_first = sorted(prices, key=lambda b: prices[b])
    assert scores[cheapest_first[0]] == 30
    assert [scores[b] for b in cheapest_first] == sorted(scores.values(), reverse=True)
    assert all(0 <= score <= 30 for score in scores.values())


def test_on_the_line_is_not_under_it():
    # ceiling 100: 45 % is 45; others 80, 85: mean of 45, 80, 85 is 70, half 35; half of 80 is 40
    assert low({"A": 45, "B": 80, "C": 85}, 100) == {}
    assert low({"A": 44, "B": 80, "C": 85}, 100) == {"A": ["ceiling"]}
    assert low({"A": 40, "B": 80, "C": 85}, 1) == {}
    assert low({"A": 39, "B": 80, "C": 85}, 1) == {"A": ["second_lowest"]}


def test_the_mean_takes_in_the_bid_itself():
    # mean of 30, 100, 100 is 76.67, half 38.33 > 30; without the bid itself half of 100 would catch 45 as well:
    # mean of 45, 100, 100 is 81.67, half 40.83 < 45
    assert low({"A": 30, "B": 100, "C": 100}, 1, second=Decimal(0)) == {"A": ["mean"]}
    assert low({"A": 45, "B": 100, "C": 100}, 1, second=Decimal(0)) == {}


def test_one_bid_alone_is_compared_with_the_ceiling_only():
    assert low({"A": 44}, 100) == {"A": ["ceiling"]}
    assert low({"A": 45}, 100) == {}
    assert low({}, 100) == {}


def test_a_document_may_raise_the_line():
    prices = {"A": 60, "B": 100}
    assert abnormally_low(prices, 1, HALF, HALF, LINE) == {}
    (line,) = abnormally_low(prices, 1, HALF, Decimal("0.65"), LINE)["A"]
    assert (line.rule, line.limit) == ("second_lowest", Decimal(65))


def test_the_works_addition_is_a_share_of_the_price_score():
    # 38.50 × 1.05 = 40.425 → 40.43
    assert works_addition(Decimal("38.50"), Decimal("0.05"), 2) == Decimal("40.43")
