"""What waits for a reviewer: files drawn for him whose turn is his, the oldest first, green channel before the rest."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.values import day_of
from law.periods import Calendar, add_office_hours, add_working_days, end_of
from trading.projects.clauses import clause
from trading.projects.records import Project, ProjectAssignment, ProjectReview


@dataclass(frozen=True)
class Waiting:
    """due: first instant after the time both reviews have together (T49)."""

    project: str
    code: str
    title: str
    slot: int
    round: int
    green: str
    submitted_at: int
    due: int
    late: bool


def review_queue(session: Session, actor: Actor, now: int) -> tuple[Waiting, ...]:
    """Only one's own: another reviewer's queue is nobody's business."""
    mine = session.execute(select(Project, ProjectAssignment).join(ProjectAssignment, ProjectAssignment.project == Project.id).where(
        ProjectAssignment.person == actor.id, ProjectAssignment.done.is_(None), Project.stage == "review", ProjectAssignment.round == Project.round)).all()
    looked = session.scalars(select(ProjectReview).where(
        ProjectReview.project.in_([p.id for p, _ in mine]), ProjectReview.slot == 1, ProjectReview.result == "agreed")) if mine else ()
    first = {(row.project, row.round) for row in looked}
    days, found = calendar(session) if mine else {}, []
    for project, drawn in mine:
        if drawn.slot == 2 and (project.id, project.round) not in first:
            continue
        due = review_due(project, days)
        found.append(Waiting(project.id, project.code, project.title, drawn.slot, drawn.round, project.green, project.submitted_at or 0, due, now >= due))
    return tuple(sorted(found, key=lambda w: (not w.green, w.submitted_at, w.project)))


def review_due(project: Project, days: Calendar) -> int:
    """When both reviews are to be done: sooner for a green file, whose hours count from the flag where that came later."""
    submitted = project.submitted_at or project.created
    on = day_of(submitted)
    plain = end_of(add_working_days(on, clause("review.working_days", on).value, days))
    if not project.green:
        return plain
    return min(plain, add_office_hours(max(submitted, project.green_at or 0), clause("green.review_hours", on).value, days))
