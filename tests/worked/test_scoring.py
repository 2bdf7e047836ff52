"""The worked examples of tests/worked/scoring.json, each with its arithmetic."""
import json
from decimal import Decimal
from pathlib import Path

import pytest

from evaluation.rules.benchmark import Benchmark, Trim, compute
from evaluation.rules.price import abnormally_low, price_scores
from experts.rules.committee import MinimumSize, minimum, shape_faults
from kernel.codes import is_credit_code, is_resident_id, organisation_code_fits

CASES = json.loads((Path(__file__).parent / "scoring.json").read_text())


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


@pytest.mark.parametrize("case", CASES["procurement_price_score"], ids=["small_firm", "domestic_too"])
def test_price_scores_follow_the_lowest_adjusted_price(case):
    # 1: C 1050000 × (1 − 0.10) = 945000; lowest B 900000: A 900/980 × 30 = 27.551 → 27.55, C 900/945 × 30 = 28.571 → 28.57
    # 2: A 980000 × 0.80 = 784000, C 1050000 × (1 − 0.10 − 0.20) = 735000 is lowest: A 735/784 × 30 = 28.125 → 28.13 (a half goes up),
    #    B 735/900 × 30 = 24.50, C 30.00
    quoted = {bidder: fen(price) for bidder, price in case["bids"].items()}
    shares = {bidder: {name: Decimal(d) for name, d in by.items()} for bidder, by in case["deductions"].items()}
    found = price_scores(quoted, shares, Decimal(case["weight"]), 2)
    assert {bidder: str(result.score) for bidder, result in found.items()} == case["scores"]
    assert {bidder: result.adjusted for bidder, result in found.items()} == {b: Decimal(fen(p)) for b, p in case["adjusted"].items()}


@pytest.mark.parametrize("case", CASES["procurement_abnormal_low"], ids=["420000", "440000"])
def test_low_prices_are_triggered(case):
    # 1: mean (1000000 + 950000 + 420000 + 880000) / 4 = 812500, half 406250 < 420000: no; second lowest 880000, half 440000 > 420000: yes;
    #    45 % of 1200000 = 540000 > 420000: yes
    # 2: 440000 is not under 440000: only the ceiling is left
    low = abnormally_low(
        {price: fen(price) for price in case["bids"]}, fen(case["ceiling"]), Decimal("0.50"), Decimal("0.50"), Decimal("0.45")
    )
    assert {bidder: [line.rule for line in lines] for bidder, lines in low.items()} == case["triggered"]


@pytest.mark.parametrize("case", CASES["works_benchmark"])
def test_works_benchmark(case):
    # without 9500000 and 10900000 the mean is 50000000 / 5 = 10000000; × (1 − 0.03) = 9700000
    # 9500000: −200000/9700000 = −2.0619 % × 0.5 → 100 − 1.0309 = 98.97;  9800000: +1.0309 % × 1 → 98.97 as well: a tie at two decimals
    # 10000000: +3.0928 % → 96.91;  10900000: +12.3711 % → 87.63
    rule = Benchmark(
        above=Decimal(case["above"]),
        below=Decimal(case["below"]),
        trims=(Trim(5, Decimal(case["trim_high"]), Decimal(case["trim_low"])),),
        k=Decimal(case["k"]),
    )
    found = compute(rule, {price: fen(price) for price in case["bids"]}, Decimal(case["full"]), 2)
    assert found.average == Decimal(fen(case["average"]))
    assert found.benchmark == Decimal(fen(case["benchmark"]))
    assert {bidder: str(found.scores[bidder]) for bidder in case["scores"]} == case["scores"]
    assert found.rates["9500000"] == Decimal("-2.0619")
    assert found.left_out == ("10900000", "9500000")


SIZES = {"works": MinimumSize(5), "procurement": MinimumSize(5, raised=7, from_fen=fen("10000000.00"))}


@pytest.mark.parametrize("case", CASES["committee"], ids=str)
def test_committee_shape(case):
    # two thirds of 5 is 3.33 → 4 experts; 6 is even; a budget of 10000000.00 is reached ("以上" includes it) → 7; 9999999.99 is not
    least = minimum(SIZES[case["field"]], fen(case["budget"]) if "budget" in case else None)
    assert (not shape_faults(case["members"], case["experts"], least)) == case["ok"]


@pytest.mark.parametrize("code", CASES["unified_social_credit_code"]["valid"])
def test_credit_codes_in_use_pass(code):
    assert is_credit_code(code)
    assert organisation_code_fits(code)


@pytest.mark.parametrize("code", CASES["unified_social_credit_code"]["invalid"])
def test_wrong_credit_codes_fail(code):
    assert not is_credit_code(code)


@pytest.mark.parametrize("code", CASES["resident_id"]["valid"])
def test_the_standard_s_resident_id_passes(code):
    assert is_resident_id(code)


@pytest.mark.parametrize("code", CASES["resident_id"]["invalid"])
def test_wrong_resident_ids_fail(code):
    assert not is_resident_id(code)
