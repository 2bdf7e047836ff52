from dataclasses import replace
from decimal import Decimal as D

import pytest

from evaluation.rules import scheme_checks as checks
from evaluation.rules.benchmark import Benchmark, Trim
from evaluation.rules.scheme import Item, Scheme

GOODS = Scheme(
    "procurement",
    "goods",
    (
        Item("T1", "实施方案", "technical", "subjective", D(40), D("0.40")),
        Item("C1", "同类业绩", "commercial", "objective", D(30), D("0.30")),
        Item("P", "报价", "price", "objective", D(30), D("0.30")),
    ),
    places=2,
)
FORMULA = Benchmark(D(1), D("0.5"), (Trim(5, D(1), D(1)),), drawn="k", choices=(D("0.01"), D("0.03")))
WORKS = replace(GOODS, field="works", subject="works", benchmark=FORMULA)
FLOORS = {"goods": D("0.30"), "services": D("0.10")}


def with_item(number, **fields):
    return replace(GOODS, items=tuple(replace(i, **fields) if n == number else i for n, i in enumerate(GOODS.items)))


def test_weights():
    assert checks.weights_sum_to_one(GOODS)
    assert not checks.weights_sum_to_one(with_item(0, weight=D("0.4001")))


def test_price_floor_and_cap_by_subject():
    assert checks.price_weight_floor(GOODS, FLOORS)
    assert not checks.price_weight_floor(with_item(2, weight=D("0.2999")), FLOORS)
    assert checks.price_weight_floor(replace(with_item(2, weight=D("0.10")), subject="services"), FLOORS)
    assert checks.price_weight_floor(with_item(2, weight=D("0.70")), FLOORS)
    assert not checks.price_weight_floor(with_item(2, weight=D("0.70")), FLOORS, {"goods": D("0.60")})
    assert checks.price_weight_floor(replace(WORKS, items=GOODS.items[:2]), FLOORS)


def test_a_qualification_may_not_be_scored():
    assert checks.no_qualification_scored(GOODS, ["营业执照"], ["注册资本"])
    assert checks.scored_qualifications(with_item(1, zh="营 业执照 齐全"), ["营业执照"]) == ("C1",)
    assert checks.scored_qualifications(with_item(1, zh="注册资本一千万以上"), [], ["注册资本"]) == ("C1",)
    assert checks.no_qualification_scored(GOODS, [" "])


def test_decimals_must_be_stated():
    assert checks.decimals_stated(GOODS)
    assert checks.decimals_stated(replace(GOODS, places=0))
    assert not checks.decimals_stated(replace(GOODS, places=None))


def test_procurement_has_no_benchmark():
    assert checks.no_average_benchmark(GOODS)
    assert checks.no_average_benchmark(WORKS)
    assert not checks.no_average_benchmark(replace(GOODS, benchmark=FORMULA))


def test_the_dry_run_tries_six_lists_with_every_coefficient():
    assert len(checks.dry_run(GOODS)) == 6
    trials = checks.dry_run(WORKS)
    assert len(trials) == 12
    assert {trial.drawn for trial in trials} == {D("0.01"), D("0.03")}
    # list 5 is the seven prices of the worked example, here with 30 points: 9700000 is hit by nobody, 9800000 loses 1.0309
    assert trials[9].scores[1] == D("28.97")
    assert checks.dry_run(replace(GOODS, items=GOODS.items[:2])) == ()


@pytest.mark.parametrize(
    ("formula", "faults"),
    [
        (FORMULA, ()),
        (replace(FORMULA, drawn="none"), ()),
        (replace(FORMULA, choices=()), ("n=0",)),
        (replace(FORMULA, trims=(Trim(2, D(2), D(1)),), drawn="none"), ("n=3",)),
        (replace(FORMULA, choices=(D("0.01"), D(1))), tuple(f"n={n}, 1" for n in (3, 4, 5, 6, 7, 21))),
        (replace(FORMULA, drawn="none", least=D(31)), tuple(f"n={n}" for n in (3, 4, 5, 6, 7, 21))),
    ],
    ids=["good", "fixed", "no_choices", "trims_all", "k_of_one", "least_over_full"],
)
def test_a_formula_that_fails_is_found_before_it_is_published(formula, faults):
    scheme = replace(WORKS, benchmark=formula)
    assert checks.formula_faults(scheme) == faults
    assert checks.formula_compiles(scheme) is (not faults)
