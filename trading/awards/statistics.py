"""Public figures over finished tenders (announced, failed, terminated), such that no one tender can be read from them.

Two ways to read a single tender are shut. Small cells: inside each batch a cell of fewer than five tenders is merged
into "other", and "other" takes the next smallest cell until it holds five itself, so that a total minus what is shown
never is one tender. Difference of two publications: months are released whole, never the running one, and only in
batches of five tenders or more; every table is the sum of the batches' tables. Money in the smallest unit.
"""
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kernel.values import day_of
from law.stages import ENDS, MAIN
from trading.awards.records import Award
from trading.projects.records import Project
from trading.subjects.records import Subject

FEWEST = 5
OTHER = "other"
FINISHED = MAIN[MAIN.index("announced"):]


@dataclass(frozen=True)
class Finished:
    """One finished tender. tendered: ceiling (else budget) of a tender with an award, against which it saved."""

    month: str
    field: str
    method: str
    outcome: str
    budget: int
    tendered: int
    awarded: int


@dataclass(frozen=True)
class Figures:
    """won: tenders with an award. rate: per cent of what was tendered, two digits; None where nothing was awarded."""

    projects: int
    budget: int
    tendered: int
    awarded: int
    won: int = 0

    @property
    def saved(self) -> int:
        return self.tendered - self.awarded

    @property
    def rate(self) -> Decimal | None:
        if not self.tendered:
            return None
        return (Decimal(self.saved) * 100 / self.tendered).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def __add__(self, more: "Figures") -> "Figures":
        return Figures(self.projects + more.projects, self.budget + more.budget, self.tendered + more.tendered, self.awarded + more.awarded, self.won + more.won)


NOTHING = Figures(0, 0, 0, 0)


@dataclass(frozen=True)
class Statistics:
    """until: first month not in the figures. subjects: organisations by kind, None for fewer than five."""

    until: str
    total: Figures
    by_month: tuple[tuple[str, Figures], ...]
    by_field: tuple[tuple[str, Figures], ...]
    by_method: tuple[tuple[str, Figures], ...]
    by_outcome: tuple[tuple[str, Figures], ...]
    subjects: tuple[tuple[str, int | None], ...]


def statistics(session: Session, now: int) -> Statistics:
    """The figures as they are public at `now`."""
    until = f"{day_of(now):%Y-%m}"
    batched = batches([f for f in finished(session) if f.month < until])
    by_month = tuple((batch[0].month if batch[0].month == batch[-1].month else f"{batch[0].month}/{batch[-1].month}", summed(batch)) for batch in batched)
    return Statistics(
        until, sum((figures for _, figures in by_month), NOTHING), by_month, table(batched, lambda f: f.field),
        table(batched, lambda f: f.method), table(batched, lambda f: f.outcome), subjects(session),
    )


def finished(session: Session) -> list[Finished]:
    """Every finished tender, the earliest month first."""
    won = select(Award.project, func.sum(Award.amount).label("sum")).group_by(Award.project).subquery()
    query = select(Project, won.c.sum).outerjoin(won, won.c.project == Project.id).where(
        Project.stage.in_(FINISHED), Project.published_at.is_not(None), or_(Project.announced_at.is_not(None), Project.ended_at.is_not(None)))
    found = []
    for project, amount in session.execute(query):
        ended = project.stage in ENDS
        moment = project.ended_at if ended else project.announced_at
        awarded = 0 if ended or amount is None else int(amount)
        tendered = (project.ceiling or project.budget) if awarded else 0
        found.append(Finished(f"{day_of(moment):%Y-%m}", project.field, project.method, project.stage if ended else "awarded", project.budget, tendered, awarded))
    return sorted(found, key=lambda f: f.month)


def batches(tenders: Sequence[Finished]) -> list[list[Finished]]:
    """Runs of whole months with at least FEWEST tenders each; what is left waits for later months."""
    done: list[list[Finished]] = []
    waiting: list[Finished] = []
    for month in sorted({f.month for f in tenders}):
        waiting += [f for f in tenders if f.month == month]
        if len(waiting) >= FEWEST:
            done.append(waiting)
            waiting = []
    return done


def table(batched: Iterable[Sequence[Finished]], key: Callable[[Finished], str]) -> tuple[tuple[str, Figures], ...]:
    """The sums of the batches' safe cells, "other" last."""
    sums: dict[str, Figures] = {}
    for batch in batched:
        for name, cell in cells(batch, key).items():
            sums[name] = sums.get(name, NOTHING) + summed(cell)
    return tuple(sorted(sums.items(), key=lambda pair: (pair[0] == OTHER, pair[0])))


def cells(batch: Sequence[Finished], key: Callable[[Finished], str]) -> dict[str, list[Finished]]:
    """The cells of one batch, none of fewer than FEWEST tenders."""
    found: dict[str, list[Finished]] = {}
    for tender in batch:
        found.setdefault(key(tender), []).append(tender)
    rest: list[Finished] = []
    for name in sorted(found, key=lambda n: (len(found[n]), n)):
        if len(found[name]) < FEWEST or 0 < len(rest) < FEWEST:
            rest += found.pop(name)
    return found | ({OTHER: rest} if rest else {})


def summed(tenders: Iterable[Finished]) -> Figures:
    return sum((Figures(1, f.budget, f.tendered, f.awarded, int(f.outcome == "awarded")) for f in tenders), NOTHING)


def subjects(session: Session) -> tuple[tuple[str, int | None], ...]:
    """Admitted organisations by kind; one may be of several."""
    found: list[tuple[str, int | None]] = []
    for kind, column in (("buyer", Subject.is_buyer), ("agent", Subject.is_agent), ("supplier", Subject.is_supplier)):
        count = session.scalar(select(func.count()).select_from(Subject).where(column == 1, Subject.stage == "admitted")) or 0
        found.append((kind, count if count >= FEWEST else None))
    return tuple(found)
