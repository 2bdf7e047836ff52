"""The second person looks; after it the notice may go out."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.looking import Checklist, note, turn_of
from trading.projects.owed import owed_of
from trading.projects.records import ProjectReview


class ReviewSecond(Cmd):
    """checklist: item of rules.reviewing.CHECKLIST → yes | no | na."""

    project: str = Field(max_length=32)
    checklist: Checklist = Field(max_length=40)


@command("trading.projects.review_second", opens="inviting", signed=True)
def review_second(work: Work, cmd: ReviewSecond) -> ProjectReview:
    """Guards: drawn_for_file, other_than_first, checklist_answered."""
    project = hold(work, cmd.project)
    turn = turn_of(work, project)
    move(work, project, slot=turn.slot, turn=turn.turn, person=work.actor.id, first_person=turn.first_person,
         drafters={project.created_by}, checklist=cmd.checklist, owed={one.item for one in owed_of(work.session, project)})
    review = note(work, project, turn, "agreed", cmd.checklist)
    work.enter(project.id, round=project.round, result="agreed")
    return review
