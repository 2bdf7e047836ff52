"""What the acts of this folder share: the law's clause of a tender's day, one voice of several, the ranks in force."""
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Work
from kernel.machine import Step
from kernel.values import day_of
from law.citation import Clause
from law.registry import in_force
from trading.awards.records import Award, Candidate, Skip
from trading.desk import move
from trading.notices.records import Notice
from trading.projects.records import Project, Suspension


def clause_of(project: Project, name: str) -> Clause:
    """The clause `<field>.<name>` of the day the tender's notice was published."""
    assert project.published_at is not None, f"{project.id} was never published"
    return in_force(f"{project.field}.{name}", day_of(project.published_at))


def ground_clause(project: Project, name: str) -> Clause:
    assert project.published_at is not None, f"{project.id} was never published"
    return in_force(name, day_of(project.published_at))


def voice(work: Work, project: Project, **facts: Any) -> Step:
    """Decides an act of several persons like `move`, but leaves the stage: the last voice moves it."""
    before = {name: getattr(project, name) for name in ("stage", "contracted_at")}
    step = move(work, project, **facts)
    for name, value in before.items():
        setattr(project, name, value)
    return step


def candidates_by_lot(session: Session, project: str) -> dict[str, list[Candidate]]:
    """The candidates of each lot in their order."""
    found: dict[str, list[Candidate]] = {}
    for row in session.scalars(select(Candidate).where(Candidate.project == project).order_by(Candidate.lot, Candidate.rank)):
        found.setdefault(row.lot, []).append(row)
    return found


def skipped(session: Session, project: str) -> set[tuple[str, int]]:
    return {(lot, rank) for lot, rank in session.execute(select(Skip.lot, Skip.rank).where(Skip.project == project))}


def first_of(candidates: list[Candidate], gone: set[tuple[str, int]]) -> Candidate | None:
    """The first candidate of a lot that was not passed over; None when all were."""
    return next((c for c in candidates if (c.lot, c.rank) not in gone), None)


def awards_of(session: Session, project: str) -> list[Award]:
    return list(session.scalars(select(Award).where(Award.project == project).order_by(Award.lot)))


def notice_of(session: Session, project: str, kind: str) -> Notice | None:
    """The newest notice of a kind."""
    return session.scalar(select(Notice).where(Notice.project == project, Notice.kind == kind).order_by(Notice.version.desc()).limit(1))


def held_since(session: Session, project: str, start: int | None, now: int) -> int:
    """Milliseconds for which the tender was suspended after `start`: they count for no period that was running."""
    if start is None:
        return 0
    spans = session.execute(select(Suspension.since, Suspension.ended).where(Suspension.project == project))
    return sum(max(0, (ended or now) - max(since, start)) for since, ended in spans)
