"""Papers that are still to follow a file of the green channel, and whom they keep waiting. Queries only."""
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from law.stages import ENDS
from trading.projects.records import OwedPaper, Project, ProjectAssignment


@dataclass(frozen=True)
class Following:
    """One paper on somebody's desk. until: when it is due, ms."""

    project: str
    code: str
    name: str
    title: str
    until: int


def owed_of(session: Session, project: Project) -> tuple[OwedPaper, ...]:
    """Those of the newest round, the first due first."""
    return tuple(session.scalars(select(OwedPaper).where(
        OwedPaper.project == project.id, OwedPaper.round == project.round).order_by(OwedPaper.until, OwedPaper.item)))


def owing(session: Session, project: Project) -> tuple[tuple[str, str, int, bool], ...]:
    """As rules.owing.papers_supplied takes them."""
    return tuple((one.item, one.title, one.until, one.state == "settled") for one in owed_of(session, project))


def to_check(session: Session, actor: Actor) -> tuple[Following, ...]:
    """Papers handed in for files that were drawn for this reviewer."""
    query = _standing("supplied").join(ProjectAssignment, ProjectAssignment.project == Project.id).where(
        ProjectAssignment.person == actor.id, ProjectAssignment.round == Project.round)
    return tuple(_following(paper, project) for paper, project in session.execute(query))


def to_supply(session: Session, actor: Actor) -> tuple[Following, ...]:
    """Papers that the actor's organisation owes."""
    if actor.org is None:
        return ()
    query = _standing("owed").where(or_(Project.buyer == actor.org, Project.agent == actor.org), Project.stage != "draft")
    return tuple(_following(paper, project) for paper, project in session.execute(query))


def _standing(state: str):  # type: ignore[no-untyped-def]
    return select(OwedPaper, Project).join(Project, Project.id == OwedPaper.project).where(
        OwedPaper.round == Project.round, OwedPaper.state == state, Project.stage.not_in((*ENDS, "archived"))).order_by(OwedPaper.until, OwedPaper.id)


def _following(paper: OwedPaper, project: Project) -> Following:
    return Following(project.id, project.code, project.title, paper.title, paper.until)
