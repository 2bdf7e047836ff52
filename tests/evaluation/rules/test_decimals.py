from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.decimals import half_up, share


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("28.125"), 2, "28.13"),
        (Decimal("-28.125"), 2, "-28.13"),
        (Decimal("2.5"), 0, "3"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction(-1, 1000), 2, "0.00"),
        (100, 2, "100.00"),
        (0, 2, "0.00"),
        # just under a half: one rounding step, not two
        (Fraction("0.00499999999999999999999999999999999999"), 2, "0.00"),
    ],
)
def test_a_half_goes_away_from_zero(value, places, text):
    assert str(half_up(value, places)) == text


@given(st.fractions(), st.integers(0, 6))
def test_never_further_than_half_a_unit(value, places):
    assert abs(Fraction(half_up(value, places)) - value) * 10**places * 2 <= 1


@pytest.mark.parametrize("places", [-1, 13])
def test_odd_numbers_of_decimals_are_nonsense(places):
    with pytest.raises(ValueError, match="decimals"):
        half_up(Decimal(1), places)


@pytest.mark.parametrize("value", ["-0.1", "1.01", "NaN", "Infinity"])
def test_a_share_is_between_nothing_and_all(value):
    assert share(Decimal(1), "w") == 1
    with pytest.raises(ValueError, match="w is no share"):
        share(Decimal(value), "w")
