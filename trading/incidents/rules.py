"""What an outage must be known by, and where it moves a deadline. Pure: facts in, reason or instant out."""
from dataclasses import dataclass

from kernel.errors import Reason
from kernel.machine import Facts
from kernel.values import HOUR, MINUTE
from law.periods import Calendar, next_working_hour


def probe_failed_or_witnessed(f: Facts) -> Reason | None:
    return None if f.probe or f.witnessed.strip() else Reason("probe_failed_or_witnessed")


def probe_good(f: Facts) -> Reason | None:
    return None if f.good else Reason("probe_good")


def moved(deadline: int, since: int, until: int, hours: int, days: Calendar, opens: int, closes: int) -> int | None:
    """A deadline inside [since, until + hours] moves to the first working hour from then on, at a whole minute; None where it stays.

    until: of the recovery; of an outage that lasts, the moment at which one asks.
    """
    recovered = until + hours * HOUR
    if not since <= deadline <= recovered:
        return None
    later = next_working_hour(-(-recovered // MINUTE) * MINUTE, days, opens, closes)
    return later if later > deadline else None


@dataclass(frozen=True)
class Outages:
    """Outages that may meet a period. spans: (since, until) in their order, until of one that lasts is the moment at which one asks ·
    hours after a recovery · opens, closes of the office, minutes."""

    spans: tuple[tuple[int, int], ...] = ()
    hours: int = 0
    opens: int = 0
    closes: int = 0

    def past(self, end: int, days: Calendar) -> int:
        """The end of a period after every outage that it falls into has moved it."""
        for since, until in self.spans:
            end = moved(end, since, until, self.hours, days, self.opens, self.closes) or end
        return end


NONE = Outages()
