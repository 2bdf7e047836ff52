import copy
import json
from decimal import Decimal as D

import pytest

from evaluation.rules.scheme import Unreadable, parse

GOODS = {
    "field": "procurement",
    "subject": "goods",
    "places": 2,
    "items": [
        {
            "code": "T1",
            "zh": "实施方案",
            "en": "Plan",
            "section": "technical",
            "kind": "subjective",
            "high": "40",
            "weight": "0.40",
            "step": "0.5",
            "levels": [
                {"low": "0", "high": "19.5", "zh": "一般", "reason": 1},
                {"low": "20", "high": "40", "zh": "良好", "en": "good"},
            ],
        },
        {"code": "C1", "zh": "同类业绩", "section": "commercial", "kind": "objective", "high": "30", "weight": "0.30"},
        {"code": "P", "zh": "报价", "section": "price", "kind": "objective", "high": "30", "weight": "0.30"},
    ],
}
WORKS = GOODS | {
    "field": "works",
    "subject": "works",
    "tie": "buyer",
    "benchmark": {
        "above": "1",
        "below": "0.5",
        "trims": [{"above": 5, "high": "1", "low": "1"}, {"above": 9, "high": "0.2", "low": "0.1", "by": "share", "within": "0.2"}],
        "drawn": "k",
        "choices": ["0.01", "0.02"],
        "rate_places": 4,
    },
}


def changed(path, value):
    scheme = copy.deepcopy(WORKS)
    inner = scheme
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return scheme


@pytest.mark.parametrize("given", [GOODS, WORKS], ids=["goods", "works"])
def test_what_is_read_is_what_is_written(given):
    scheme = parse(given)
    assert parse(scheme.plain()) == scheme
    assert parse(json.loads(json.dumps(scheme.plain()))).digest() == scheme.digest()
    assert len(scheme.digest()) == 64


def test_absent_and_default_are_the_same_scheme():
    assert parse(GOODS).digest() == parse(GOODS | {"tie": "draw"}).digest()
    assert parse(GOODS).digest() != parse(GOODS | {"tie": "buyer"}).digest()
    assert parse(GOODS).digest() != parse(GOODS | {"places": 3}).digest()


def test_the_parts_of_a_scheme():
    scheme = parse(WORKS)
    assert [item.code for item in scheme.scored()] == ["T1", "C1"]
    assert (scheme.price_item.code, scheme.price_weight) == ("P", D("0.30"))
    assert scheme.items[0].scale.step == D("0.5")
    assert scheme.items[0].levels[0].reason
    assert scheme.benchmark.trims[1].by == "share"
    assert parse(GOODS | {"items": GOODS["items"][:2]}).price_weight == 0


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("field",), "land", "scheme.field"),
        (("field",), ["works"], "scheme.field"),
        (("subject",), None, "scheme"),
        (("items",), [], "scheme.items"),
        (("items",), {}, "scheme.items"),
        (("items", 1, "code"), "T1", "scheme.items"),
        (("items", 1, "section"), "price", "scheme.items"),
        (("items", 0, "high"), "0", "scheme.items[0]"),
        (("items", 0, "low"), "41", "scheme.items[0]"),
        (("items", 0, "weight"), "1.1", "scheme.items[0]"),
        (("items", 0, "weight"), "0", "scheme.items[0]"),
        (("items", 0, "weight"), 0.4, "scheme.items[0].weight"),
        (("items", 0, "weight"), "-0.4", "scheme.items[0].weight"),
        (("items", 0, "weight"), "1e-1", "scheme.items[0].weight"),
        (("items", 0, "weight"), "0.4.1", "scheme.items[0].weight"),
        (("items", 0, "weight"), "", "scheme.items[0].weight"),
        (("items", 0, "step"), "50", "scheme.items[0]"),
        (("items", 0, "zh"), " ", "scheme.items[0].zh"),
        (("items", 0, "en"), 5, "scheme.items[0].en"),
        (("items", 0, "colour"), "red", "scheme.items[0]"),
        (("items", 0, "levels", 1, "high"), "41", "scheme.items[0]"),
        (("items", 0, "levels", 1, "low"), "19", "scheme.items[0]"),
        (("items", 0, "levels", 0, "reason"), 2, "scheme.items[0].levels[0].reason"),
        (("items", 0, "levels", 0), "low", "scheme.items[0].levels[0]"),
        (("items", 2, "high"), "100", "scheme.items[2]"),
        (("places",), 13, "scheme.places"),
        (("places",), "2", "scheme.places"),
        (("benchmark", "trims", 0, "by"), "luck", "scheme.benchmark.trims[0].by"),
        (("benchmark", "choices", 1), "x", "scheme.benchmark.choices[1]"),
        (("benchmark", "above"), None, "scheme.benchmark"),
    ],
)
def test_nonsense_is_named_by_its_place(path, value, where):
    assert parse(WORKS)
    with pytest.raises(Unreadable) as caught:
        parse(changed(path, value))
    assert caught.value.where == where
    assert caught.value.text.zh
    assert caught.value.text.en
