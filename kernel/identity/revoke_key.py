"""A passkey is revoked: by its owner, who keeps one, or by a registrar, who may take the last and so bars the person."""

from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity import sessions
from kernel.identity.reads import roles
from kernel.identity.records import Passkey


class RevokeKey(Cmd):
    passkey: str = Field(max_length=32)


@command("kernel.identity.revoke_key", opens="never")
def revoke_key(work: Work, cmd: RevokeKey) -> Passkey:
    """Guard: one_key_left_or_barred. Every session of the person ends."""
    key = work.session.get(Passkey, cmd.passkey, with_for_update=True)
    registrar = "registrar" in roles(work.session, work.actor, work.moment)
    if key is None or key.revoked is not None or not (registrar or key.person == work.actor.id):
        raise NotYours
    own = key.person == work.actor.id
    live = (
        work.session.scalar(select(func.count()).select_from(Passkey).where(Passkey.person == key.person, Passkey.revoked.is_(None))) or 0
    )
    if own and live < 2:
        raise Refused(Reason("one_key_left_or_barred"))
    work.role = "public" if own else "registrar"
    key.revoked = work.moment
    sessions.end_all(work.session, key.person)
    work.enter(key.person)
    return key
