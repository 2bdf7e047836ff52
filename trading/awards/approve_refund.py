"""A second cashier approves the refund; the bank order is made. The machine approves none but a withdrawal's."""
from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.values import new_id
from trading.awards.records import Refund
from trading.awards.refunds import hold_refund, past_opening, step


class ApproveRefund(Cmd):
    refund: str = Field(max_length=32)


@command("trading.awards.approve_refund", opens="never", signed=True)
def approve_refund(work: Work, cmd: ApproveRefund) -> Refund:
    """Guard: other_than_first. Before the opening nobody may know who paid, so a withdrawal's refund needs no eyes."""
    refund, _, project = hold_refund(work, cmd.refund)
    machine = work.actor.kind == "system"
    if machine and (refund.cause != "withdrawal" or past_opening(project, work.moment)):
        raise NotYours
    step(work, project, refund, person=work.actor.id, first_person="" if machine else refund.prepared_by)
    refund.approved_by, refund.order = work.actor.id, new_id()
    work.enter(project.id, refund=refund.id, order=salted(refund.row_salt, [refund.order, refund.account, refund.amount + refund.interest]))
    return refund
