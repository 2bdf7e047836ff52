"""Acts of two persons: the first voice is kept, the second must say the same within 24 hours."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.canonical import canon, plain, sha256
from kernel.command import Cmd, Work
from kernel.errors import Reason, Refused
from kernel.identity.records import FirstStep
from kernel.values import DAY


def seconded(work: Work, on: str, cmd: Cmd) -> str | None:
    """The first person's id when this call is the second voice; None when it is the first (which is now kept).

    Raises Refused("other_than_first") when the same person speaks twice.
    """
    digest = sha256(canon(plain(cmd))).hex()
    waiting = work.session.scalar(select(FirstStep).where(
        FirstStep.tag == work.tag, FirstStep.on == on, FirstStep.digest == digest,
        FirstStep.done.is_(None), FirstStep.moment > work.moment - DAY,
    ).with_for_update())
    if waiting is None:
        work.keep(FirstStep(tag=work.tag, on=on, digest=digest, person=work.actor.id, moment=work.moment))
        return None
    if waiting.person == work.actor.id:
        raise Refused(Reason("other_than_first"))
    waiting.done = work.moment
    return waiting.person


def first_voices(session: Session, tag: str, on: str, now: int) -> tuple[str, ...]:
    """Ids of the persons whose first voice for this act still waits for a second one."""
    return tuple(session.scalars(select(FirstStep.person).where(
        FirstStep.tag == tag, FirstStep.on == on, FirstStep.done.is_(None), FirstStep.moment > now - DAY).order_by(FirstStep.moment)))
