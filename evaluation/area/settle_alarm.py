"""An alarm is looked into and its finding written down."""
from pydantic import Field

from evaluation.area.desk import act, tender
from evaluation.area.records import Alarm
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class SettleAlarm(Cmd):
    alarm: str = Field(max_length=32)
    finding: str = Field(default="", max_length=24)


@command("evaluation.area.settle_alarm", opens="never")
def settle_alarm(work: Work, cmd: SettleAlarm) -> Alarm:
    """Guards: alarm_open, finding_given. A regulator may settle from his own desk; a guard at the area's."""
    alarm = work.session.get(Alarm, cmd.alarm, with_for_update=True)
    if alarm is None:
        raise NotYours
    project = tender(work, alarm.project)
    step = act(work, project, at_terminal=False, while_suspended=True, open=alarm.settled is None, finding=cmd.finding)
    if step.role == "area_guard" and work.actor.channel != "area":
        raise NotYours
    alarm.settled, alarm.finding = work.moment, cmd.finding
    work.enter(project.id, rule=alarm.rule, finding=cmd.finding)
    return alarm
