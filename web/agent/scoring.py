"""The scoring scheme as a table of rows: what the form posts, and how a kept scheme fills it again."""
from decimal import Decimal, InvalidOperation
from typing import Any

from kernel.errors import Malformed, Text
from trading.projects import reads
from trading.projects.set_scoring import SetScoring, set_scoring
from web.agent.shaping import PROJECT, lines
from web.forms import ActForm, Field, Options, forms
from web.viewer import Viewer

ROWS = tuple(range(1, 9))
SECTIONS: Options = (("technical", "技术", "Technical"), ("commercial", "商务", "Commercial"), ("price", "价格", "Price"))
KINDS: Options = (("subjective", "主观", "Judged"), ("objective", "客观", "Objective"))
TIES: Options = (("draw", "随机抽取", "By draw"), ("buyer", "由招标人确定", "The buyer decides"))
BENCHMARK = (("above", "高于基准价每 1% 扣分", "Points lost per percent above"), ("below", "低于基准价每 1% 扣分", "Points lost per percent below"),
             ("k", "下浮系数 k", "Lowering share k"))
CHOICES = Field("choices", "备选系数，开标时抽取", "Choices of k, drawn at the opening", hint=Text("用逗号分开；填写后 k 由各方随机数抽取", "Separated by commas; k is then drawn from them"), optional=True)
CODES = {"technical": "T", "commercial": "C", "price": "P"}
SUBJECTS = {"construction": "works", "goods": "goods"}


def share(points: str, row: int) -> str:
    """Points of a hundred as a share of one. Malformed where they are no number above nought."""
    try:
        value = Decimal(points.strip())
    except InvalidOperation as error:
        raise Malformed(f"high{row}", Text(f"第 {row} 行：分值请用数字填写", f"Row {row}: enter the points in figures")) from error
    if not value.is_finite() or not 0 < value <= 100:
        raise Malformed(f"high{row}", Text(f"第 {row} 行：分值应大于 0、不超过 100", f"Row {row}: points are above 0 and at most 100"))
    return f"{value / 100:f}"


def scheme(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Rows with a name become items: as many points as the item weighs in a hundred, so that the total is the sum."""
    with viewer.centre.reading() as session:
        seen = reads.view(session, viewer.actor, values["project"], viewer.now)
    items, count = [], dict.fromkeys(CODES, 0)
    for n in ROWS:
        if not values.get(f"zh{n}"):
            continue
        section = str(values[f"section{n}"])
        count[section] += 1
        weight = share(str(values.get(f"high{n}") or ""), n)
        high = str(values[f"high{n}"]).strip()
        code = "P" if section == "price" else f"{CODES[section]}{count[section]}"
        kind = "objective" if section == "price" else str(values[f"kind{n}"])
        items.append({"code": code, "zh": str(values[f"zh{n}"]), "section": section, "kind": kind, "high": high, "weight": weight})
    if not items:
        raise Malformed("zh1", Text("请至少填写一项", "Enter at least one item"))
    made: dict[str, Any] = {"field": seen.field, "subject": SUBJECTS.get(seen.kind, "services"), "items": items, "tie": values["tie"]}
    if values.get("places") is not None:
        made["places"] = values["places"]
    if seen.evaluation == "benchmark":
        made["benchmark"] = drawn_or_fixed(values) | {"price_places": 2, "rate_places": 2}
    return {"project": values["project"], "scheme": made, "conditions": lines(str(values.get("conditions") or ""))}


def drawn_or_fixed(values: dict[str, Any]) -> dict[str, Any]:
    """The benchmark's numbers. With choices k is drawn at the opening and none is fixed."""
    given = {name: str(values[name]) for name, _, _ in BENCHMARK if values.get(name)}
    choices = [part.strip() for part in str(values.get("choices") or "").replace("，", ",").split(",") if part.strip()]
    if not choices:
        return given
    return {name: value for name, value in given.items() if name != "k"} | {"drawn": "k", "choices": choices}


def filled(kept: dict[str, Any] | None, details: dict[str, str] | None) -> dict[str, Any]:
    """The form's values for a kept scheme; the usual ones for a new one."""
    values: dict[str, Any] = {"places": "2", "tie": "draw", "conditions": (details or {}).get("qualification", ""), "above": "1", "below": "0.5", "k": "0"}
    for n in ROWS:
        values |= {f"section{n}": "technical", f"kind{n}": "subjective"}
    if kept is None:
        return values
    for n, item in enumerate(kept["items"][:len(ROWS)], 1):
        values |= {f"{name}{n}": item[name] for name in ("zh", "section", "kind", "high")}
    values |= {name: str(kept[name]) for name in ("places", "tie") if name in kept}
    benchmark = kept.get("benchmark", {})
    values |= {"choices": ", ".join(str(choice) for choice in benchmark.get("choices", ()))}
    return values | {name: str(value) for name, value in benchmark.items() if name in ("above", "below", "k")}


def row(n: int) -> tuple[Field, ...]:
    return (Field(f"zh{n}", f"第 {n} 项名称", f"Item {n}", optional=True), Field(f"section{n}", f"第 {n} 项部分", f"Section of item {n}", "select", options=SECTIONS, optional=True),
            Field(f"kind{n}", f"第 {n} 项性质", f"Kind of item {n}", "select", options=KINDS, optional=True), Field(f"high{n}", f"第 {n} 项分值", f"Points of item {n}", optional=True))


forms(ActForm("trading.projects.set_scoring", set_scoring, SetScoring, "设定评分办法", "Set the scoring", (
    PROJECT, *(field for n in ROWS for field in row(n)), Field("places", "分值保留小数位", "Decimals of scores", "number"),
    Field("tie", "总分和报价均相同时", "Where score and price are equal", "select", options=TIES),
    *(Field(name, zh, en, optional=True) for name, zh, en in BENCHMARK), CHOICES,
    Field("conditions", "资格条件名称", "Titles of the qualification conditions", "area", Text("每行一项；资格条件不得作为评分项", "One a line; a condition of admission may not be scored"), optional=True),
), shape=scheme))
