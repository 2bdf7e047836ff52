"""The second of two envelopes: every price that the committee called for is read out at one moment."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.opening.locks import closes
from trading.opening.read_out import lines_root
from trading.opening.records import Opening
from trading.opening.state import called, failures, opening_of, turn, undecided


class ReadOutPrices(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.read_out_prices", opens="works.opened", signed=True)
def read_out_prices(work: Work, cmd: ReadOutPrices) -> Opening:
    """Guards: two_envelopes_in_document, turn_has_come, all_decided, decryption_window_over_or_all. Rejected bids stand among
    the lines without a price. Its record is signed afterwards (trading/opening/sign_price_record.py)."""
    project = hold(work, cmd.project)
    session = work.session
    opening = opening_of(session, project.id)
    if opening is None:
        raise NotYours
    call, open_bids = called(session, project), undecided(session, project.id)
    failed = [failure.bid for failure in failures(session, project.id) if call and failure.at >= call.at]
    move(
        work, project, asked=turn(session, project) == 2, undecided=open_bids, all_opened=not open_bids and not failed,
        window_ends=closes(session, project, opening, [*open_bids, *failed]),
    )
    opening.prices_read = work.moment
    work.enter(project.id, lines=lines_root(session, project.id, ("price",)))
    return opening
