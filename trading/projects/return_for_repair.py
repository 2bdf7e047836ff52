"""A reviewer sends the file back, naming every fault at once (一次性告知)."""
from typing import Annotated

from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.looking import Checklist, note, turn_of
from trading.projects.records import ProjectReview

Reasons = dict[Annotated[str, Field(pattern=r"^[a-z_]{2,32}$")], Annotated[str, Field(max_length=500)]]


class ReturnForRepair(Cmd):
    """reasons: item of the checklist → what has to be mended."""

    project: str = Field(max_length=32)
    checklist: Checklist = Field(max_length=40)
    reasons: Reasons = Field(max_length=40)


@command("trading.projects.return_for_repair", opens="never", signed=True)
def return_for_repair(work: Work, cmd: ReturnForRepair) -> ProjectReview:
    """Guards: drawn_for_file, reason_given, all_faults_at_once. Effects: stage draft; the next submission is a new round."""
    project = hold(work, cmd.project)
    turn = turn_of(work, project)
    move(work, project, slot=turn.slot, turn=turn.turn, reasons=tuple(cmd.reasons.values()), named=set(cmd.reasons), checklist=cmd.checklist)
    review = note(work, project, turn, "returned", cmd.checklist, tuple(f"{item}: {why}" for item, why in sorted(cmd.reasons.items())))
    work.enter(project.id, round=project.round, result="returned", items=sorted(cmd.reasons))
    return review
