"""What both reviews share: whose turn it is, who drafted, and how a look at the file is kept."""
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from kernel.command import Work
from trading.projects.records import Project, ProjectAssignment, ProjectReview

Checklist = dict[Annotated[str, Field(pattern=r"^[a-z_]{2,32}$")], Annotated[str, Field(pattern=r"^(yes|no|na)$")]]


@dataclass(frozen=True)
class Turn:
    """slot: the actor's own in this round (0: none). turn: whose look is due (None: both looked)."""

    slot: int
    turn: int | None
    first_person: str
    assignment: ProjectAssignment | None


def turn_of(work: Work, project: Project) -> Turn:
    looked = {row.slot: row.person for row in work.session.scalars(select(ProjectReview).where(
        ProjectReview.project == project.id, ProjectReview.round == project.round, ProjectReview.result == "agreed"))}
    mine = work.session.scalar(select(ProjectAssignment).where(
        ProjectAssignment.project == project.id, ProjectAssignment.round == project.round, ProjectAssignment.person == work.actor.id))
    due = next((slot for slot in (1, 2) if slot not in looked), None)
    return Turn(mine.slot if mine else 0, due, looked.get(1, ""), mine)


def note(work: Work, project: Project, turn: Turn, result: str, checklist: dict[str, str], reasons: tuple[str, ...] = ()) -> ProjectReview:
    """Keeps one review and closes the reviewer's assignment."""
    assert turn.assignment is not None
    turn.assignment.done = work.moment
    review: ProjectReview = work.keep(ProjectReview(
        project=project.id, round=project.round, slot=turn.slot, person=work.actor.id, result=result,
        checklist=dict(checklist), reasons=list(reasons), at=work.moment,
    ))
    return review
