"""What a notice says, composed from the records. Pure: rows in, fields by the codes of law/publicity.py out.

A text people entered stays as it is; what the centre writes itself stands in both languages as {"zh", "en"}.
"""
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from kernel.values import show_time, yuan
from law import secrecy

Fields = dict[str, object]
ENTERED = ("project", "requirements", "consortium", "subject", "contact", "manager", "qualification_met", "objection_ways", "main_items",
           "reason", "refunds", "prequalification")
# what the house demands where no clause lists the fields, and of every replay
HOUSE: Mapping[str, tuple[str, ...]] = {
    "tender": ("project", "submission"), "failure": ("project", "reason"), "candidates": ("candidates",), "result": ("winner",),
    "termination": ("reason",), "contract": ("contract_text",), "correction": ("change",),
}
TITLES: Mapping[str, tuple[str, str]] = {
    "tender": ("招标公告", "Tender notice"), "clarification": ("澄清公告", "Clarification"), "extension": ("延期公告", "Extension"),
    "correction": ("更正公告", "Correction"), "candidates": ("中标候选人公示", "Candidates"), "result": ("中标结果公告", "Result"),
    "failure": ("流标公告", "Failure"), "termination": ("终止公告", "Termination"), "contract": ("合同公告", "Contract"),
}


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def entered(details: Mapping[str, str], given: Mapping[str, str]) -> Fields:
    """What people wrote: in the file, or for this notice, which goes first."""
    return {code: text for code in ENTERED if (text := (given.get(code) or details.get(code, "")).strip())}


def party(org: SimpleNamespace | Any) -> str:
    return "，".join(part for part in (org.name, org.address, org.contact, org.phone) if part)


def tender_fields(project: Any, buyer: Any, agent: Any | None, origin: str, place: str, days: int) -> Fields:
    """The first notice. The budget of works is no field of it. place: opening room or empty; days: length of the notice in working days, 0 where the law names none."""
    due, until = show_time(project.deadline), show_time(project.document_until) if project.document_until else ""
    lock = both("", "") if project.mode == "M1" else both(
        f"；投标人另加锁，开标后 {project.lock_minutes} 分钟内自行解锁", f"; with a lock of the bidder's own, opened by the bidder within {project.lock_minutes} minutes of the start")
    shut = both("", "") if project.envelopes == 1 else both(
        "；双信封：开标时只开启技术、商务文件，报价待技术评审结束后再公开开启，被否决的投标不开启报价",
        "; two envelopes: technical and commercial files are opened at the opening, prices in public once the technical review is over, and never those of rejected bids")
    money = yuan(project.budget)
    budget = {"budget": both(f"{money} 元", money)} if secrecy.form("budget", {"public"}, project.field, "inviting") == "full" else {}
    fields: Fields = {
        "project": project.title, **budget,
        "ceiling": both(f"{yuan(project.ceiling)} 元", yuan(project.ceiling)) if project.ceiling is not None else both("未设最高限价", "No ceiling price"),
        "submission": both(f"{due} 前在本平台递交加密投标文件{lock['zh']}{shut['zh']}", f"Sealed, on this platform, before {due}{lock['en']}{shut['en']}"),
        "opening": both(f"{due}，{place or '在线开标'}", f"{due}, {place or 'on line'}"),
        "parties": party(buyer) + (f"；{party(agent)}" if agent else ""),
        "platform": both(f"{origin}，免费，无须购买工具", f"{origin}, free, no tool to buy"),
    }
    if until:
        fields["documents"] = both(f"自公告起至 {until}，本平台免费下载，无须登录", f"From the notice until {until}, free download here without log-in")
    if days:
        fields["notice_period"] = both(f"{days} 个工作日", f"{days} working days")
    return fields


def candidate_rows(ranked: Sequence[tuple[int, int, str, int, object, Mapping[str, object]]]) -> list[dict[str, object]]:
    """(lot number, rank, name, amount, score, read-out form) → rows of the publicity, in order."""
    rows: list[dict[str, object]] = []
    for lot, rank, name, amount, score, form in sorted(ranked, key=lambda r: (r[0], r[1])):
        row: dict[str, object] = {"lot": lot, "rank": rank, "name": name, "amount": amount}
        row |= {key: str(form[key]) for key in ("quality", "duration") if form.get(key)}
        rows.append(row | ({"score": str(score)} if score is not None else {}))
    return rows


def winner_rows(won: Sequence[tuple[int, str, str, int]]) -> list[dict[str, object]]:
    """(lot number, name, address, amount) → rows of the result."""
    return [{"lot": lot, "name": name, "address": address, "amount": amount} for lot, name, address, amount in sorted(won)]
