"""What a supervising office does: watch, halt and resume an evaluation, enrol custodians, contribute to a draw."""
import os
from typing import Any

from litestar import Request, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Response

from evaluation.area.wall_reads import place
from evaluation.area.watch import Watch, watch
from evaluation.halt import Halt, halt
from evaluation.resume import Resume, resume
from experts.call_reads import contributions_due
from experts.commit import Commit, commit
from experts.contribution import contribute
from kernel.errors import NotYours, Text
from law.grounds import LABELS
from law.registry import history
from trading.sealing.enrol_custodian import EnrolCustodian, enrol_custodian
from web.acts import check_csrf, posted
from web.forms import ActForm, Field, forms
from web.viewer import Viewer, page, viewer_of

ROOM = Field("room", kind="hidden")
PARTIES = (("centre", "交易中心", "Trading centre"), ("regulator", "监督部门", "Regulator"), ("agent", "代理机构", "Agency"), ("buyer", "招标人", "Buyer"),
           ("notary", "公证机构", "Notary"), ("association", "行业协会", "Association"))
CAUSES = (*((code, *LABELS[code]) for code in history("grounds.suspension")[-1].value), ("fire", "消防", "Fire"), ("network_failure", "网络故障", "Network failure"))


def of_tender(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """The page names a session by its own id; which tender it is, the server knows."""
    with viewer.centre.reading() as session:
        found = place(session, viewer.actor, str(values.pop("room", "")), viewer.now)
    return values | {"project": found.project}


forms(
    ActForm("evaluation.area.watch", watch, Watch, "进入监督视图", "Watch", (
        ROOM, Field("file_number", "案件或检查文号", "File number"), Field("reason", "查看事由", "Reason", "area")), shape=of_tender, consequence=Text(
        "本次查看写入账本，页面开放 15 分钟。查看不能评分、表决或签署。",
        "This look stands in the ledger and opens the page for 15 minutes. Watching cannot score, vote or sign.")),
    ActForm("evaluation.halt", halt, Halt, "暂停评审", "Halt the evaluation", (
        ROOM, Field("cause", "事由", "Cause", "select", options=CAUSES), Field("order", "决定文号", "Number of the order")), danger=True, shape=of_tender,
        consequence=Text("全部席位立即锁定，已填内容保留。", "All seats lock at once; what was filled in is kept.")),
    ActForm("evaluation.resume", resume, Resume, "恢复评审", "Resume the evaluation", (ROOM, Field("cause_gone", "暂停事由已消除", "The cause is gone", "tick")), shape=of_tender),
    ActForm("trading.sealing.enrol_custodian", enrol_custodian, EnrolCustodian, "登记保管人", "Enrol a custodian", (
        Field("name", "名称", "Name"), Field("party", "所属一方", "Of which side", "select", options=PARTIES), Field("employer", "所在单位", "Employer"),
        Field("identity", "身份公钥", "Identity key", hint=Text("64 位十六进制，由保管程序给出", "64 hex digits, from the custodian's own program")),
        Field("proof", "持有证明", "Proof of possession", hint=Text("128 位十六进制，由保管程序给出", "128 hex digits, from the same program"))),
        consequence=Text("须另一位监督人员提交完全相同的内容。", "A second person of a supervising office must send exactly the same.")),
)


@post("/regulator/draws/{draw:str}/contribute", status_code=200)
async def make_contribution(request: Request[Any, Any, Any], draw: str) -> Response[Any] | Redirect:
    values = await posted(request)
    return await sync_to_thread(contributed, request, draw, values)


def contributed(request: Request[Any, Any, Any], draw: str, values: dict[str, Any]) -> Response[Any]:
    """In a rehearsal the centre makes the contribution, as it signs by itself there. NotYours in a real centre, where the
    office makes it with its own program and nobody else ever holds it."""
    viewer = viewer_of(request)
    check_csrf(viewer, values)
    with viewer.centre.reading() as session:
        due = next((one for one in contributions_due(session, viewer.actor, viewer.now) if one.draw == draw and one.act == "commit"), None)
    if due is None or not viewer.centre.rehearsal:
        raise NotYours
    made = contribute(due.draw, "regulator", due.key, os.urandom)
    commit(viewer.centre, viewer.actor, Commit(draw=due.draw, commit=made.commit, blob=viewer.centre.blobs.put(made.sealed).key))
    return page(viewer, "regulator/contribution.html", due=due, value=made.value)


HANDLERS = [make_contribution]
