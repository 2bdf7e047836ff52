"""The deadline moves later, for a reason; it never moves earlier."""
from typing import Any

from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.daytable.reads import calendar
from kernel.errors import Malformed, NotYours, Text
from kernel.values import MINUTE, show_time
from trading.desk import hold, move
from trading.incidents.records import Incident
from trading.incidents.state import moves_to
from trading.notices.issue import first_notice, issue
from trading.notices.records import Notice
from trading.notices.wording import both
from trading.projects.clauses import deciding_day, period_clauses
from trading.projects.records import Project


class Extend(Cmd):
    """Instants in ms; what is not given keeps its distance to the deadline or stays. incident: id of the outage by whose rule
    the system moves the deadline, which then cannot have passed."""

    project: str = Field(max_length=32)
    deadline: int = Field(ge=0)
    document_until: int | None = Field(default=None, ge=0)
    evaluation: int | None = Field(default=None, ge=0)
    reason: str = Field(max_length=500)
    incident: str = Field(default="", max_length=32)


@command("trading.notices.extend", signed=True)
def extend(work: Work, cmd: Extend) -> Notice:
    """Guards: later_than_before, before_closing, reason_given, deadline_on_working_day (the last not in a replay).
    Effects: new times and a notice of them. NotYours for an outage that does not move this deadline to that time."""
    project = hold(work, cmd.project)
    times = new_times(project, cmd)
    if cmd.incident and not by_rule(work, project, cmd):
        raise NotYours
    move(work, project, while_suspended=True, stage_moved_by_clock=project.published_at is not None, reason=cmd.reason, outage=bool(cmd.incident),
         wanted_deadline=cmd.deadline, calendar=calendar(work.session),
         clauses=period_clauses(project, deciding_day(project, work.moment)), **times)
    set_times(project, times)
    first = first_notice(work, project.id)
    shown = show_time(cmd.deadline)
    notice = issue(work, project, "extension", {"reason": cmd.reason, "submission": both(f"截止时间顺延至 {shown}", f"The deadline moves to {shown}")},
                   medium=first.media if first else "")
    notice.entry = work.enter(project.id, digest=notice.digest, deadline=project.deadline, document_until=project.document_until,
                              evaluation=project.evaluation_at, incident=cmd.incident or None, warn=[w.rule for w in work.warnings] or None).key
    return notice


def new_times(project: Project, cmd: Extend) -> dict[str, Any]:
    """new_deadline, new_document_until, new_evaluation_at. Malformed before a deadline was ever set."""
    if project.deadline is None:
        raise Malformed("deadline", Text("尚未安排截止时间", "No deadline is set"))
    by = cmd.deadline - project.deadline
    return {
        "new_deadline": cmd.deadline,
        "new_document_until": (project.document_until or 0) if cmd.document_until is None else cmd.document_until,
        "new_evaluation_at": (project.evaluation_at + by if project.evaluation_at else cmd.deadline) if cmd.evaluation is None else cmd.evaluation,
    }


def by_rule(work: Work, project: Project, cmd: Extend) -> bool:
    """Does the outage move the deadline to the time that the system asks for? While it lasts, that time goes on with the clock:
    what was computed within the last minute holds."""
    row = work.session.get(Incident, cmd.incident)
    if row is None or work.actor.kind != "system" or project.deadline is None:
        return False
    found = moves_to(project, project.deadline, row, calendar(work.session), work.moment)
    return found is not None and 0 <= found - cmd.deadline <= MINUTE


def set_times(project: Project, times: dict[str, Any]) -> None:
    project.deadline = times["new_deadline"]
    if project.document_until is not None:
        project.document_until = times["new_document_until"]
    if project.evaluation_at is not None:
        project.evaluation_at = times["new_evaluation_at"]
