"""All prices at one moment: the host reads out, and the lines of the record appear together or not at all. Of two envelopes the
first is read out here: who bid, and that the files can be read; the prices follow in trading/opening/read_out_prices.py."""
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.canonical import canon, plain
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.tree import leaf_hash, root
from trading.desk import hold, move
from trading.opening.locks import closes
from trading.opening.records import Opened, Opening
from trading.opening.state import FIRST, failures, opening_of, undecided


class ReadOut(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.read_out", opens="works.opened procurement.announced", signed=True)
def read_out(work: Work, cmd: ReadOut) -> Opening:
    project = hold(work, cmd.project)
    session = work.session
    opening = opening_of(session, project.id)
    if opening is None:
        raise NotYours
    open_bids, failed = undecided(session, project.id), [failure.bid for failure in failures(session, project.id)]
    move(
        work, project, undecided=open_bids, all_opened=not open_bids and not failed,
        window_ends=closes(session, project, opening, [*open_bids, *failed]),
    )
    if opening.read_out is not None:
        raise Stale
    opening.read_out = work.moment
    work.enter(project.id, lines=lines_root(session, project.id, ("price",) if project.envelopes == 1 else FIRST))
    return opening


def lines_root(session: Session, project: str, parts: tuple[str, ...]) -> str:
    """RFC 6962 root over what was read out: the price forms, or of a first envelope in what state its parts are."""
    query = select(Opened).where(Opened.project == project, Opened.part.in_(parts)).order_by(Opened.bid, Opened.part)
    lines = [canon(plain({"bid": row.bid, "state": row.state, "form": row.form})) for row in session.scalars(query)]
    return root([leaf_hash(line) for line in lines]).hex()
