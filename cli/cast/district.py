"""A district made up of organisations and tenders whose sums are exact, for replays of published yearly figures.

Everything is generated from one seed; nobody in it exists. Amounts in fen.
"""
import random
from collections.abc import Sequence
from dataclasses import dataclass

from cli.cast.house import Applicant, credit_code

TOWNS = ["南桥", "北辰", "石园", "马坡", "仁和", "后沙", "天竺", "李桥", "杨镇", "高丽", "牛栏", "赵全"]
WORKS = ("道路改造工程", "学校校舍修缮工程", "雨污分流工程", "河道治理工程", "社区服务中心新建工程", "绿化提升工程", "供热管网改造工程")
GOODS = ("办公设备采购", "实验仪器采购", "图书采购", "信息化设备采购")
SERVICES = ("物业服务", "软件运维服务", "课后服务", "保洁服务", "监测服务", "食堂餐饮服务")
BUYERS = ("教育局", "水务局", "园林局", "卫生院", "镇政府", "街道办事处", "文化馆", "交通局", "住建中心", "机关事务中心")
TRADES = ("建设", "工程", "科技", "物业", "园林", "信息", "商贸", "水务", "环境")


@dataclass(frozen=True)
class Tender:
    """outcome: awarded, failed (fewer than three bidders) or terminated. price: what the winner offers.

    experts: drawn members of a committee of five. late: its evaluation goes on after office hours. sector: as statistics name it.
    """

    field: str
    kind: str
    evaluation: str
    title: str
    title_en: str
    budget: int
    price: int
    outcome: str
    experts: int = 4
    late: bool = False
    sector: str = ""


def parts(total: int, count: int, least: int, dice: random.Random, most: int | None = None, unit: int = 100) -> list[int]:
    """count integers of at least `least` (and at most `most`), multiples of `unit` but for the last crumbs, that sum to total."""
    if count * least > total or (most is not None and count * most < total):
        raise ValueError("the sum cannot be reached")
    weights = [dice.randrange(20, 1000) for _ in range(count)]
    whole, rest = sum(weights), total - count * least
    found = [least + rest * w // whole // unit * unit for w in weights]
    if most is not None:
        found = [min(x, most) for x in found]
    missing, at = total - sum(found), 0
    while missing:
        room = missing if most is None else min(missing, most - found[at])
        found[at] += room
        missing, at = missing - room, at + 1
    dice.shuffle(found)
    return found


def organisations(buyers: int, agents: int, suppliers: int) -> list[Applicant]:
    """Buyers first, then agents, then suppliers; names marked as examples, credit codes valid and made up."""
    made = []
    for n in range(buyers):
        made.append(Applicant(f"示例{TOWNS[n % len(TOWNS)]}{BUYERS[n // len(TOWNS) % len(BUYERS)]}（{n + 1}）", ("buyer",), f"采购{n + 1}", f"buyer{n + 1}@buyers.example", credit_code(n + 1, "11110113")))
    for n in range(agents):
        made.append(Applicant(f"示例{TOWNS[n % len(TOWNS)]}项目管理有限公司（{n + 1}）", ("agent",), f"代理{n + 1}", f"agent{n + 1}@agents.example", credit_code(n + 1, "91110114")))
    for n in range(suppliers):
        made.append(Applicant(f"示例{TOWNS[n % len(TOWNS)]}{TRADES[n // len(TOWNS) % len(TRADES)]}有限公司（{n + 1}）", ("supplier",), f"营业{n + 1}", f"s{n + 1}@suppliers.example", credit_code(n + 1)))
    return made


def title(kind: str, n: int, dice: random.Random) -> tuple[str, str]:
    town = TOWNS[n % len(TOWNS)]
    names: Sequence[str] = WORKS if kind == "construction" else GOODS if kind == "goods" else SERVICES
    english = {"construction": "Works", "goods": "Goods", "services": "Services"}[kind]
    return f"示例区{town}{dice.choice(names)}（{n + 1}）", f"{english} tender {n + 1} (example)"
