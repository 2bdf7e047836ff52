"""A call that nobody answered within its window is over; the next in the order follows."""
from pydantic import Field

from experts.calling import record, ways_tried
from experts.desk import hold_draw, move, note_outcome
from experts.records import Call
from kernel.canonical import canon, sha256
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale


class MarkUnreachable(Cmd):
    call: str = Field(max_length=32)


@command("experts.mark_unreachable", opens="announced", timed=False)
def mark_unreachable(work: Work, cmd: MarkUnreachable) -> Call:
    """The entry holds the hash of the call's record, so that "unreachable" is never just somebody's word."""
    found = work.session.get(Call, cmd.call)
    if found is None:
        raise NotYours
    draw, project = hold_draw(work, found.draw)
    work.session.refresh(found)
    move(work, draw, project, until=found.until, channels=ways_tried(work.session, found))
    if found.outcome:
        raise Stale
    found.outcome = "unreachable"
    outcome = note_outcome(work, draw, found.pid, "unreachable")
    shown = sha256(canon(record(work.session, found))).hex()
    outcome.entry = work.enter(project.id, draw=draw.id, pid=found.pid, outcome="unreachable", record=shown).key
    return found
