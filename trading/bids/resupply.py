"""The centre lost a ciphertext: its bidder brings the same file again. Only the very bytes of the closing list count."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.bids.records import Bid, Envelope, Upload
from trading.desk import hold, move


class Resupply(Cmd):
    """upload: a whole upload of the same part, which came after the deadline."""

    project: str = Field(max_length=32)
    part: str = Field(pattern=r"^(price|commercial|technical)$")
    upload: str = Field(max_length=16)


@command("trading.bids.resupply", opens="never")
def resupply(work: Work, cmd: Resupply) -> Envelope:
    project = hold(work, cmd.project)
    upload = work.session.get(Upload, cmd.upload)
    if upload is None or upload.project != project.id or not work.actor.org or upload.org != work.actor.org or upload.state != "whole":
        raise NotYours
    row = work.session.scalar(select(Envelope).join(Bid, Bid.id == Envelope.bid).where(
        Bid.project == project.id, Bid.lot == upload.lot, Bid.org == work.actor.org, Bid.state == "live", Envelope.part == cmd.part))
    move(work, project, stage_moved_by_clock=True, digest=upload.digest, recorded=row.digest if row else "")
    assert row is not None
    row.blob, upload.state = upload.blob, "used"
    work.enter(project.id, digest=row.digest)
    return row
