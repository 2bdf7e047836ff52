"""The recording ends with its session: the root over its segments stands in the ledger, and how many gaps there were."""
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from evaluation.area.desk import act, tender
from evaluation.area.presence import recording
from evaluation.area.records import Recording
from evaluation.records import Session
from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from kernel.tree import leaf_hash, root
from law.stages import ENDS
from trading.opening.records import Opening


class CloseRecording(Cmd):
    project: str = Field(max_length=32)
    place: Literal["opening", "evaluation"]


@command("evaluation.area.close_recording", opens="never")
def close_recording(work: Work, cmd: CloseRecording) -> Recording:
    """Guard: session_over (the opening's record signed, or the session sealed, or the tender ended). An empty list of segments
    has the root of an empty tree, and the entry says devices 0."""
    project = tender(work, cmd.project)
    row = recording(work.session, project.id, cmd.place)
    if row is None or row.closed is not None:
        raise Stale
    if cmd.place == "opening":
        over = work.session.scalar(select(Opening.signed).where(Opening.project == project.id)) is not None
    else:
        over = work.session.scalar(select(Session.stage).where(Session.project == project.id)) == "sealed"
    act(work, project, while_suspended=True, over=over or project.stage in ENDS)
    row.closed, row.root = work.moment, root([leaf_hash(bytes.fromhex(digest)) for digest in row.segments]).hex()
    work.enter(project.id, place=cmd.place, devices=row.devices, segments=len(row.segments), gaps=row.gaps, root=row.root)
    return row
