"""Two ways of doing one thing, taken in turns: the median of each and their ratio.

Taking turns keeps a busy machine from favouring one side; a ratio in one run survives another machine, seconds do not.
"""
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from kernel.clock import monotonic

Job = Callable[[], object]


@dataclass(frozen=True)
class Line:
    """subject against reference. ours, theirs: median seconds for `count` operations each; where shown is a unit, whole figures in it."""

    subject: str
    reference: str
    ours: float
    theirs: float
    count: int = 1
    unit: str = ""
    shown: str = ""

    @property
    def ratio(self) -> float:
        if self.theirs:
            return self.ours / self.theirs
        return float("inf") if self.ours else 1.0

    def row(self) -> tuple[str, ...]:
        if self.shown:
            return (self.subject, self.reference, f"{self.ratio:,.2f}×", f"{self.ours:,.0f} {self.shown}", f"{self.theirs:,.0f} {self.shown}", self.unit)
        return (self.subject, self.reference, f"{self.ratio:,.2f}×", _each(self.ours, self.count), _each(self.theirs, self.count), self.unit)


def _each(seconds: float, count: int) -> str:
    one = seconds / count
    if one >= 1:
        return f"{one:.2f} s"
    return f"{one * 1000:.2f} ms" if one >= 0.001 else f"{one * 1e6:.2f} µs"


def timed(job: Job) -> float:
    began = monotonic()
    job()
    return monotonic() - began


def compare(subject: str, ours: Job, reference: str, theirs: Job, rounds: int, count: int = 1, unit: str = "") -> Line:
    """Runs both once unmeasured, then `rounds` times in turns."""
    ours()
    theirs()
    pairs = [(timed(ours), timed(theirs)) if n % 2 else (timed(theirs), timed(ours))[::-1] for n in range(rounds)]
    return Line(subject, reference, statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), count, unit)


HEADS = ("what", "against", "ratio", "each", "reference each", "for each")


def table(lines: list[Line]) -> str:
    rows = [HEADS, *(line.row() for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADS))]
    return "\n".join("  ".join(cell.rjust(w) if 2 <= n <= 4 else cell.ljust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows)
