from decimal import Decimal as D

import pytest

from evaluation.rules.corrections import (
    PROCUREMENT_ORDER,
    WORKS_ORDER,
    Line,
    Quotation,
    Step,
    correct_procurement,
    correct_works,
    in_order,
    moved_point,
    product,
)

DESK = Line("desk", D(10), 80_000, 800_000)
CHAIR = Line("chair", D(20), 10_000, 200_000)
AGREEING = Quotation(1_000_000, "壹万元整", 1_000_000, (DESK, CHAIR))


def changed(**fields):
    return Quotation(**({"figures": 1_000_000, "words": "壹万元整", "content": 1_000_000, "lines": (DESK, CHAIR)} | fields))


@pytest.mark.parametrize("correct", [correct_procurement, correct_works])
def test_a_bid_that_agrees_with_itself_is_left_alone(correct):
    found = correct(AGREEING)
    assert (found.price, found.steps, found.lines) == (1_000_000, (), (DESK, CHAIR))


def test_the_opening_table_wins_over_the_content():
    found = correct_procurement(changed(content=990_000))
    assert (found.price, found.steps) == (1_000_000, (Step("opening_table", 990_000, 1_000_000),))


@pytest.mark.parametrize("correct", [correct_procurement, correct_works])
def test_words_win_over_figures(correct):
    found = correct(changed(figures=1_100_000, content=None))
    assert (found.price, found.steps) == (1_000_000, (Step("words", 1_100_000, 1_000_000),))


def test_a_misplaced_point_yields_to_the_table_and_changes_the_unit_price():
    # a desk at 80.00 instead of 800.00: 10 × 80.00 + 20 × 100.00 = 2800.00 instead of 10000.00
    found = correct_procurement(changed(lines=(Line("desk", D(10), 8_000, 80_000), CHAIR)))
    assert (found.price, found.steps) == (1_000_000, (Step("misplaced_point", 8_000, 80_000, "desk"),))
    assert found.lines[0] == DESK


def test_two_misplaced_points_betrayed_by_their_amounts():
    found = correct_procurement(changed(lines=(Line("desk", D(10), 8_000, 800_000), Line("chair", D(20), 1_000_000, 200_000))))
    assert [(s.rule, s.before, s.after) for s in found.steps] == [
        ("misplaced_point", 8_000, 80_000),
        ("misplaced_point", 1_000_000, 10_000),
    ]
    assert (found.price, found.lines) == (1_000_000, (DESK, CHAIR))


def test_a_sum_that_no_point_explains_becomes_the_price():
    # 10 × 790.00 + 20 × 100.00 = 9900.00
    found = correct_procurement(changed(lines=(Line("desk", D(10), 79_000, 800_000), CHAIR)))
    assert (found.price, found.steps) == (990_000, (Step("sum_of_lines", 1_000_000, 990_000),))


def test_a_point_that_two_lines_could_have_lost_is_not_obvious():
    # 10 + 10 are missing 90 whichever line is moved: the sum decides
    lines = (Line("a", D(1), 1_000, 1_000), Line("b", D(1), 1_000, 1_000))
    found = correct_procurement(Quotation(11_000, lines=lines))
    assert (found.price, [s.rule for s in found.steps]) == (2_000, ["sum_of_lines"])
    found = correct_procurement(Quotation(11_000, lines=(Line("a", D(1), 1_000, 10_000), lines[1])))
    assert (found.price, [s.where for s in found.steps]) == (11_000, ["a"])


def test_several_contradictions_are_resolved_in_their_order():
    found = correct_procurement(changed(figures=1_100_000, content=990_000, lines=(Line("desk", D(10), 79_000, 790_000), CHAIR)))
    assert [s.rule for s in found.steps] == ["opening_table", "words", "sum_of_lines"]
    assert found.price == 990_000
    assert in_order([s.rule for s in found.steps], PROCUREMENT_ORDER)


def test_works_let_the_unit_price_win_line_by_line():
    found = correct_works(changed(lines=(Line("desk", D(10), 79_000, 800_000), CHAIR)))
    assert found.price == 990_000
    assert found.steps == (Step("sum_of_lines", 800_000, 790_000, "desk"), Step("sum_of_lines", 1_000_000, 990_000))
    assert found.lines[0].amount == 790_000


def test_works_let_the_amount_win_over_a_misplaced_point():
    found = correct_works(changed(lines=(Line("desk", D(10), 8_000, 800_000), CHAIR)))
    assert (found.price, found.steps) == (1_000_000, (Step("misplaced_point", 8_000, 80_000, "desk"),))
    assert found.lines[0] == DESK


def test_products_are_rounded_to_the_fen():
    # 3.333 m³ × 10.50 = 34.9965 → 35.00
    assert product(Line("soil", D("3.333"), 1_050, 0)) == 3_500
    assert moved_point(Line("soil", D("3.333"), 10_500, 0), 3_500) == 1_050
    assert moved_point(Line("soil", D("3.333"), 10_500, 0), 3_501) is None
    # the point of 0.03 cannot move to the left: no tenth of a fen exists
    assert moved_point(Line("nail", D(100), 3, 0), 30) is None


def test_unreadable_words_are_an_error_not_a_guess():
    with pytest.raises(ValueError, match="no capital figure"):
        correct_procurement(changed(words="约壹万元"))


@pytest.mark.parametrize(
    ("rules", "order", "good"),
    [
        (["opening_table", "sum_of_lines"], PROCUREMENT_ORDER, True),
        (["words", "words", "misplaced_point"], PROCUREMENT_ORDER, True),
        ([], PROCUREMENT_ORDER, True),
        (["words", "opening_table"], PROCUREMENT_ORDER, False),
        (["opening_table"], WORKS_ORDER, False),
    ],
)
def test_order_of_corrections(rules, order, good):
    assert in_order(rules, order) is good
