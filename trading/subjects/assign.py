"""A file is drawn for a reviewer: at random among those on duty, repeatable from the submitting leaf.

The reviewers are ordered by HMAC under that leaf's salt; the first who is not kept away takes the file. The salt is
committed to by the leaf before anybody can know the order.
"""

import hashlib
import hmac

from pydantic import Field
from sqlalchemy import select

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import Reason, Refused, Stale, Text
from kernel.identity.reads import holders
from kernel.ledger.entries import Entry
from trading.subjects.desk import assignee, hold, move
from trading.subjects.records import Assignment, Membership

SUBMITTING = ("trading.subjects.submit", "trading.subjects.change")


class Assign(Cmd):
    subject: str = Field(max_length=32)
    slot: int = Field(ge=1, le=2)


@command("trading.subjects.assign")
def assign(work: Work, cmd: Assign) -> Assignment:
    """Kept away: the drafter, persons of the organisation, for slot 2 the first reviewer.

    Stale when the file is drawn already; Refused("drawn_for_file") while nobody on duty may take it.
    """
    subject = hold(work, cmd.subject)
    move(work, subject)
    if assignee(work.session, subject, cmd.slot):
        raise Stale
    away = set(work.session.scalars(select(Membership.person).where(Membership.org == subject.id))) | {subject.entered_by}
    if cmd.slot == 2 and (first := assignee(work.session, subject, 1)):
        away.add(first.person)
    pool = [p.id for p in holders(work.session, f"reviewer{cmd.slot}", work.moment) if p.id not in away]
    if not pool:
        raise Refused(Reason("drawn_for_file", needed=Text("暂无可分派的审核人员", "No reviewer on duty may take it")))
    leaf = work.session.scalar(
        select(Entry).where(Entry.on == subject.id, Entry.tag.in_(SUBMITTING)).order_by(Entry.number.desc()).limit(1)
    )
    assert leaf is not None and leaf.salt is not None
    person = order(leaf.salt, cmd.slot, pool)[0]
    row: Assignment = work.keep(Assignment(subject=subject.id, round=subject.round, slot=cmd.slot, person=person, at=work.moment))
    work.session.flush()
    work.enter(subject.id, slot=cmd.slot, reviewer=salted(row.row_salt, person))
    return row


def order(salt: bytes, slot: int, pool: list[str]) -> list[str]:
    """The drawn order of the pool, each person once."""
    return sorted(set(pool), key=lambda person: hmac.new(salt, f"reviewer/{slot}/{person}".encode(), hashlib.sha256).digest())
