"""The buyer keeps a deposit on a listed ground, two persons, after the bidder was heard; the bidder may complain."""
from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.seconds import seconded
from trading.awards.records import Refund
from trading.awards.refunds import hold_refund, step
from trading.awards.steps import ground_clause


class KeepDeposit(Cmd):
    """heard: what the bidder said, or that it said nothing in time."""

    refund: str = Field(max_length=32)
    ground: str = Field(max_length=24)
    heard: str = Field(max_length=2000)


@command("trading.awards.keep_deposit", opens="never", signed=True)
def keep_deposit(work: Work, cmd: KeepDeposit) -> Refund:
    """Guards: keeping_ground_listed, heard_first, second_person_confirms."""
    refund, _, project = hold_refund(work, cmd.refund)
    before = refund.stage
    step(work, project, refund, ground=cmd.ground, heard=cmd.heard, clause=ground_clause(project, "grounds.keeping_deposit"))
    heard = salted(refund.row_salt, cmd.heard)
    if seconded(work, refund.id, cmd) is None:
        refund.stage = before
        work.enter(project.id, step=1, refund=refund.id, ground=cmd.ground, heard=heard)
        return refund
    refund.ground = cmd.ground
    work.enter(project.id, refund=refund.id, ground=cmd.ground, heard=heard)
    return refund
