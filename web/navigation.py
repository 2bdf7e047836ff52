"""The menus: the portal's sections for everybody, the work rail by what a person may do."""
from typing import Any

from kernel.errors import Text

PORTAL = (
    ("首页", "Home", "/"), ("工程建设", "Works", "/tenders?field=works"), ("政府采购", "Procurement", "/tenders?field=procurement"),
    ("公告公示", "Notices", "/notices"), ("开标大厅", "Openings", "/openings"), ("规则手册", "Rule book", "/rules"),
    ("数据统计", "Statistics", "/statistics"), ("核验", "Verify", "/verify"),
)


def portal() -> list[dict[str, Any]]:
    return [{"label": Text(zh, en), "href": href} for zh, en, href in PORTAL]


def group(zh: str, en: str, *entries: tuple[str, str, str, str]) -> dict[str, Any]:
    return {"title": Text(zh, en), "items": [{"label": Text(z, e), "href": href, "icon": icon} for z, e, href, icon in entries]}


def navigation(roles: frozenset[str], kinds: frozenset[str], signed_in: bool) -> list[dict[str, Any]]:
    """The work rail of this reader; the portal's sections when nobody is signed in."""
    if not signed_in:
        return portal()
    today = [("工作台", "Desk", "/desk", "layout-dashboard"), ("消息", "Inbox", "/inbox", "bell")]
    work: list[tuple[str, str, str, str]] = []
    if kinds & {"buyer", "agent"}:
        work += [("我的项目", "My tenders", "/desk/projects", "file-text"), ("场地预约", "Rooms", "/rooms", "calendar")]
    if "supplier" in kinds:
        work += [("我的投标", "My bids", "/supplier/bids", "gavel")]
    if not kinds and roles <= {"public"}:
        work += [("单位登记", "Register", "/subject", "building")]
    elif kinds:
        work += [("单位信息", "My organisation", "/subject", "building")]
    if roles & {"reviewer1", "reviewer2", "registrar"}:
        work += [("受理审核", "Reviews", "/reviews", "list-check")]
    if roles & {"room_manager", "registrar", "area_guard"}:
        work += [("场地日程", "Day board", "/rooms", "calendar")]
    if roles & {"room_manager", "registrar", "area_guard", "technician"}:
        work += [("绿色通道", "Green channel", "/green", "leaf")]
    if roles & {"area_guard"}:
        work += [("评标区值守", "Area desk", "/area", "door")]
    if roles & {"regulator", "auditor"}:
        work += [("监督", "Supervision", "/regulator", "eye")]
    if roles & {"technician"}:
        work += [("平台状态", "State of the platform", "/status", "tool")]
    if roles & {"cashier"}:
        work += [("保证金退还", "Refunds", "/refunds", "coin")]
    if kinds & {"buyer", "agent"} or roles & {"regulator", "registrar"}:
        work += [("密钥保管", "Key custody", "/custodian", "key")]
    work += [("我的评审", "My evaluations", "/seat", "scale")] if not kinds and roles <= {"public"} else []
    ask = [("项目查询", "Tenders", "/tenders", "search"), ("统计", "Statistics", "/statistics", "chart-bar"),
           ("规则手册", "Rule book", "/rules", "book"), ("账本", "Ledger", "/ledger", "shield-check")]
    seen: set[str] = set()
    unique = [w for w in work if not (w[2] in seen or seen.add(w[2]))]  # type: ignore[func-returns-value]
    return [group("今日", "Today", *today), *([group("办理", "Work", *unique)] if unique else []), group("查询", "Look up", *ask)]
