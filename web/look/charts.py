"""Geometry of the server-drawn charts: bars from zero, few grid lines, labels at the ends. Pure; whole units of a viewBox.

Values are int or Decimal. The macros in look/macros/charts.html turn these shapes into SVG.
"""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

Number = int | Decimal
SERIES_LIMIT = 4  # more than four are small multiples


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    text: str = ""
    partial: bool = False
    series: int = 0


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    text: Any = ""
    note: Any = ""


@dataclass(frozen=True)
class Plot:
    """Everything a macro draws. grid: (y, label); axis: (x, label); labels, notes and the target may be Text."""

    width: int
    height: int
    left: int
    right: int
    foot: int
    grid: tuple[tuple[int, str], ...]
    axis: tuple[tuple[int, Any], ...]
    bars: tuple[Bar, ...] = ()
    points: tuple[Point, ...] = ()
    target: Point | None = field(default=None)


def plain(value: Number) -> str:
    """Without exponent and without empty decimals: 10, 9.5, 1,286."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def step(span: Number, splits: int = 3) -> Decimal:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that covers `span` in at most `splits` steps."""
    need = Decimal(span) / splits
    if need <= 0:
        return Decimal(1)
    size = Decimal(1).scaleb(need.adjusted())
    return next(size * factor for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10)) if size * factor >= need)


def scale(low: Decimal, high: Decimal, top: int, foot: int, unit: str) -> tuple[tuple[tuple[int, str], ...], Decimal, Decimal]:
    """Grid lines between low and high rounded outward, with that low and high."""
    by = step(high - low if high > low else abs(high) or Decimal(1))
    floor, ceiling = (low / by).to_integral_value(ROUND_FLOOR) * by, (high / by).to_integral_value(ROUND_CEILING) * by
    if ceiling <= floor:
        ceiling = floor + by
    lines = []
    level = floor
    while level <= ceiling:
        lines.append((_y(level, floor, ceiling, top, foot), plain(level) + unit))
        level += by
    return tuple(lines), floor, ceiling


def _y(value: Number, low: Decimal, high: Decimal, top: int, foot: int) -> int:
    return foot - int(((Decimal(value) - low) * (foot - top) / (high - low)).to_integral_value())


def bars(points: Sequence[Mapping[str, Any]], width: int = 600, height: int = 224, unit: str = "") -> Plot:
    """One hue. points: {label, value, partial?}. The highest, the lowest and the last bar carry their value."""
    left, top, foot = 36, 22, height - 28
    values = [point["value"] for point in points]
    grid, low, high = scale(Decimal(0), Decimal(max(values, default=0)), top, foot, unit)
    slot = Decimal(width - left) / max(1, len(points))
    told = {values.index(max(values)), values.index(min(values)), len(values) - 1} if values else set()
    drawn, axis = [], []
    for index, point in enumerate(points):
        x, wide = left + int(slot * index + slot * 18 / 100), int(slot * 64 / 100)
        y = _y(point["value"], low, high, top, foot)
        text = plain(point["value"]) if index in told else ""
        drawn.append(Bar(x, y, wide, foot - y, text, bool(point.get("partial"))))
        axis.append((x + wide // 2, point["label"]))
    return Plot(width, height, left, width, foot, grid, tuple(axis), bars=tuple(drawn))


def grouped(series: Sequence[Mapping[str, Any]], labels: Sequence[Any], width: int = 600, height: int = 224, unit: str = "") -> Plot:
    """series: {name, values}, at most four, told apart by the key above and by the table."""
    if len(series) > SERIES_LIMIT:
        raise ValueError("more than four series: draw small multiples")
    left, top, foot = 36, 22, height - 28
    values = [value for one in series for value in one["values"]]
    grid, low, high = scale(Decimal(0), Decimal(max(values, default=0)), top, foot, unit)
    slot = Decimal(width - left) / max(1, len(labels))
    wide = int(slot * 70 / 100 / max(1, len(series)))
    drawn, axis = [], []
    for index, label in enumerate(labels):
        start = left + int(slot * index + slot * 15 / 100)
        axis.append((start + wide * len(series) // 2, label))
        for place, one in enumerate(series):
            y = _y(one["values"][index], low, high, top, foot)
            drawn.append(Bar(start + wide * place, y, wide - 2, foot - y, plain(one["values"][index]), series=place))
    return Plot(width, height, left, width, foot, grid, tuple(axis), bars=tuple(drawn))


def line(points: Sequence[Mapping[str, Any]], width: int = 600, height: int = 224, unit: str = "",
         target: Mapping[str, Any] | None = None) -> Plot:
    """points: {label, value, note?}; target: {value, label}. The axis may be cut because its labels are always drawn."""
    left, right, top, foot = 52, width - 84, 16, height - 28
    values = [Decimal(point["value"]) for point in points] + ([Decimal(target["value"])] if target else [])
    grid, low, high = scale(min(values, default=Decimal(0)), max(values, default=Decimal(1)), top, foot, unit)
    gap = Decimal(right - left - 16) / max(1, len(points) - 1)
    drawn = [Point(left + 8 + int(gap * index), _y(point["value"], low, high, top, foot),
                   plain(point["value"]) + unit if index == len(points) - 1 else "", point.get("note", ""))
             for index, point in enumerate(points)]
    shown = {0, len(points) // 2, len(points) - 1}
    axis = tuple((drawn[index].x, point["label"]) for index, point in enumerate(points) if index in shown)
    aim = Point(right, _y(target["value"], low, high, top, foot), target["label"]) if target else None
    return Plot(width, height, left, right, foot, grid, axis, points=tuple(drawn), target=aim)
