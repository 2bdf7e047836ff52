"""The pulse of a running centre: sequencer, reactions, timers, messages. One leader at a time.

The leader holds an advisory lock on PostgreSQL or a lock file on SQLite. Replays and tests call `settle` instead,
so nothing sleeps.
"""
import fcntl
import random
import threading
from typing import TYPE_CHECKING, Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import text

from kernel.ledger.sequencer import sequence
from kernel.messages import deliver
from kernel.reactions import run_reactions
from kernel.timers import run_due

if TYPE_CHECKING:
    from kernel.centre import Centre

log = structlog.get_logger()
LEADER = 7101
PULSE = threading.RLock()  # the scheduler and `settle` never move the same process at once


def settle(centre: "Centre") -> None:
    """Runs reactions, timers and the sequencer until nothing moves. What the ticker does, at once."""
    with PULSE:
        while True:
            read = run_reactions(centre)
            sequence(centre)
            if not (read or run_due(centre)):
                return


class Ticker:
    def __init__(self, centre: "Centre") -> None:
        self.centre = centre
        self.random = random.SystemRandom()
        self._lock: Any = None
        self.scheduler = BackgroundScheduler(job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None})

    def start(self) -> None:
        self.scheduler.add_job(self.beat, "interval", seconds=0.4, id="beat")
        self.scheduler.add_job(self.due, "interval", seconds=1, id="due")
        self.scheduler.add_job(self.post, "interval", seconds=2, id="post")
        self.scheduler.start()

    def stop(self) -> None:
        if self.scheduler.running:
            self.scheduler.shutdown(wait=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def leads(self) -> bool:
        """True in the one process that holds the lock; takes it when it is free."""
        if self._lock is not None:
            return True
        if self.centre.database.sqlite:
            file = open(self.centre.home / "leader.lock", "w")  # noqa: SIM115 - held for the life of the process
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                return False
            self._lock = file
            return True
        connection = self.centre.database.writer.connect()
        if connection.scalar(text("select pg_try_advisory_lock(:k)"), {"k": LEADER}):
            connection.commit()
            self._lock = connection
            return True
        connection.close()
        return False

    def _guarded(self, name: str, *steps: Any) -> None:
        if self.centre.row is None or not self.leads():
            return
        try:
            with PULSE:
                for step in steps:
                    step()
        except Exception:  # the pulse must go on; the fault is ours and stands in the log
            log.exception("ticker_failed", job=name)

    def beat(self) -> None:
        self._guarded("beat", lambda: run_reactions(self.centre), lambda: sequence(self.centre, self.random))

    def due(self) -> None:
        self._guarded("due", lambda: run_due(self.centre))

    def post(self) -> None:
        self._guarded("post", lambda: deliver(self.centre))
