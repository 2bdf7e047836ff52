import pytest

from experts.rules.categories import cats, fit_lot, is_category, is_specialty, serves


@pytest.mark.parametrize("code", ["A08", "A0801", "A080101", "C0101"])
def test_categories(code):
    assert is_category(code)


@pytest.mark.parametrize("code", ["A", "A0", "A080", "D0801", "a08", "A08010101", "A08\n", ""])
def test_what_is_no_category(code):
    assert not is_category(code)


def test_a_specialty_is_whole():
    assert is_specialty("A080101") and not is_specialty("A0801") and not is_specialty("A080101\n")


def test_a_category_takes_everything_below_it():
    assert serves(["A080101"], "A08") and serves(["A080101"], "A080101") and not serves(["A080102"], "A080101")
    assert serves(["B010101"], "A08", ("B01",))


def test_only_what_the_quota_asks_is_told():
    assert cats(["A080101", "A060101", "C010101"], ["A0801", "A0601"], {}) == ("A0801", "A0601")
    assert cats(["C010101"], ["A0801"], {}) == ()


def test_some_category_is_of_the_tenders_own_branch():
    assert fit_lot(["A0801", "C01"], "construction") and fit_lot(["B01"], "goods") and fit_lot(["C01"], "services")
    assert not fit_lot(["C01"], "construction") and not fit_lot(["A0801"], "goods") and not fit_lot(["A0801", "A"], "construction")
