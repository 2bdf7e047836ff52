import pytest

from experts.rules.committee import (
    EXPERT,
    REPRESENTATIVE,
    MinimumSize,
    crowded_employers,
    legal_expert_missing,
    may_chair,
    minimum,
    minimum_experts,
    shape_faults,
    two_thirds,
)

TENDER = MinimumSize(5, raised=7, from_fen=1_000_000_000)


def test_the_minimum_rises_at_the_value_and_for_the_complex():
    assert minimum(TENDER, 999_999_999) == 5
    assert minimum(TENDER, 1_000_000_000) == 7
    assert minimum(TENDER, 1, complex_case=True) == 7
    assert minimum(TENDER) == 5
    assert minimum(MinimumSize(5), 10**12, complex_case=True) == 5


@pytest.mark.parametrize(("members", "experts"), [(3, 2), (5, 4), (7, 5), (9, 6)])
def test_two_thirds(members, experts):
    assert minimum_experts(members) == experts
    assert two_thirds(members, experts)
    assert not two_thirds(members, experts - 1)


@pytest.mark.parametrize(
    ("members", "experts", "faults"),
    [
        (5, 4, ()),
        (5, 5, ()),
        (5, 3, ("few_experts",)),
        (6, 4, ("even",)),
        (3, 2, ("too_few",)),
        (4, 2, ("too_few", "even", "few_experts")),
        (0, 0, ("too_few", "even")),
    ],
)
def test_shape(members, experts, faults):
    assert shape_faults(members, experts, 5) == faults


@pytest.mark.parametrize("experts", [-1, 6])
def test_more_experts_than_members_are_nonsense(experts):
    with pytest.raises(ValueError, match="among 5"):
        shape_faults(5, experts, 5)


def test_one_from_an_employer():
    assert crowded_employers(["a", "b", "c"]) == ()
    assert crowded_employers(["b", "a", "b", "a", "c"]) == ("a", "b")
    assert crowded_employers(["a", "b", "a"], most=2) == ()


def test_the_representative_may_not_chair():
    assert may_chair(EXPERT)
    assert not may_chair(REPRESENTATIVE)
    assert may_chair(REPRESENTATIVE, representative_may=True)
    with pytest.raises(ValueError, match="observer"):
        may_chair("observer")


def test_a_complex_case_needs_a_lawyer():
    assert legal_expert_missing(True, 0)
    assert not legal_expert_missing(True, 1)
    assert not legal_expert_missing(False, 0)
