"""A terminated tender is announced with its reason and with what becomes of deposits."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.desk import hold, move
from trading.notices.issue import facts_of, issue
from trading.notices.publish import Given
from trading.notices.publish_failure import stop_fields
from trading.notices.records import Notice


class PublishTermination(Cmd):
    project: str = Field(max_length=32)
    fields: Given = Field(default_factory=dict, max_length=20)


@command("trading.notices.publish_termination", signed=True)
def publish_termination(work: Work, cmd: PublishTermination) -> Notice:
    """Guard: fields_complete. Stale for a tender taken back before its notice: what was never public is not announced."""
    project = hold(work, cmd.project)
    said = stop_fields(project, cmd.fields)
    move(work, project, **facts_of(project, "termination", said, work.moment))
    if project.published_at is None:
        raise Stale
    notice = issue(work, project, "termination", said)
    notice.entry = work.enter(project.id, digest=notice.digest).key
    return notice
