import pytest

from law.roles import DEEDS, GROUPS, ROLES, closure, name
from law.separation import conflicts, pairs

PLACE = {"T": "tender-1", "S": "file-1", "C": "anything"}


@pytest.mark.parametrize("pair", pairs(), ids=lambda p: f"{p.number}:{p}")
def test_every_pair_refuses_both_ways_and_only_in_its_scope(pair):
    assert pair.under
    here = PLACE[pair.scope]
    if pair.left == pair.right:
        assert pair in conflicts(set(), (pair.left, here), {(pair.right, here)})
        assert pair not in conflicts({(pair.left, here)}, (pair.right, here))
        return
    assert pair in conflicts({(pair.left, here)}, (pair.right, here))
    assert pair in conflicts({(pair.right, here)}, (pair.left, here))
    assert (pair in conflicts({(pair.left, here)}, (pair.right, "elsewhere"))) == (pair.scope == "C")
    assert pair in conflicts({(pair.left, "")}, (pair.right, here))
    assert (pair in conflicts(set(), (pair.right, here), {(pair.left, here)})) == pair.by_employer


def test_all_rows_of_the_table_are_there():
    assert {p.number for p in pairs()} == set(range(1, 29))


def test_a_winner_is_a_bidder_and_a_chair_a_member():
    assert [p.number for p in conflicts({("winner", "t")}, ("agent", "t"))] == [3]
    assert 4 in {p.number for p in conflicts({("agent", "t")}, ("chair", "t"))}


def test_two_members_of_one_employer():
    assert [p.number for p in conflicts(set(), ("expert_seated", "t"), {("expert_seated", "t")})] == [8]
    assert not conflicts(set(), ("expert_seated", "t"), {("expert_seated", "u")})


def test_what_may_be_joined():
    assert not conflicts({("agent", "t")}, ("bidder", "u"))
    assert not conflicts({("bidder", "t"), ("supplier", "")}, ("winner", "t"))
    assert not conflicts({("buyer", "t")}, ("buyer_rep", "t"))
    assert not conflicts(set(), ("cashier", ""))


def test_unknown_roles():
    with pytest.raises(KeyError):
        conflicts({("agent", "t")}, ("king", "t"))
    with pytest.raises(KeyError):
        conflicts({("king", "t")}, ("agent", "t"))


@pytest.mark.parametrize("code", [*ROLES, *DEEDS])
def test_every_role_and_deed_has_names(code):
    zh, en = name(code)
    assert zh and en.isascii()
    assert not (code in ROLES and code in DEEDS)


def test_closure_of_roles():
    assert closure({"winner"}) == {"winner", "bidder", "supplier", "public"}
    assert closure({"chair"}) == {"chair", "expert_seated", "public"}
    assert closure(set()) == {"public"}
    assert all(member in ROLES for group in GROUPS.values() for member in group)
    with pytest.raises(KeyError):
        closure({"committee"})
