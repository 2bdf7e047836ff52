"""Somebody who is no member goes in: of a listed kind, escorted, and the regulator knows (87号令 第六十六条)."""
from pydantic import Field
from sqlalchemy import select

from evaluation.area.desk import act, tender
from evaluation.area.records import Badge
from evaluation.desk import clause
from evaluation.records import Session
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.values import HOUR, short_code


class RegisterGuest(Cmd):
    """kind: a code of grounds.area_guest · regulator_told: the guard's word that the regulator was told before."""

    project: str = Field(max_length=32)
    kind: str = Field(max_length=12)
    escort: str = Field(default="", max_length=80)
    regulator_told: bool
    hours: int = Field(default=2, ge=1, le=12)


@command("evaluation.area.register_guest", opens="never")
def register_guest(work: Work, cmd: RegisterGuest) -> Badge:
    """Guards: guest_kind_listed, escort_named, regulator_told. The badge then passes the doors like any other."""
    project = tender(work, cmd.project)
    if work.session.scalar(select(Session.id).where(Session.project == project.id)) is None:
        raise NotYours
    act(work, project, kind=cmd.kind, kinds=clause(project, "grounds.area_guest", work.moment), escort=cmd.escort, told=cmd.regulator_told)
    made: Badge = work.keep(Badge(
        project=project.id, code=short_code(8), kind=cmd.kind, person="", holder=cmd.kind, since=work.moment,
        until=work.moment + cmd.hours * HOUR, state="issued", escort=cmd.escort))
    work.enter(project.id, badge=made.code, kind=cmd.kind)
    return made
