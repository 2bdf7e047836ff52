"""Booking the opening and the evaluation of a tender in one form, and what is free where a wish is not."""
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from kernel.errors import Malformed, NotYours, Reason, Refused, Text
from kernel.values import HOUR
from rooms import reads as rooms
from rooms.book import Book, book
from rooms.procedure import BOOKING
from rooms.taken import Free
from web.agent.shaping import PROJECT
from web.forms import ActForm, Field, forms
from web.viewer import Viewer

KINDS = (("opening", "开标", "Opening"), ("evaluation", "评标", "Evaluation"))


@dataclass(frozen=True)
class Wish:
    """One session somebody wants: start, length in ms."""

    kind: str
    start: int
    length: int
    seats: int


def wishes(values: dict[str, Any]) -> tuple[Wish, ...]:
    return tuple(Wish(kind, values[f"{kind}_at"], hours(values, f"{kind}_hours"), values[f"{kind}_seats"]) for kind, _, _ in KINDS)


def hours(values: dict[str, Any], name: str) -> int:
    try:
        length = Decimal(str(values[name]))
    except InvalidOperation as error:
        raise Malformed(name, Text("时长请用数字填写", "Enter the hours in figures")) from error
    if not length.is_finite() or not Decimal("0.5") <= length <= 240:
        raise Malformed(name, Text("时长应在 0.5 至 240 小时之间", "Between half an hour and 240 hours"))
    return int(length * HOUR)


def instead(session: Session, viewer: Viewer, wish: Wish) -> tuple[Free, ...]:
    """The three nearest free slots where the wished one is taken; empty where it is free. Hours that are not open are the act's to judge."""
    free = rooms.nearest(session, viewer.actor, wish.kind, wish.seats, wish.start, wish.length, viewer.now)
    return () if any(one.start == wish.start for one in free) else free


def slots(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Raises Refused("slot_free") with the nearest free slots as values where a wish cannot be met; a reason for extended
    hours is the act's to judge."""
    reason = str(values.get("reason") or "")
    made = wishes(values)
    with viewer.centre.reading() as session:
        for wish in made if not reason else ():
            free = instead(session, viewer, wish)
            if free:
                needed = Text("可改为：" + "；".join(one.words.zh for one in free), "Free: " + "; ".join(one.words.en for one in free))
                starts = tuple((wish.kind, one.start, one.words) for one in free)
                zh, en = next((zh, en) for kind, zh, en in KINDS if kind == wish.kind)
                found = Text(f"{zh}场地在该时段不可用", f"{en}: no room is free then")
                raise Refused(Reason("slot_free", found, needed, BOOKING.index["rooms.hold"].under, {"free": starts}))
    return {"project": values["project"], "note": values.get("note", ""), "slots": tuple(
        {"kind": wish.kind, "start": wish.start, "end": wish.start + wish.length, "seats": wish.seats, "reason": reason} for wish in made)}


def may_book(viewer: Viewer) -> bool:
    """Rooms are booked by agencies and the room manager."""
    with viewer.centre.reading() as session:
        try:
            rooms.nearest(session, viewer.actor, "opening", 1, viewer.now, HOUR, viewer.now, 1)
        except NotYours:
            return False
    return True


def shown(name: str, zh: str, en: str) -> tuple[Field, ...]:
    return (Field(f"{name}_at", f"{zh}开始", f"{en} begins", "time"), Field(f"{name}_hours", f"{zh}时长", f"Length of the {en.lower()}", "text", unit="小时"),
            Field(f"{name}_seats", f"{zh}席位", f"Seats for the {en.lower()}", "number", unit="席"))


forms(ActForm("rooms.book", book, Book, "预约场地", "Book rooms", (
    PROJECT, *(field for kind, zh, en in KINDS for field in shown(kind, zh, en)),
    Field("reason", "延时服务理由", "Reason for extended hours", hint=Text("开放时间以外须写明", "Needed outside opening hours"), optional=True),
    Field("note", "说明", "Note", optional=True),
), shape=slots))
