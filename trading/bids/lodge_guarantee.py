"""A letter of guarantee in place of the deposit (政府采购法实施条例 第三十三条), kept sealed until the opening."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.values import DAY
from trading.bids.records import Guarantee
from trading.desk import hold, move
from trading.projects.records import Lot


class LodgeGuarantee(Cmd):
    """blob, digest: the scanned letter as kernel.blobs keeps it · valid_until: ms · amount: smallest unit."""

    project: str = Field(max_length=32)
    lot: str = Field(max_length=32)
    issuer: str = Field(min_length=2, max_length=120)
    number: str = Field(max_length=60)
    amount: int = Field(ge=0, le=10**16)
    valid_until: int = Field(ge=0)
    blob: str = Field(max_length=32)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


@command("trading.bids.lodge_guarantee", opens="never")
def lodge_guarantee(work: Work, cmd: LodgeGuarantee) -> Guarantee:
    project = hold(work, cmd.project)
    lot = work.session.get(Lot, cmd.lot)
    if lot is None or lot.project != project.id:
        raise NotYours
    move(
        work, project, stage_moved_by_clock=True, written=project.stage, moment=work.moment, number=cmd.number, amount=cmd.amount,
        valid_until=cmd.valid_until, valid_needed=(project.deadline or 0) + project.validity_days * DAY,
    )
    if work.session.scalar(select(Guarantee.id).where(Guarantee.lot == lot.id, Guarantee.org == work.actor.org)):
        raise Stale
    row: Guarantee = work.keep(Guarantee(
        project=project.id, lot=lot.id, org=work.actor.org, issuer=cmd.issuer, number=cmd.number, amount=cmd.amount,
        valid_until=cmd.valid_until, digest=cmd.digest, blob=cmd.blob, at=work.moment))
    work.enter(project.id, letter=cmd.digest)
    return row
