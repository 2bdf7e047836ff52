"""The form of a draw's transcript: is every part there and of the right kind, before anything is computed from it?

A transcript comes from outside. `faults` never raises, whatever JSON it is given; the checks in `kernel.draw` rely on its answer.
"""
import re
from collections.abc import Callable
from typing import Any

from kernel.errors import Text

HEX = re.compile(r"(?:[0-9a-f]{2})*")
HEX32 = re.compile(r"[0-9a-f]{64}")
Test = Callable[[Any], bool]


def faults(transcript: Any) -> list[Text]:
    """Empty if the form is good; otherwise which part is missing or malformed."""
    if not isinstance(transcript, dict):
        return [Text("记录不是一个对象", "The transcript is not an object")]
    found = []
    for name, test in PARTS.items():
        if name not in transcript:
            if name not in OPTIONAL:
                found.append(Text(f"缺少 {name}", f"{name} is missing"))
        elif not test(transcript[name]):
            found.append(Text(f"{name} 的格式不正确", f"{name} is malformed"))
    return found


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and value.isprintable()


def _whole(value: Any, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 1 << 53


def _weight(value: Any) -> bool:
    return _whole(value, 1) and value < 1 << 32


def _hash(value: Any) -> bool:
    return isinstance(value, str) and bool(HEX32.fullmatch(value))


def _tuples(value: Any, *tests: Test) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, list) and len(row) == len(tests) and all(test(cell) for test, cell in zip(tests, row, strict=True)) for row in value
    )


def _different(values: list[Any]) -> bool:
    return len(set(values)) == len(values)


def _table(value: Any, key: Test, test: Test) -> bool:
    return isinstance(value, dict) and all(key(k) and test(v) for k, v in value.items())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_text(v) for v in value) and _different(value)


def _entry(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"pid", "cats", "org", "w"}
        and _hash(value["pid"])
        and _texts(value["cats"])
        and _text(value["org"])
        and _weight(value["w"])
    )


def _rules(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"draw", "parties", "quota", "max_per_org", "excluded"}
        and _text(value["draw"])
        and _texts(value["parties"])
        and len(value["parties"]) >= 2
        and _tuples(value["quota"], _text, lambda n: _whole(n, 1))
        and bool(value["quota"])
        and _different([cat for cat, _ in value["quota"]])
        and _whole(value["max_per_org"], 1)
        and _tuples(value["excluded"], _hash, _text)
    )


def _ledger(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(_whole(value.get(name)) for name in ("pool", "rules"))
        and all(_whole(value[name]) for name in ("seed", "opened") if name in value)
        and _table(value.get("commits"), _text, _whole)
        and ("outcomes" not in value or isinstance(value["outcomes"], list) and all(_whole(v) for v in value["outcomes"]))
    )


PARTS: dict[str, Test] = {
    "rules": _rules,
    "pool": lambda v: isinstance(v, list) and bool(v) and all(_entry(e) for e in v),
    "pool_root": _hash,
    "rules_hash": _hash,
    "contribs": lambda v: _table(v, _text, _hash),
    "commits": lambda v: _table(v, _text, _hash),
    "beacon": lambda v: isinstance(v, str) and bool(HEX.fullmatch(v)),
    "seed": _hash,
    "outcomes": lambda v: _tuples(v, _hash, _text),
    "seats": lambda v: _tuples(v, _text, _hash),
    "ledger": _ledger,
    "opened_ids": lambda v: _table(v, _hash, lambda pair: _tuples([pair], _hash, _text)),
}
OPTIONAL = {"beacon"}
