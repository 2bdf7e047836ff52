"""A bid could not be decrypted in time: through its bidder's fault it counts as revoked, else as withdrawn (电子招标投标办法 第三十一条)."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.values import day_of
from law.registry import in_force
from trading.bids.records import Bid, Envelope
from trading.desk import hold, move
from trading.opening.locks import closes
from trading.opening.records import Failure
from trading.opening.state import awaited, opening_of, turn, undecided


class AttributeFailure(Cmd):
    """evidence: SHA-256 of the proof (logs, protocol), hex; note: what happened, in words."""

    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    cause: str = Field(pattern=r"^(bidder|other)$")
    evidence: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    note: str = Field(default="", max_length=500)


@command("trading.opening.attribute_failure", opens="works.opened procurement.announced", signed=True)
def attribute_failure(work: Work, cmd: AttributeFailure) -> Failure:
    project = hold(work, cmd.project)
    bid, opening = work.session.get(Bid, cmd.bid), opening_of(work.session, project.id)
    if bid is None or bid.project != project.id or opening is None:
        raise NotYours
    opened = bid.state == "live" and bid.id not in undecided(work.session, project.id)
    due = turn(work.session, project) and (bid.state != "live" or bid.id in awaited(work.session, project))
    move(work, project, asked=due, opened=opened, all_opened=False, window_ends=closes(work.session, project, opening, [bid.id]), evidence=cmd.evidence)
    if bid.state != "live":
        raise Stale
    clause = in_force(f"opening.undecrypted_{'by_bidder' if cmd.cause == 'bidder' else 'otherwise'}", day_of(project.published_at or work.moment))
    bid.state = clause.value
    row: Failure = work.keep(Failure(project=project.id, bid=bid.id, cause=cmd.cause, evidence=cmd.evidence, note=cmd.note, at=work.moment))
    digests = sorted(work.session.scalars(select(Envelope.digest).where(Envelope.bid == bid.id)))
    work.enter(project.id, bid=digests, counts_as=clause.value, evidence=cmd.evidence)
    return row
