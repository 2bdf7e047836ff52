"""The host signs the record of the opening. With it the tender is opened, and in works the record is public."""
from pydantic import Field
from sqlalchemy import func, select

from kernel.canonical import canon, plain
from kernel.command import Cmd, Work, command
from kernel.documents import pdf, sign
from kernel.errors import NotYours
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.opening.record import record_data
from trading.opening.records import Attendance, Coefficient, Opening, OpeningObjection
from trading.opening.state import choices, opening_of


class SignRecord(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.sign_record", opens="works.opened procurement.announced", signed=True)
def sign_record(work: Work, cmd: SignRecord) -> Opening:
    """A replay's record is the canonical JSON of the same data, since nobody hangs it out; every other is a signed PDF."""
    project = hold(work, cmd.project)
    session = work.session
    opening = opening_of(session, project.id)
    if opening is None:
        raise NotYours
    unanswered = select(func.count()).select_from(OpeningObjection).where(OpeningObjection.project == project.id, OpeningObjection.answered.is_(None))
    live = set(session.scalars(select(Bid.org).where(Bid.project == project.id, Bid.state == "live")))
    confirmed = set(session.scalars(select(Attendance.org).where(Attendance.project == project.id, Attendance.confirmed.is_not(None))))
    drawn = session.scalar(select(Coefficient.value).where(Coefficient.project == project.id))
    move(
        work, project, read_out=opening.read_out, objections_open=session.scalar(unanswered), all_confirmed=live <= confirmed,
        choices=choices(session, project.id), drawn=drawn, commits={}, reveals={},
    )
    data = record_data(session, project, opening, work.moment)
    if project.procedure == "replay.lowest":
        blob = work.centre.blobs.put(canon(plain(data)))
    else:
        blob = work.centre.blobs.put(sign(work.centre, pdf(work.centre, "opening_record", data)))
    opening.signed, opening.record_blob, opening.record_digest = work.moment, blob.key, blob.digest
    work.enter(project.id, record=blob.digest)
    return opening
