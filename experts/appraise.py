"""一标一评: agent and buyer each record how a seat worked, within five working days after the evaluation."""
from pydantic import Field
from sqlalchemy import select

from experts.desk import hold_draw, law_on, move
from experts.records import Appraisal, Seat
from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Stale
from trading.relations import relations


class Marks(Cmd):
    """Points of 0 … 5; fewer than five need facts."""

    diligence: int = Field(ge=0, le=5)
    fairness: int = Field(ge=0, le=5)
    quality: int = Field(ge=0, le=5)
    discipline: int = Field(ge=0, le=5)


class Appraise(Cmd):
    seat: str = Field(max_length=32)
    marks: Marks
    facts: str = Field(default="", max_length=1000)


@command("experts.appraise", opens="never", signed=True)
def appraise(work: Work, cmd: Appraise) -> Appraisal:
    """Once per seat and side. The period rests on a text nobody has checked yet: a late appraisal warns and counts."""
    seat = work.session.get(Seat, cmd.seat)
    if seat is None or seat.kind != "expert":
        raise NotYours
    draw, project = hold_draw(work, seat.draw)
    days = law_on(project, work.moment, "experts.appraisal_working_days")
    step = move(
        work, draw, project, relations(work.session, work.actor, project, work.moment), own=project.reported_at is not None and seat.out is None,
        evaluated_at=project.reported_at or work.moment, days=days.value, days_under=days.under, days_binding=days.may_refuse,
        calendar=calendar(work.session), marks=cmd.marks.model_dump(), facts=cmd.facts,
    )
    if work.session.scalar(select(Appraisal.id).where(Appraisal.seat == seat.id, Appraisal.party == step.role)):
        raise Stale
    row: Appraisal = work.keep(Appraisal(
        seat=seat.id, party=step.role, by=work.actor.id, marks=cmd.marks.model_dump(), facts=cmd.facts, at=work.moment))
    work.enter(project.id, draw=draw.id, seat=seat.pid, warn=[reason.rule for reason in work.warnings])
    return row
