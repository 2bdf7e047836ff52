"""Draws: fair over many seeds, and a walk that depends on the order and the outcomes alone."""
import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import draw
from kernel.draw import DrawRules, Entry, walk

SALT = bytes(range(32))


def entries(n: int, cats: tuple[str, ...] = ("civil",), w: int = 1) -> list[Entry]:
    return [Entry(draw.pid(SALT, f"EXP-{i}"), cats, f"org{i}", w) for i in range(n)]


def seeds(n: int) -> list[bytes]:
    return [hashlib.sha256(f"seed {i}".encode()).digest() for i in range(n)]


def test_every_entry_comes_first_equally_often():
    # 6000 seeds over 12 equal entries: 500 each; χ² with 11 degrees of freedom exceeds 31.26 once in a thousand
    pool = entries(12)
    first = [draw.order(s, pool)[0].pid for s in seeds(6000)]
    assert sum((first.count(e.pid) - 500) ** 2 / 500 for e in pool) < 31.26


def test_every_order_of_three_comes_equally_often():
    # 3000 seeds, six orders: 500 each; χ² with 5 degrees of freedom exceeds 20.52 once in a thousand
    pool = entries(3)
    orders = [tuple(e.pid for e in draw.order(s, pool)) for s in seeds(3000)]
    assert len(set(orders)) == 6
    assert sum((orders.count(o) - 500) ** 2 / 500 for o in set(orders)) < 20.52


def test_three_tickets_are_three_chances():
    # weights 3, 1, 1, 1: the first entry wins half of 4000, the others a sixth each; χ² with 3 degrees of freedom, 1 in 1000: 16.27
    heavy, *rest = entries(4)
    pool = [Entry(heavy.pid, heavy.cats, heavy.org, 3), *rest]
    first = [draw.order(s, pool)[0].pid for s in seeds(4000)]
    expected = [2000, 2000 / 3, 2000 / 3, 2000 / 3]
    assert sum((first.count(e.pid) - x) ** 2 / x for e, x in zip(pool, expected, strict=True)) < 16.27


def test_the_root_does_not_depend_on_the_order_of_the_pool_but_on_every_field():
    pool = entries(5)
    assert draw.pool_root(pool) == draw.pool_root(pool[::-1])
    assert draw.pool_root(pool) != draw.pool_root([*pool[:4], Entry(pool[4].pid, ("econ",), pool[4].org)])


def test_one_party_alone_moves_the_seed():
    given_ = {"agent": bytes(32), "centre": bytes(32), "regulator": bytes(32)}
    pool, rules = draw.pool_root(entries(3)), draw.rules_hash(DrawRules("d", tuple(given_), (("civil", 1),)))
    base = draw.seed("d", pool, rules, given_)
    assert base == draw.seed("d", pool, rules, dict(reversed(given_.items())))
    assert base != draw.seed("d", pool, rules, given_ | {"centre": bytes(31) + b"\1"})
    assert base != draw.seed("d", pool, rules, given_, b"beacon")


@pytest.mark.parametrize("length", [31, 33])
def test_short_or_long_secrets_are_nonsense(length):
    assert len(draw.commit("centre", bytes(32))) == 64
    with pytest.raises(ValueError, match="32 bytes"):
        draw.commit("centre", bytes(length))
    with pytest.raises(ValueError, match="32 bytes"):
        draw.pid(bytes(length), "EXP-1")


def test_a_decline_means_the_next_in_the_same_order():
    order = entries(4)
    assert walk(order, [("civil", 2)], 1).next == ("civil", order[0].pid)
    said_no = walk(order, [("civil", 2)], 1, [(order[0].pid, "declined")])
    assert said_no.next == ("civil", order[1].pid)
    full = walk(order, [("civil", 2)], 1, [(order[0].pid, "declined"), (order[1].pid, "accepted"), (order[2].pid, "accepted")])
    assert (full.next, full.short) == (None, ())
    assert full.seats == (("civil", order[1].pid), ("civil", order[2].pid))


def test_an_employer_with_a_seat_is_passed_over():
    a, b, c = entries(3)
    twin = Entry(b.pid, b.cats, a.org)
    assert walk([a, b, c], [("civil", 2)], 1, [(a.pid, "accepted")]).next == ("civil", b.pid)
    assert walk([a, twin, c], [("civil", 2)], 1, [(a.pid, "accepted")]).next == ("civil", c.pid)
    assert walk([a, twin, c], [("civil", 2)], 2, [(a.pid, "accepted")]).next == ("civil", twin.pid)
    assert walk([a, twin, c], [("civil", 2)], 1, [(a.pid, "declined")]).next == ("civil", twin.pid)


def test_an_exhausted_category_ends_short():
    (only,) = entries(1)
    end = walk([only], [("civil", 1), ("econ", 1)], 1, [(only.pid, "unreachable")])
    assert (end.next, end.short) == (None, (("civil", 1), ("econ", 1)))


def test_nobody_is_called_twice_even_for_another_category():
    a, b = entries(2, ("civil", "econ"))
    end = walk([a, b], [("civil", 1), ("econ", 1)], 1, [(a.pid, "accepted")])
    assert end.next == ("econ", b.pid)
    assert walk([a, b], [("civil", 1), ("econ", 1)], 1, [(a.pid, "conflict"), (b.pid, "accepted")]).next is None


def test_a_lost_seat_goes_to_the_next_in_the_order():
    a, b, c = entries(3)
    full = [(a.pid, "accepted"), (b.pid, "accepted")]
    assert walk([a, b, c], [("civil", 2)], 1, full).next is None
    again = walk([a, b, c], [("civil", 2)], 1, [*full, (a.pid, "out")])
    assert (again.seats, again.next) == ((("civil", b.pid),), ("civil", c.pid))
    with pytest.raises(draw.OutOfOrder, match="holds no seat"):
        walk([a, b, c], [("civil", 2)], 1, [*full, (c.pid, "out")])


