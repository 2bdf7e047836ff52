"""/styleguide: every component in its states, with invented names marked 示例. Samples are data; nothing is read from a tender."""
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import Environment

from kernel.errors import Text
from kernel.values import DAY, HOUR, MINUTE, instant
from web.look.environment import environment

NOON = instant(date(2026, 11, 24), 10, 42) + 7_000
CENTRE = Text("示例区公共资源交易中心", "Example District Trading Centre")


def nav() -> list[dict[str, Any]]:
    return [
        {"label": Text("首页", "Home"), "href": "/"}, {"label": Text("工程建设", "Works"), "href": "/works"},
        {"label": Text("政府采购", "Procurement"), "href": "/procurement"}, {"label": Text("公告公示", "Notices"), "href": "/notices"},
        {"label": Text("规则手册", "Rule book"), "href": "/rules"}, {"label": Text("数据统计", "Figures"), "href": "/figures"},
        {"label": Text("核验", "Verify"), "href": "/verify"}, {"label": Text("组件", "Components"), "href": "/styleguide"},
    ]


def rail() -> list[dict[str, Any]]:
    return [
        {"title": Text("今日", "Today"), "items": [
            {"label": Text("工作台", "Desk"), "href": "/desk", "icon": "layout-dashboard"},
            {"label": Text("开标大厅", "Opening hall"), "href": "/hall", "icon": "door", "count": 3},
            {"label": Text("受理审核", "Reviews"), "href": "/review", "icon": "clipboard-check", "count": 9, "hot": True, "current": True}]},
        {"title": Text("查询", "Look up"), "items": [
            {"label": Text("统计", "Figures"), "href": "/figures", "icon": "chart-bar"},
            {"label": Text("规则手册", "Rule book"), "href": "/rules", "icon": "book"}]},
    ]


def stages() -> dict[str, list[dict[str, Any]]]:
    names = [
        (Text("公告", "Notice"), "11-03"), (Text("文件与答疑", "Documents"), Text("答疑至 11-18", "Questions to 11-18")),
        (Text("投标", "Bidding"), Text("截止 12-03 09:30", "Closes 12-03 09:30")), (Text("开标", "Opening"), "12-03 09:30"),
        (Text("评标", "Evaluation"), Text("约 12-03 至 04", "About 12-03 to 04")), (Text("公示", "Publicity"), Text("不少于 3 日", "At least 3 days")),
        (Text("定标", "Award"), Text("公示后", "Afterwards")), (Text("合同", "Contract"), Text("30 日内", "Within 30 days")),
        (Text("归档", "Archive"), Text("15 年", "15 years"))]
    states = ["done", "done", "now"] + ["next"] * 6
    held = [(Text("公示", "Publicity"), Text("11-23 起", "From 11-23"), "done"), (Text("异议处理", "Objection"), Text("3 日内答复", "Answer in 3 days"), "hold"),
            (Text("定标", "Award"), Text("答复后", "After it"), "next"), (Text("合同", "Contract"), Text("已取消", "Cancelled"), "void")]
    return {"full": [{"name": name, "note": note, "state": state} for (name, note), state in zip(names, states, strict=True)],
            "held": [{"name": name, "note": note, "state": state} for name, note, state in held]}


def rooms() -> dict[str, Any]:
    day = instant(date(2026, 11, 24))

    def bar(start: int, end: int, kind: str, text: Text | None = None) -> dict[str, Any]:
        return {"start": day + start * MINUTE, "end": day + end * MINUTE, "kind": kind, "text": text}

    return {"opens": day + 8 * HOUR, "closes": day + 18 * HOUR, "groups": [
        {"name": Text("开标室", "Opening rooms"), "rooms": [
            {"name": Text("开 4", "Opening 4"), "seats": 60, "bars": [
                bar(660, 720, "book", Text("云栈路雨污分流监理（示例）", "Yunzhan Road drains (example)")), bar(720, 750, "buffer"),
                bar(840, 900, "green-bar", Text("防汛应急物资", "Flood relief"))]},
            {"name": Text("开 5", "Opening 5"), "seats": 60, "bars": [
                bar(540, 630, "book", Text("临溪河道清淤（示例）", "Linxi dredging (example)")), bar(630, 675, "overrun", Text("超 12 分", "12 min over")),
                bar(690, 760, "conflict", Text("二标段", "Lot 2"))]},
            {"name": Text("开 9", "Opening 9"), "seats": 40, "bars": [bar(480, 720, "blocked", Text("音视频检修", "Audio and video repair"))]}]},
        {"name": Text("评标室", "Evaluation rooms"), "note": Text("房间与项目的对应关系仅对监管人员可见", "Which tender is where: for regulators only"), "rooms": [
            {"name": Text("评 1", "Evaluation 1"), "seats": 11, "bars": [bar(540, 1010, "evaluation", Text("评标使用", "In use"))]},
            {"name": Text("评 7", "Evaluation 7"), "seats": 7, "bars": [bar(480, 1080, "sealed", Text("封存，次日 09:00 续评", "Sealed until 09:00 tomorrow"))]}]}]}


def series() -> dict[str, Any]:
    months = ("12", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11")
    turnover = ("8.9", "5.2", "3.1", "7.4", "8.0", "7.7", "9.6", "8.3", "7.2", "8.8", "9.9", "6.4")
    on_time = ("98.1", "98.6", "97.9", "98.8", "99.0", "98.7", "99.2", "99.3", "99.1", "99.5", "99.4", "99.4")
    return {
        "turnover": [{"label": label, "value": Decimal(value), "partial": label == "11"} for label, value in zip(months, turnover, strict=True)],
        "on_time": [{"label": label, "value": Decimal(value), "note": Text("2 月停电一次", "Power cut in February") if label == "2" else ""} for label, value in zip(months, on_time, strict=True)],
        "kinds": [{"name": Text("工程建设", "Works"), "values": [42, 51, 63, 58]}, {"name": Text("政府采购", "Procurement"), "values": [88, 79, 97, 102]}]}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment()


def frame(lang: str, theme: str, size: str) -> dict[str, Any]:
    """The sample frame, also used by tests for work and wall pages."""
    return {"lang": lang, "theme": theme, "size": size, "now_ms": NOON, "centre_name": CENTRE, "rehearsal": True, "who": None,
            "nav": nav(), "path": "/styleguide"}


def render(lang: str = "zh", theme: str = "", size: str = "") -> str:
    return _environment().get_template("look/styleguide.html").render(
        **frame(lang, theme, size), stages=stages(), day=rooms(), series=series(), DAY=DAY, HOUR=HOUR, MINUTE=MINUTE)
