"""One lot from figures to ranks, by hand."""
from decimal import Decimal as D

import pytest

from evaluation.rules.outcome import compute
from evaluation.rules.scheme import parse
from tests.worlds.evaluation import SCHEMES

SHEETS = {
    "A": {"x": {"T1": D(40), "C1": D(20)}, "y": {"T1": D(50), "C1": D(10)}},
    "B": {"x": {"T1": D("41.5"), "C1": D(20)}, "y": {"T1": D(45), "C1": D(10)}},
}
AMOUNTS = {"x": 100_000, "y": 90_000}


def lines(amounts=AMOUNTS, sheets=SHEETS, method="comprehensive", **more):
    return {line.bid: line for line in compute(parse(SCHEMES[method]), method, amounts, sheets, **more)}


def test_mean_of_members_plus_price():
    # x: (60 + 61.5)/2 + 90/100 × 30 = 60.75 + 27.00; y: (60 + 55)/2 + 30 = 87.50
    found = lines()
    assert (found["x"].total, found["x"].technical, found["x"].commercial, found["x"].rank) == (D("87.75"), D("40.7500"), D("20.0000"), 1)
    assert (found["y"].total, found["y"].rank) == (D("87.50"), 2)


def test_a_deduction_counts_for_the_score_and_leaves_the_amount():
    # x at 80,000 is the lowest evaluated price: 30.00; y: 80/90 × 30 = 26.67
    found = lines(deductions={"x": {"small_firm": D("0.2")}})
    assert (found["x"].price, found["x"].amount, found["x"].evaluated) == (D("30.00"), 100_000, D("80000.0000"))
    assert found["y"].price == D("26.67")


def test_equal_score_and_price_is_a_tie():
    same = {seat: {"x": by["x"], "y": by["x"]} for seat, by in SHEETS.items()}
    found = lines({"x": 90_000, "y": 90_000}, same)
    assert [(line.rank, line.tied) for line in found.values()] == [(1, True), (1, True)]


def test_a_missing_score_is_our_fault():
    with pytest.raises(ValueError):
        lines(sheets={"A": {"x": {"T1": D(40)}, "y": SHEETS["A"]["y"]}})


def test_equal_lowest_prices_are_a_declared_tie():
    works = compute(parse(SCHEMES["lowest_price"]), "lowest_price", {"x": 5, "y": 5}, {})
    assert [line.tied for line in works] == [True, True]
    assert [line.total for line in works] == [None, None]


def test_who_is_rejected_later_still_shapes_the_benchmark():
    sheets = {"A": {bid: {"T1": D(30)} for bid in "xyz"}}
    amounts = {"x": 100, "y": 200, "z": 300}
    whole = lines(amounts, sheets, "benchmark")
    left = lines(amounts, sheets, "benchmark", gone=("z",))
    assert set(left) == {"x", "y"} and {b: left[b].price for b in left} == {b: whole[b].price for b in left}
    assert lines({"x": 100, "y": 200}, sheets, "benchmark")["x"].price != whole["x"].price
