"""The host signs the record of the second opening, once objections on the spot are answered and bidders have confirmed. The committee does not wait for it."""
from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from kernel.documents import pdf, sign
from kernel.errors import NotYours, Stale
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.opening.record import record_data
from trading.opening.records import Attendance, Opening, OpeningObjection
from trading.opening.state import awaited, opening_of


class SignPriceRecord(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.sign_price_record", opens="works.opened", signed=True)
def sign_price_record(work: Work, cmd: SignPriceRecord) -> Opening:
    """Guards: two_envelopes_in_document, read_out_done, objections_answered, confirm_window_over_or_all."""
    project = hold(work, cmd.project)
    opening = opening_of(work.session, project.id)
    if opening is None:
        raise NotYours
    waiting = select(func.count()).select_from(OpeningObjection).where(OpeningObjection.project == project.id, OpeningObjection.answered.is_(None))
    live = set(work.session.scalars(select(Bid.org).where(Bid.id.in_(awaited(work.session, project)))))
    confirmed = set(work.session.scalars(select(Attendance.org).where(Attendance.project == project.id, Attendance.prices_confirmed.is_not(None))))
    move(work, project, read_out=opening.prices_read, objections_open=work.session.scalar(waiting), all_confirmed=live <= confirmed)
    if opening.prices_signed is not None:
        raise Stale
    blob = work.centre.blobs.put(sign(work.centre, pdf(work.centre, "opening_record", record_data(work.session, project, opening, work.moment))))
    opening.prices_signed, opening.price_blob, opening.price_digest = work.moment, blob.key, blob.digest
    work.enter(project.id, record=blob.digest)
    return opening
