"""Something is out of order in the area: a rule, its figures, and whoever must look."""
from typing import Any

from pydantic import Field
from sqlalchemy import select

from evaluation.area.desk import act, tender
from evaluation.area.records import Alarm
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import Stale


class RaiseAlarm(Cmd):
    """cause: what makes it unique (an entry, a badge and a moment): the same thing rings once."""

    project: str = Field(max_length=32)
    rule: str = Field(max_length=24)
    cause: str = Field(min_length=1, max_length=80)
    badge: str = Field(default="", max_length=32)
    figures: dict[str, int | str] = Field(default_factory=dict, max_length=8)


@command("evaluation.area.raise_alarm", opens="never")
def raise_alarm(work: Work, cmd: RaiseAlarm) -> Alarm:
    """Guard: rule_of_alarm_met (a rule of the list, with the figures that met it)."""
    project = tender(work, cmd.project)
    if work.session.scalar(select(Alarm.id).where(Alarm.cause == cmd.cause)):
        raise Stale
    act(work, project, while_suspended=True, rule=cmd.rule, met=bool(cmd.figures))
    figures: dict[str, Any] = dict(cmd.figures)
    alarm: Alarm = work.keep(Alarm(project=project.id, rule=cmd.rule, badge=cmd.badge, figures=figures, cause=cmd.cause, raised=work.moment))
    work.session.flush()
    work.enter(project.id, rule=cmd.rule, figures=salted(alarm.row_salt, figures))
    return alarm
