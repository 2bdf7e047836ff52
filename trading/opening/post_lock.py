"""A bidder gives in the secret of its own lock (电子招标投标办法 第三十条: it decrypts in the time the document sets)."""
from pydantic import Field
from sqlalchemy import select

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.bids.records import Envelope
from trading.bids.withdraw import own_bid
from trading.desk import hold, move
from trading.opening.locks import at_rest, lock_until
from trading.opening.records import Lock
from trading.opening.state import awaited, front, opening_of, parts_of, turn
from trading.sealing.rules.envelope import lock_name


class PostLock(Cmd):
    """secret: hex, as the bidder's own key file holds it."""

    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    secret: str = Field(pattern=r"^(?:[0-9a-f]{2}){1,64}$")


@command("trading.opening.post_lock", opens="never")
def post_lock(work: Work, cmd: PostLock) -> Lock:
    """Guards: turn_has_come, lock_window_open, lock_fits. Stale where it was given in before. Until the window is over, or everybody
    has spoken, the secret serves nobody. Of two envelopes the price has a secret of its own, asked for in its turn."""
    project = hold(work, cmd.project)
    bid, session = own_bid(work, cmd.project, cmd.bid), work.session
    now, secret = turn(session, project), bytes.fromhex(cmd.secret)
    fronts = session.scalars(select(Envelope).where(Envelope.bid == bid.id, Envelope.part.in_(parts_of(project, now or 1))))
    due = now and (bid.state != "live" or bid.id in awaited(session, project))
    move(work, project, asked=due, lock_until=lock_until(session, project, opening_of(session, project.id)),
         fits={front(row).header.lock for row in fronts} == {lock_name(secret)})
    if bid.state != "live" or session.scalar(select(Lock.id).where(Lock.bid == bid.id, Lock.envelope == now)):
        raise Stale
    row: Lock = work.keep(Lock(project=project.id, bid=bid.id, envelope=now, sealed=at_rest(work.centre, bid.id, secret), at=work.moment))
    session.flush()  # the row has its salt
    work.enter(project.id, lock=salted(row.row_salt, cmd.secret))
    return row
