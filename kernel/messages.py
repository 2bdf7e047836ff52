"""Messages: one recipient each, an in-app inbox for all, e-mail or SMS beside it where configured.

In a rehearsal everything lands in the visible outbox and nothing leaves the machine. The text is bilingual and
already fit for its reader when it is queued; a message about a secret says only "log in".
"""
import smtplib
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import httpx
import structlog
from sqlalchemy import BigInteger, CheckConstraint, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Id, Tables
from kernel.errors import Text as Both
from kernel.identity.records import Person
from kernel.values import new_id

if TYPE_CHECKING:
    from kernel.centre import Centre

log = structlog.get_logger()


class Message(Tables):
    """reader: person who may read it in the inbox; address: where a copy goes (empty: inbox only)."""

    __tablename__ = "message"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    reader: Mapped[str] = mapped_column(Id, index=True)
    on: Mapped[str] = mapped_column("on_id", String(64), default="")
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(String(160), default="")
    subject_zh: Mapped[str] = mapped_column(String(200))
    subject_en: Mapped[str] = mapped_column(String(300))
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300), default="")
    created: Mapped[int] = mapped_column(BigInteger, index=True)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    read: Mapped[int | None] = mapped_column(BigInteger)
    cause: Mapped[str] = mapped_column(String(80), unique=True)
    __table_args__ = (
        CheckConstraint("channel in ('inbox','mail','sms')", name="channel"),
        CheckConstraint("state in ('queued','sent','failed')", name="state"),
    )


def send(
    session: Session, cause: str, reader: str, moment: int, subject: Both, body: Both, *,
    on: str = "", link: str = "", channel: str = "inbox", address: str = "",
) -> None:
    """Queues one message. cause is what makes it unique: repeating a reaction sends nothing twice."""
    cause = f"{cause}/{channel}/{reader}"[-80:]
    if session.scalar(select(Message.id).where(Message.cause == cause)):
        return
    if channel == "inbox" and not address:
        person = session.get(Person, reader)
        address = person.email if person else ""
    session.add(Message(
        reader=reader, on=on, channel=channel, address=address, subject_zh=subject.zh, subject_en=subject.en,
        body_zh=body.zh, body_en=body.en, link=link, created=moment, cause=cause,
    ))


def deliver(centre: "Centre", most: int = 50) -> int:
    """Sends what is queued through SMTP or the SMS gateway; in a rehearsal it only marks them sent."""
    with centre.database.reading() as session:
        waiting = list(session.scalars(select(Message).where(Message.state == "queued").order_by(Message.created).limit(most)))
    for message in waiting:
        state = "sent"
        if not centre.rehearsal and message.address:
            try:
                _hand_over(centre, message)
            except (OSError, smtplib.SMTPException, httpx.HTTPError) as error:
                log.warning("message_failed", error=type(error).__name__)
                state = "queued" if message.tries < 5 else "failed"
        with centre.database.writing() as session:
            row = session.get_one(Message, message.id)
            row.state, row.tries = state, row.tries + 1
            session.commit()
    return len(waiting)


def _hand_over(centre: "Centre", message: Message) -> None:
    settings = centre.settings
    if message.channel == "sms" and settings.sms_url:
        httpx.post(settings.sms_url, json={"to": message.address, "text": message.body_zh}, timeout=10).raise_for_status()
    elif message.channel != "sms" and settings.smtp_url:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = settings.mail_from, message.address, message.subject_zh
        mail.set_content(f"{message.body_zh}\n\n{message.body_en}\n{settings.origin_url}{message.link}")
        at = urlparse(settings.smtp_url)
        with smtplib.SMTP(at.hostname or "localhost", at.port or 25, timeout=10) as server:
            if at.username:
                server.starttls()
                server.login(at.username, at.password or "")
            server.send_message(mail)
