"""What falls due. Correctness never waits for a timer: guards read the clock; a timer only wakes what is due.

A package registers `@timer` functions `(session, now) -> list[Due]`. Each Due has a key that is unique for ever;
the job table remembers it, so that a due act runs once however many processes look.
"""
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Tables
from kernel.errors import Refusal

if TYPE_CHECKING:
    from kernel.centre import Centre

log = structlog.get_logger()
AT_ONCE = 500  # keys of one question


@dataclass(frozen=True)
class Due:
    """key: unique name of this job · moment: when it is due (ms) · run: the act to take."""

    key: str
    moment: int
    run: Callable[["Centre"], object]


class Job(Tables):
    __tablename__ = "job"
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    moment: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int] = mapped_column(BigInteger)


Timer = Callable[[Session, int], list[Due]]
_timers: list[Timer] = []


def timer(fn: Timer) -> Timer:
    _timers.append(fn)
    return fn


def run_due(centre: "Centre") -> int:
    """Runs every job that is due and was not run; returns how many ran. A refused job is tried again next time."""
    with centre.database.reading() as session:
        now = centre.clock.now(session)
        due = sorted((d for fn in _timers for d in fn(session, now) if d.moment <= now), key=lambda d: (d.moment, d.key))
        known = done_of(session, due)
    ran = 0
    for job in due:
        if job.key in known:
            continue
        try:
            job.run(centre)
        except Refusal as refusal:
            log.info("timer_refused", job=job.key, rule=str(refusal))
            continue
        with centre.database.writing() as session:
            session.merge(Job(key=job.key, moment=job.moment, done=now))
            session.commit()
        ran += 1
    return ran


def done_of(session: Session, due: list[Due]) -> set[str]:
    """The keys of those that have run."""
    keys = [d.key for d in due]
    return {key for at in range(0, len(keys), AT_ONCE) for key in session.scalars(select(Job.key).where(Job.key.in_(keys[at : at + AT_ONCE])))}


def next_due(centre: "Centre") -> int | None:
    """The earliest moment at which something not yet run falls due; for the rehearsal's driver."""
    with centre.database.reading() as session:
        now = centre.clock.now(session)
        due = [d for fn in _timers for d in fn(session, now)]
        known = done_of(session, due)
        moments = [d.moment for d in due if d.key not in known]
    return min(moments) if moments else None
