"""The citizen's checker and the house's: written apart, of one mind about whole draws and about damaged ones."""
import hashlib
import random
import runpy
from pathlib import Path
from typing import Any

import pytest

from kernel import draw

CITIZEN = runpy.run_path(str(Path(__file__).parents[2] / "verify/draw.py"))
CATS = ("civil", "econ", "law")


def whole_draw(number: int) -> dict[str, Any]:
    """A finished draw of up to 40 people with refusals and, now and then, a seat that was lost again."""
    chance = random.Random(number)
    salts = {f"EXP-{i}": chance.randbytes(32) for i in range(chance.randint(3, 40))}
    pids = {name: draw.pid(salt, name) for name, salt in salts.items()}
    pool = [
        draw.Entry(pid, tuple(chance.sample(CATS, chance.randint(1, 2))), f"o{chance.randrange(9)}", chance.randint(1, 4))
        for pid in pids.values()
    ]
    rules = draw.DrawRules(
        f"draw-{number}",
        ("agent", "centre", "regulator"),
        tuple((cat, chance.randint(1, 3)) for cat in CATS[: chance.randint(1, 3)]),
        chance.randint(1, 2),
        tuple((e.pid, "回避") for e in chance.sample(pool, 2)),
    )
    shown = {party: chance.randbytes(32) for party in rules.parties}
    root, rule = draw.pool_root(pool), draw.rules_hash(rules)
    seed = draw.seed(rules.draw, root, rule, shown, b"beacon")
    order = draw.order(seed, pool, rules.recused)
    outcomes: list[tuple[str, str]] = []
    while (now := draw.walk(order, rules.quota, rules.max_per_org, outcomes)).next:
        if now.seats and chance.random() < 0.1:
            outcomes.append((now.seats[0][1], "out"))
        else:
            outcomes.append((now.next[1], chance.choice(draw.REPLIES)))
    names = {pid: name for name, pid in pids.items()}
    return {
        "rules": rules.plain(),
        "pool": [e.plain() for e in pool],
        "pool_root": root,
        "rules_hash": rule,
        "contribs": {p: r.hex() for p, r in shown.items()},
        "commits": {p: draw.commit(p, r) for p, r in shown.items()},
        "beacon": b"beacon".hex(),
        "seed": seed.hex(),
        "outcomes": [list(o) for o in outcomes],
        "seats": [list(s) for s in now.seats],
        "ledger": {"pool": 0, "rules": 1, "commits": {"agent": 2, "centre": 3, "regulator": 4}, "seed": 7, "opened": 99},
        "opened_ids": {pid: [salts[names[pid]].hex(), names[pid]] for _, pid in now.seats},
    }


@pytest.mark.parametrize("number", range(60))
def test_both_accept_an_honest_draw_and_refuse_the_same_damage(number):
    honest = whole_draw(number)
    assert draw.verify(honest) == []
    assert list(CITIZEN["problems"](honest)) == []
    chance = random.Random(-number)
    digit = hashlib.sha256(str(number).encode()).hexdigest()
    party = chance.choice(honest["rules"]["parties"])
    for damage in (
        {"seed": digit},
        {"pool": honest["pool"][1:]},
        {"rules": honest["rules"] | {"max_per_org": 3}},
        {"contribs": honest["contribs"] | {party: digit}},
        {"outcomes": honest["outcomes"][:-1]},
        {"beacon": ""},
        {"ledger": honest["ledger"] | {"seed": 4}},
        {"seats": [*honest["seats"], ["civil", honest["pool"][0]["pid"]]]},
    ):
        assert draw.verify(honest | damage)
        assert list(CITIZEN["problems"](honest | damage))


def test_some_of_these_draws_lose_a_seat_and_some_end_short():
    draws = [whole_draw(n) for n in range(60)]
    assert any("out" in {reply for _, reply in d["outcomes"]} for d in draws)
    assert any(len(d["seats"]) < sum(n for _, n in d["rules"]["quota"]) for d in draws)
    assert any(len(d["seats"]) == sum(n for _, n in d["rules"]["quota"]) for d in draws)


def test_it_imports_the_standard_library_only():
    source = (Path(__file__).parents[2] / "verify/draw.py").read_text()
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported == {"hashlib", "hmac", "itertools", "json", "re", "sys"}
