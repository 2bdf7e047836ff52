"""A recorder has closed a file: its digest joins the recording, so that no piece can be exchanged later."""
from typing import Literal

from pydantic import Field

from evaluation.area.desk import act, tender
from evaluation.area.presence import recording
from evaluation.area.records import Recording
from kernel.command import Cmd, Work, command
from kernel.errors import Stale


class AddSegment(Cmd):
    """digest: SHA-256 of the file · gap: this file does not begin where the one before ended."""

    project: str = Field(max_length=32)
    place: Literal["opening", "evaluation"]
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    gap: bool = False


@command("evaluation.area.add_segment", opens="never")
def add_segment(work: Work, cmd: AddSegment) -> Recording:
    """Stale when no recording runs."""
    project = tender(work, cmd.project)
    row = recording(work.session, project.id, cmd.place)
    if row is None or row.closed is not None:
        raise Stale
    act(work, project, while_suspended=True)
    row.segments, row.gaps = [*row.segments, cmd.digest], row.gaps + int(cmd.gap)
    work.enter(project.id, place=cmd.place, segment=cmd.digest, number=len(row.segments))
    return row
