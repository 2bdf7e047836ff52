"""A person's messages. Reading one is no act of trade: the mark is kept in the message, not in the ledger."""
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours, Text
from kernel.messages import Message

if TYPE_CHECKING:
    from kernel.centre import Centre


@dataclass(frozen=True)
class Letter:
    """address, state: where a copy goes and how far it came, in the outbox only."""

    id: str
    subject: Text
    body: Text
    link: str
    created: int
    read: int | None
    channel: str
    address: str = ""
    state: str = ""


def inbox(session: Session, actor: Actor, before: int | None = None, size: int = 30) -> tuple[Letter, ...]:
    """The actor's own messages, the newest first; before: ms, exclusive."""
    if actor.kind != "person":
        raise NotYours
    query = select(Message).where(Message.reader == actor.id)
    if before is not None:
        query = query.where(Message.created < before)
    rows = session.scalars(query.order_by(Message.created.desc(), Message.id.desc()).limit(size))
    return tuple(Letter(row.id, Text(row.subject_zh, row.subject_en), Text(row.body_zh, row.body_en), row.link, row.created, row.read, row.channel) for row in rows)


def unread(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count()).select_from(Message).where(Message.reader == actor.id, Message.read.is_(None))) or 0


def mark_read(centre: "Centre", actor: Actor, ids: Iterable[str]) -> int:
    """Marks the actor's own messages as read; all of them where no id is given. Returns how many were unread."""
    if actor.kind != "person":
        raise NotYours
    wanted = list(ids)
    with centre.database.writing() as session:
        change = update(Message).where(Message.reader == actor.id, Message.read.is_(None))
        if wanted:
            change = change.where(Message.id.in_(wanted))
        done = session.execute(change.values(read=centre.clock.now(session)))
        session.commit()
        return int(done.rowcount)  # type: ignore[attr-defined]


def outbox(centre: "Centre", session: Session, size: int = 100) -> tuple[Letter, ...]:
    """What a rehearsal would have sent, the newest first. NotYours in a real centre."""
    if not centre.rehearsal:
        raise NotYours
    rows = session.scalars(select(Message).order_by(Message.created.desc(), Message.id.desc()).limit(size))
    return tuple(Letter(row.id, Text(row.subject_zh, row.subject_en), Text(row.body_zh, row.body_en), row.link, row.created, row.read,
                        row.channel, row.address, row.state) for row in rows)
