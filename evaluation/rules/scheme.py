"""The scoring scheme of a tender: frozen when the document is issued, known by the digest of its canonical form.

Criteria that are not in it must not be used (实施条例 第四十九条; 政府采购法实施条例 第三十四条), so everything a total depends on is
here: items, ranges, weights, levels, the price formula, decimals, the rule for ties. `parse` and `Scheme.plain` are inverse.
"""
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from evaluation.rules.benchmark import Benchmark, Trim
from evaluation.rules.decimals import MOST
from evaluation.rules.totals import Scale
from kernel.canonical import canon, plain, sha256
from kernel.errors import Text

TECHNICAL, COMMERCIAL, PRICE = "technical", "commercial", "price"
OBJECTIVE, SUBJECTIVE = "objective", "subjective"


class Unreadable(ValueError):
    """A field of a scheme that cannot be meant. where: its path, e.g. scheme.items[2].weight · text: what is wrong with it."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(f"{where}: {en}")
        self.where = where
        self.text = Text(zh, en)


@dataclass(frozen=True)
class Level:
    """One band of a rubric: its scores and what earns them. reason: scoring in this band has to be explained."""

    low: Decimal
    high: Decimal
    zh: str
    en: str = ""
    reason: bool = False


@dataclass(frozen=True)
class Item:
    """One criterion. objective: every member must arrive at the same score. weight: share of the total of one."""

    code: str
    zh: str
    section: str
    kind: str
    high: Decimal
    weight: Decimal
    low: Decimal = Decimal(0)
    step: Decimal | None = None
    en: str = ""
    levels: tuple[Level, ...] = ()

    @property
    def scale(self) -> Scale:
        return Scale(self.high, self.weight, self.low, self.step)


@dataclass(frozen=True)
class Scheme:
    """benchmark: None means that the lowest evaluated price gets full points · places: decimals of scores, None if not stated.

    The price item is scored by the formula, not by members; a fixed price has none. tie: who or what decides between bidders
    whom score and price leave equal.
    """

    field: str
    subject: str
    items: tuple[Item, ...]
    tie: str = "draw"
    places: int | None = None
    benchmark: Benchmark | None = None

    def plain(self) -> dict[str, Any]:
        value: dict[str, Any] = _stripped(plain(self))
        return value

    def digest(self) -> str:
        return sha256(canon(self.plain())).hex()

    @property
    def price_item(self) -> Item | None:
        return next((item for item in self.items if item.section == PRICE), None)

    @property
    def price_weight(self) -> Decimal:
        return self.price_item.weight if self.price_item else Decimal(0)

    def scored(self) -> tuple[Item, ...]:
        """What members score: everything but the price."""
        return tuple(item for item in self.items if item.section != PRICE)


def parse(value: Any) -> Scheme:
    """From a form or from canonical JSON; decimals are texts. Unreadable says where the nonsense is."""
    scheme: Scheme = _object(Scheme)(value, "scheme")
    codes = [item.code for item in scheme.items]
    if not codes or len(set(codes)) != len(codes):
        raise Unreadable("scheme.items", "至少一项，且代码不得重复", "at least one, each with its own code")
    if len(codes) - len(scheme.scored()) > 1:
        raise Unreadable("scheme.items", "价格分至多一项", "one price item at most")
    for number, item in enumerate(scheme.items):
        if fault := _item_fault(item):
            raise Unreadable(f"scheme.items[{number}]", fault.zh, fault.en)
    return scheme


def _item_fault(item: Item) -> Text | None:
    if not 0 <= item.low < item.high:
        return Text("分值范围为空或为负", "the range is empty or negative")
    if not 0 < item.weight <= 1:
        return Text("权重不在 0 与 1 之间", "the weight is no share of one")
    if item.step is not None and not 0 < item.step <= item.high - item.low:
        return Text("步长与分值范围不符", "the step does not fit the range")
    if item.section == PRICE and (item.low or item.high != 100 * item.weight or item.levels):
        return Text("价格分应为 0 至 100 × 权重，且不设档次", "the price is scored from 0 to 100 × weight, without levels")
    bands = sorted(item.levels, key=lambda level: level.low)
    if any(not item.low <= level.low <= level.high <= item.high for level in bands):
        return Text("档次超出分值范围", "a level lies outside the range")
    if any(after.low <= before.high for before, after in pairwise(bands)):
        return Text("档次之间重叠", "two levels overlap")
    return None


Reader = Callable[[Any, str], Any]


def _object(kind: type) -> Reader:
    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise Unreadable(where, "应为一个对象", "an object is needed")
        readers = READERS[kind]
        if unknown := sorted(str(name) for name in value if name not in readers):
            raise Unreadable(where, f"未知字段 {', '.join(unknown)}", f"unknown {', '.join(unknown)}")
        missing = [f.name for f in fields(kind) if f.default is MISSING and f.name not in value]
        if missing:
            raise Unreadable(where, f"缺少 {', '.join(missing)}", f"missing {', '.join(missing)}")
        return kind(**{name: readers[name](inner, f"{where}.{name}") for name, inner in value.items()})

    return read


def _list(reader: Reader) -> Reader:
    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Unreadable(where, "应为一个列表", "a list is needed")
        return tuple(reader(inner, f"{where}[{n}]") for n, inner in enumerate(value))

    return read


def _one_of(*words: str) -> Reader:
    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in words:
            raise Unreadable(where, f"应为 {'、'.join(words)} 之一", f"one of {', '.join(words)}")
        return value

    return read


def _decimal(value: Any, where: str) -> Decimal:
    try:
        if isinstance(value, str) and 0 < len(value) <= 20 and set(value) <= set("0123456789."):
            return Decimal(value)
    except InvalidOperation:
        pass
    raise Unreadable(where, "应为十进制数", "a plain decimal text is needed")


def _whole(most: int) -> Reader:
    def read(value: Any, where: str) -> int:
        if not isinstance(value, int) or not 0 <= value <= most:
            raise Unreadable(where, f"应为不大于 {most} 的整数", f"a whole number up to {most} is needed")
        return int(value)

    return read


def _flag(value: Any, where: str) -> bool:
    return bool(_whole(1)(value, where))


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise Unreadable(where, "应为文字", "a text is needed")
    return value


def _title(value: Any, where: str) -> str:
    if not _text(value, where).strip():
        raise Unreadable(where, "不得为空", "may not be empty")
    return str(value)


READERS: dict[type, dict[str, Reader]] = {
    Level: {"low": _decimal, "high": _decimal, "zh": _title, "en": _text, "reason": _flag},
    Item: {
        "code": _title,
        "zh": _title,
        "section": _one_of(TECHNICAL, COMMERCIAL, PRICE),
        "kind": _one_of(OBJECTIVE, SUBJECTIVE),
        "high": _decimal,
        "weight": _decimal,
        "low": _decimal,
        "step": _decimal,
        "en": _text,
        "levels": _list(_object(Level)),
    },
    Trim: {
        "above": _whole(10_000),
        "high": _decimal,
        "low": _decimal,
        "by": _one_of("count", "share"),
        "rounding": _one_of("floor", "ceil"),
        "within": _decimal,
    },
    Benchmark: {
        "above": _decimal,
        "below": _decimal,
        "trims": _list(_object(Trim)),
        "k": _decimal,
        "k_form": _one_of("less", "times"),
        "w": _decimal,
        "lowered": _decimal,
        "drawn": _one_of("none", "k", "w"),
        "choices": _list(_decimal),
        "price_places": _whole(MOST),
        "rate_places": _whole(MOST),
        "least": _decimal,
    },
    Scheme: {
        "field": _one_of("works", "procurement"),
        "subject": _one_of("goods", "services", "works"),
        "items": _list(_object(Item)),
        "tie": _one_of("draw", "buyer"),
        "places": _whole(MOST),
        "benchmark": _object(Benchmark),
    },
}


def _stripped(value: Any) -> Any:
    """Empty texts and lists are left out: absent and empty are the same scheme and must have the same digest."""
    if isinstance(value, dict):
        return {name: _stripped(inner) for name, inner in value.items() if inner not in ("", [])}
    return [_stripped(inner) for inner in value] if isinstance(value, list) else value
