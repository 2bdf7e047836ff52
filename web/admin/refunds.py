"""The cashier's list: deposits to be prepared, to be approved by another, and on their way back."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Text
from trading.awards import reads
from trading.awards.approve_refund import ApproveRefund, approve_refund
from trading.awards.prepare_refund import PrepareRefund, prepare_refund
from web.forms import ActForm, Field, forms
from web.viewer import page, signed_in

REFUND = Field("refund", kind="hidden")
CAUSES = {
    "withdrawal": Text("撤回投标", "Bid withdrawn"), "no_bid": Text("未投标", "No bid"), "loser": Text("未中标", "Not awarded"),
    "contract": Text("合同已签", "Contract signed"), "stopped": Text("流标或终止", "Failed or terminated"),
}
forms(
    ActForm("trading.awards.prepare_refund", prepare_refund, PrepareRefund, "经办退款", "Prepare the refund", (
        REFUND, Field("account", "退回账户", "Back to account", hint=Text("只能退回原账户", "Only the account it came from")),
        Field("interest", "利息", "Interest", "money"))),
    ActForm("trading.awards.approve_refund", approve_refund, ApproveRefund, "复核退款", "Approve the refund", (REFUND,)),
)


@get("/refunds", sync_to_thread=True)
def refunds(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        queue = reads.refund_queue(session, viewer.actor, viewer.now)
        done = reads.refund_log(session, viewer.actor, viewer.now)
    return page(viewer, "admin/refunds.html", queue=queue, paid=done, causes=CAUSES, mine=sum(bool(one.step) for one in queue),
                late=sum(one.line.due_at <= viewer.now for one in queue))


HANDLERS = [refunds]
