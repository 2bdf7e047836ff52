"""How an expert is reached: the one-time link, and texts that say when and how long but never for whom.

The token follows from a server key and the call's id, so that the act can keep its hash alone and a reaction can
still send it after the commit, again and again, without writing it anywhere else.
"""
import hashlib
import hmac
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from experts.records import Call, Draw, Expert
from kernel.errors import Text
from kernel.identity.records import Person
from kernel.messages import Message, send
from kernel.values import local

if TYPE_CHECKING:
    from kernel.centre import Centre

WAYS = ("inbox", "sms", "mail")


def token(centre: "Centre", call_id: str) -> str:
    """128 bits in hex, good for one call."""
    return hmac.digest(centre.secret("calls"), b"call" + call_id.encode(), "sha256")[:16].hex()


def token_hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def texts(centre: "Centre", draw: Draw, category: str, until: int) -> tuple[Text, Text]:
    """Subject and body. No tender, no buyer, no bidder (secrecy: draw_brief for the called)."""
    assert centre.row is not None
    start, last = f"{local(draw.evaluation_at):%Y-%m-%d %H:%M}", f"{local(until):%H:%M}"
    place = Text(centre.row.name, centre.row.name_en)
    body = Text(
        f"{start} 起，约 {draw.hours} 小时，专业 {category}，地点：{place.zh}。请于 {last} 前通过链接答复能否参加。",
        f"From {start}, about {draw.hours} hours, specialty {category}, at {place.en}. Please answer by {last} with the link whether you can come.",
    )
    return Text("专家评审通知", "Call to an evaluation"), body


def notify(centre: "Centre", session: Session, call: Call, way: str, moment: int) -> None:
    """Queues one message of one way; repeating it sends nothing twice."""
    draw, person = session.get_one(Draw, call.draw), session.get_one(Person, session.get_one(Expert, call.expert).person)
    subject, body = texts(centre, draw, call.category, call.until)
    address = {"sms": person.phone, "mail": person.email}.get(way, "")
    send(session, f"call/{call.id}", person.id, moment, subject, body, on=call.id, link=f"/call/{token(centre, call.id)}", channel=way, address=address)


def tell_off(session: Session, call: Call, moment: int) -> None:
    """Tells somebody who had accepted that he need not come; the reason stays with the code."""
    person = session.get_one(Expert, call.expert).person
    body = Text("此前通知的评审工作，您无需参加。", "You are no longer needed at the evaluation you were called to.")
    send(session, f"off/{call.id}", person, moment, Text("专家评审通知", "Call to an evaluation"), body, on=call.id)


def ways_tried(session: Session, call: Call) -> int:
    return session.scalar(select(func.count()).select_from(Message).where(Message.on == call.id, Message.cause.like("call/%"))) or 0


def record(session: Session, call: Call) -> dict[str, object]:
    """What was tried and when, as canonical material; its hash stands in the ledger when nobody was reached."""
    tried = session.execute(select(Message.channel, Message.created).where(Message.on == call.id).order_by(Message.created, Message.channel))
    return {"n": call.n, "at": call.at, "until": call.until, "tried": [[channel, created] for channel, created in tried]}
