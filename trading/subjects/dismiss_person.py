"""A manager dismisses a person, or a person leaves: sessions end and its keys for the organisation are revoked."""

from pydantic import Field
from sqlalchemy import func, select

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity import keys, sessions
from trading.subjects.desk import hold, manager, membership, move
from trading.subjects.records import Membership


class DismissPerson(Cmd):
    subject: str = Field(max_length=32)
    person: str = Field(max_length=32)


@command("trading.subjects.dismiss_person")
def dismiss_person(work: Work, cmd: DismissPerson) -> Membership:
    """Guard: one_manager_left."""
    subject = hold(work, cmd.subject)
    if cmd.person != work.actor.id:
        manager(work, subject)
    row = membership(work.session, subject.id, cmd.person)
    if row is None:
        raise NotYours
    left = work.session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(Membership.org == subject.id, Membership.manager == 1, Membership.until.is_(None), Membership.person != cmd.person)
    )
    move(work, subject, managers_left=left)
    row.until = work.moment
    keys.revoke_all(work, cmd.person, subject.id)
    sessions.end_all(work.session, cmd.person)
    work.enter(subject.id, person=salted(row.row_salt, cmd.person))
    return row
