"""May an organisation act at a moment? By the clock, whatever a timer has or has not done yet."""

from trading.subjects.records import Subject


def may_act(subject: Subject, now: int) -> bool:
    """Admitted once, not locked, not barred. A change under review takes nothing away: the old values hold."""
    if subject.admitted_at is None or subject.stage == "locked":
        return False
    return subject.stage != "barred" or (subject.barred_until is not None and now >= subject.barred_until)
