"""The platform was down altogether: whoever starts it finds a gap in its own log, before anything that fell due meanwhile is done."""
from sqlalchemy import func, select

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.ledger.entries import Checkpoint
from kernel.values import MINUTE
from law.registry import in_force
from trading.incidents.extending import due
from trading.incidents.open import Open
from trading.incidents.open import open as record
from trading.incidents.records import Incident


def note_silence(centre: Centre) -> Incident | None:
    """Records an outage since the last checkpoint where that is long past and a deadline fell into the gap. A log that runs
    is never silent for long: it has cover leaves. For a real centre's start; a rehearsal's clock jumps."""
    with centre.reading() as session:
        now = centre.clock.now(session)
        last = session.scalar(select(func.max(Checkpoint.moment)))
        if last is None or now - last < in_force("incidents.silence_minutes", centre.today(now)).value * MINUTE:
            return None
        known = session.scalar(select(Incident.id).where(Incident.until.is_(None)))
        if known or not due(session, Incident(id="", what="platform", since=last), now):
            return None
    found: Incident = record(centre, SYSTEM, Open(what="platform", since=last, probe="silence"))
    return found
