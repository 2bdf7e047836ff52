"""The rule book: prints law/, every dated value with its article and how sure it is."""
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import NotYours, Text
from kernel.values import yuan
from law.citation import Clause
from law.grounds import LABELS
from law.publicity import FIELDS
from law.registry import by_rule_id, clauses
from law.stages import NAMES
from web.public import asked, words
from web.refusals import cited
from web.viewer import page, viewer_of

PARTS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "works": (Text("工程建设", "Works"), ("works",)), "procurement": (Text("政府采购", "Procurement"), ("procurement",)),
    "committee": (Text("评委与抽取", "Committee and draw"), ("committee", "draw", "experts")),
    "scoring": (Text("评分与政策", "Scoring and policy"), ("scoring", "policy", "low_price")),
    "grounds": (Text("法定情形", "Closed lists"), ("grounds",)),
    "publicity": (Text("公告公示", "Publicity"), ("publicity", "notices")),
    "objections": (Text("异议投诉", "Objections and complaints"), ("objections", "complaints", "questions", "challenges")),
    "process": (Text("场地与过程", "Rooms and process"), ("opening", "review", "evaluation", "area", "calendar", "rooms", "identity", "incidents")),
    "archive": (Text("档案与个人信息", "Archive and privacy"), ("archive", "privacy")), "land": (Text("土地使用权", "Land"), ("land",)),
}
UNITS = {
    "calendar_day": Text("日", "days"), "working_day": Text("个工作日", "working days"), "hour": Text("小时", "hours"), "office_hour": Text("个办公小时", "hours of open office"), "minute": Text("分钟", "minutes"),
    "month": Text("个月", "months"), "year": Text("年", "years"), "count": Text("", ""), "factor": Text("倍", "times"), "digit": Text("位", "digits"),
    "items": Text("", ""), "letter": Text("", ""), "level": Text("", ""), "code": Text("", ""),
}


def value(clause: Clause) -> Text:
    """What the clause holds, with its unit, as people read it."""
    found = clause.value
    if clause.unit == "flag":
        return Text("是", "yes") if found else Text("否", "no")
    if clause.unit == "fen":
        return Text(f"{yuan(found)} 元", f"{yuan(found)} yuan")
    if clause.unit == "share":
        parts = [f"{(part * 100).normalize():f}%" for part in (found if isinstance(found, tuple) else (found,)) if isinstance(part, Decimal)]
        return Text("至".join(parts), " to ".join(parts))
    if clause.unit == "fraction":
        return Text(f"{found[0]}/{found[1]}", f"{found[0]}/{found[1]}")
    if clause.unit in ("codes", "code", "stage", "items", "letter", "level") or isinstance(found, str):
        said = [word(code) for code in (found if isinstance(found, tuple) else (found,))]
        return Text("、".join(s.zh for s in said), ", ".join(s.en for s in said))
    shown = [str(part) for part in (found if isinstance(found, tuple) else (found,))]
    unit = UNITS.get(clause.unit, Text(clause.unit, clause.unit))
    return Text(f"{' 至 '.join(shown)} {unit.zh}".strip(), f"{' to '.join(shown)} {unit.en}".strip())


def word(code: Any) -> Text:
    for table in (LABELS, FIELDS, NAMES):
        if code in table:
            return Text(*table[code])
    plain = str(code).replace("_", " ")
    return Text(plain, plain)


def row(clause: Clause, lang: str) -> dict[str, Any]:
    return {"clause": clause, "text": Text(clause.zh, clause.en), "value": value(clause), "cites": cited(clause.under, lang),
            "certainty": words.CERTAINTY[clause.certainty]}


def matches(clause: Clause, wanted: str) -> bool:
    text = " ".join((clause.name, clause.zh, clause.en, clause.rule_id, *(f"{c} {c.number}" for c in clause.under))).lower()
    return all(part in text for part in wanted.lower().split())


def ordered(found: Iterable[Clause]) -> list[Clause]:
    """As law/ has them, the newest value of a name first."""
    rows = list(found)
    names = list(dict.fromkeys(c.name for c in rows))
    return sorted(rows, key=lambda c: (names.index(c.name), -c.since.toordinal()))


@get("/rules", sync_to_thread=True)
def rules(request: Request[Any, Any, Any]) -> Response[str]:
    viewer, query = viewer_of(request), request.query_params
    wanted = asked.text(query, "q")
    part = asked.one_of(query, "part", PARTS) or ("" if wanted else "works")
    found = [c for c in clauses() if (not part or c.name.split(".")[0] in PARTS[part][1]) and (not wanted or matches(c, wanted))]
    return page(viewer, "public/rules.html", rows=[row(c, viewer.lang) for c in ordered(found)], parts=PARTS, part=part, wanted=wanted,
                total=len(clauses()), unchecked=sum(not c.may_refuse for c in clauses()))


@get("/rules/{rule_id:str}", sync_to_thread=True)
def rule(request: Request[Any, Any, Any], rule_id: str) -> Response[str]:
    viewer = viewer_of(request)
    try:
        found = by_rule_id(rule_id)
    except KeyError as error:
        raise NotYours from error
    part = next((key for key, (_, names) in PARTS.items() if found[0].name.split(".")[0] in names), "works")
    return page(viewer, "public/rule.html", rule_id=rule_id, rows=[row(c, viewer.lang) for c in ordered(found)], part=part, part_name=PARTS[part][0])


HANDLERS = [rules, rule]
