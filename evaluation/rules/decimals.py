"""Rounding, once and stated: scores are exact fractions until the tender document's number of decimals is applied.

A chain of rounded steps can decide an award by itself; so every formula of this folder divides exactly
and rounds half up (四舍五入) at the places where the document says so, and nowhere else.
"""
from decimal import Decimal
from fractions import Fraction

MOST = 12
RECORD = 4  # decimals under which an exact figure is written down


def half_up(value: Fraction | Decimal | int, places: int) -> Decimal:
    """value with `places` decimals, a half going away from zero. ValueError unless 0 ≤ places ≤ 12."""
    if not 0 <= places <= MOST:
        raise ValueError(f"{places} decimals")
    exact = Fraction(value)
    whole = (2 * abs(exact) * 10**places + 1) // 2
    digits = tuple(int(d) for d in str(whole))
    return Decimal((int(exact < 0 and whole > 0), digits, -places))


def share(value: Decimal, name: str) -> Fraction:
    """A share of one, exactly. ValueError outside 0…1."""
    if not value.is_finite() or not 0 <= value <= 1:
        raise ValueError(f"{name} is no share of one: {value}")
    return Fraction(value)
