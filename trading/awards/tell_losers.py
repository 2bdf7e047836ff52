"""Every unsuccessful bidder is told its own result, all at one moment, by one message each."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from kernel.tree import leaf_hash, root
from trading.asks import own_results
from trading.awards.letters import result_letter
from trading.awards.records import Letter
from trading.awards.steps import awards_of
from trading.bids.records import Bid
from trading.desk import hold, move


class TellLosers(Cmd):
    project: str = Field(max_length=32)


@command("trading.awards.tell_losers")
def tell_losers(work: Work, cmd: TellLosers) -> tuple[Letter, ...]:
    """Guard: letter_sent. The entry holds the root over the letters' digests, whose number tells nothing new by then."""
    project = hold(work, cmd.project)
    sent = set(work.session.scalars(select(Letter.kind).where(Letter.project == project.id)))
    move(work, project, letters="award" in sent)
    if "result" in sent:
        raise Stale
    awards = {award.lot: award for award in awards_of(work.session, project.id)}
    own = {result.bid: result for result in own_results(work.session, project.id)}
    bids = work.session.scalars(select(Bid).where(Bid.project == project.id, Bid.state == "live").order_by(Bid.id))
    letters = tuple(
        result_letter(work, project, bid, awards[bid.lot], own.get(bid.id), work.moment)
        for bid in bids if bid.lot in awards and awards[bid.lot].org != bid.org
    )
    work.enter(project.id, messages=root([leaf_hash(bytes.fromhex(letter.digest)) for letter in letters]).hex())
    return letters
