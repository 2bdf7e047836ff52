"""A failed tender is announced with its reason, without a word on who or how many had bid."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from law.grounds import LABELS
from trading.desk import hold, move
from trading.notices.issue import facts_of, issue, suppliers_named
from trading.notices.publish import Given
from trading.notices.records import Notice
from trading.notices.wording import Fields, both, entered
from trading.projects.records import Project


class PublishFailure(Cmd):
    """fields: reason in words, where the listed condition alone does not say enough."""

    project: str = Field(max_length=32)
    fields: Given = Field(default_factory=dict, max_length=20)


@command("trading.notices.publish_failure", signed=True)
def publish_failure(work: Work, cmd: PublishFailure) -> Notice:
    """Guards: fields_complete, reason_without_numbers. The stage stays failed."""
    project = hold(work, cmd.project)
    said = stop_fields(project, cmd.fields)
    text = " ".join(cmd.fields.values())
    move(work, project, text=text, names=suppliers_named(work, project, text), **facts_of(project, "failure", said, work.moment))
    notice = issue(work, project, "failure", said)
    notice.entry = work.enter(project.id, digest=notice.digest).key
    return notice


def stop_fields(project: Project, given: dict[str, str]) -> Fields:
    """What a notice of failure or termination says: the tender, why, what becomes of deposits, whom to call."""
    cause = LABELS.get(project.stop_cause)
    said: Fields = {"project": project.title} | ({"reason": both(*cause)} if cause else {})
    return said | {code: text for code, text in entered(project.details, given).items() if code in ("reason", "refunds", "contact")}