def test_calling_anybody_but_the_next_is_out_of_order():
    a, b, _ = pool = entries(3)
    with pytest.raises(draw.OutOfOrder, match=f"{b.pid} was called, {a.pid} is next"):
        walk(pool, [("civil", 1)], 1, [(b.pid, "accepted")])
    with pytest.raises(draw.OutOfOrder, match="nobody is next"):
        walk(pool, [("civil", 1)], 1, [(a.pid, "accepted"), (b.pid, "declined")])
    with pytest.raises(draw.OutOfOrder, match="unknown reply maybe"):
        walk(pool, [("civil", 1)], 1, [(a.pid, "maybe")])


people = st.lists(
    st.builds(
        Entry,
        st.integers(0, 10**6).map(lambda i: draw.pid(SALT, str(i))),
        st.sets(st.sampled_from(["civil", "econ", "law"]), min_size=1).map(lambda cats: tuple(sorted(cats))),
        st.sampled_from(["o1", "o2", "o3", "o4"]),
        st.integers(1, 3),
    ),
    unique_by=lambda e: e.pid,
    max_size=12,
)
quotas = st.dictionaries(st.sampled_from(["civil", "econ", "law"]), st.integers(1, 3), min_size=1).map(lambda q: tuple(q.items()))


@given(people, quotas, st.integers(1, 2), st.lists(st.sampled_from(draw.REPLIES), min_size=12, max_size=12))
def test_the_walk_follows_order_and_outcomes_alone(order, quota, most, replies):
    """Replayed, with other pids in place of the persons, with other weights, or told what lies ahead: always the same places."""
    place = {e.pid: n for n, e in enumerate(order)}
    other = [Entry(hashlib.sha256(e.pid.encode()).hexdigest(), e.cats, e.org, 7) for e in order]
    outcomes: list[tuple[str, str]] = []
    renamed: list[tuple[str, str]] = []
    for reply in replies:
        now = walk(order, quota, most, outcomes)
        assert now == walk(tuple(order), quota, most, tuple(outcomes))
        then = walk(other, quota, most, renamed)
        assert [(cat, place[p]) for cat, p in now.seats] == [(cat, [e.pid for e in other].index(p)) for cat, p in then.seats]
        if now.next is None:
            assert then.next is None
            break
        cat, due = now.next
        assert then.next == (cat, other[place[due]].pid)
        assert cat in order[place[due]].cats
        assert due not in [p for p, _ in outcomes]
        outcomes.append((due, reply))
        renamed.append((other[place[due]].pid, reply))
    end = walk(order, quota, most, outcomes)
    orgs = [order[place[p]].org for _, p in end.seats]
    assert all(orgs.count(org) <= most for org in orgs)
    assert all(sum(seat[0] == cat for seat in end.seats) <= n for cat, n in quota)
    assert end.seats == tuple((cat, p) for cat, p in end.seats if (p, "accepted") in outcomes)


def test_within_one_category_the_called_stand_in_ascending_order():
    order = entries(9)
    outcomes: list[tuple[str, str]] = []
    while due := walk(order, [("civil", 3)], 1, outcomes).next:
        outcomes.append((due[1], "accepted" if len(outcomes) % 3 == 2 else "declined"))
    places = [[e.pid for e in order].index(p) for p, _ in outcomes]
    assert len(places) == 9
    assert all(a < b for a, b in pairwise(places))


COEFFICIENTS = ("0.01", "0.015", "0.02", "0.025", "0.03")


def test_a_coefficient_is_drawn_and_the_draw_verifies():
    rules = draw.coefficient_rules("tender/k", ("agent", "centre", "regulator"))
    pool = draw.coefficient_pool(COEFFICIENTS)
    shown = {party: hashlib.sha256(party.encode()).digest() for party in rules.parties}
    root, rule = draw.pool_root(pool), draw.rules_hash(rules)
    seed = draw.seed("tender/k", root, rule, shown)
    drawn = draw.coefficient_drawn(seed, COEFFICIENTS)
    transcript = {
        "rules": rules.plain(),
        "pool": [e.plain() for e in pool],
        "pool_root": root,
        "rules_hash": rule,
        "contribs": {p: r.hex() for p, r in shown.items()},
        "commits": {p: draw.commit(p, r) for p, r in shown.items()},
        "seed": seed.hex(),
        "outcomes": [[draw.coefficient_pid(drawn), "accepted"]],
        "seats": [["k", draw.coefficient_pid(drawn)]],
        "ledger": {"pool": 1, "rules": 2, "commits": {"agent": 5, "centre": 4, "regulator": 3}, "opened": 6},
        "opened_ids": {draw.coefficient_pid(drawn): [bytes(32).hex(), drawn]},
    }
    assert draw.verify(transcript) == []
    other = next(draw.coefficient_pid(k) for k in COEFFICIENTS if k != drawn)
    assert draw.verify(transcript | {"outcomes": [[other, "accepted"]], "seats": [["k", other]], "opened_ids": {}})


def test_coefficients_come_equally_often_and_never_twice():
    # 2500 seeds, five coefficients: 500 each; χ² with 4 degrees of freedom exceeds 18.47 once in a thousand
    drawn = [draw.coefficient_drawn(s, COEFFICIENTS) for s in seeds(2500)]
    assert sum((drawn.count(k) - 500) ** 2 / 500 for k in COEFFICIENTS) < 18.47
    with pytest.raises(ValueError, match="different"):
        draw.coefficient_pool(["0.01", "0.01"])
