"""Forms of acts that are the buyer's own: mandate, ceiling, confirmation, winner, contract, acceptance."""
from typing import Any

from kernel.errors import Malformed, Text
from trading.awards.accept_delivery import AcceptDelivery, accept_delivery
from trading.awards.fix_winner import FixWinner, fix_winner
from trading.awards.receive_report import ReceiveReport, receive_report
from trading.awards.report_to_regulator import ReportToRegulator, report_to_regulator
from trading.awards.rules import REPORT_FIELDS, REPORT_WORDS
from trading.awards.sign_contract import SignContract, sign_contract
from trading.awards.skip_rank import SkipRank, skip_rank
from trading.notices.publish_contract import PublishContract, publish_contract
from trading.projects.confirm_document import ConfirmDocument, confirm_document
from trading.projects.mandate import GiveMandate, mandate
from trading.projects.set_ceiling import SetCeiling, set_ceiling
from trading.subjects import reads as subjects
from web.agent.shaping import PAPERS, PROJECT, TYPED, digest_of, lines, only, typed
from web.agent.stopping import grounds
from web.forms import ActForm, Field, Options, forms
from web.viewer import Viewer

RESULTS = {"合格": "met", "met": "met", "不合格": "not_met", "not met": "not_met"}


def agencies(viewer: Viewer) -> Options:
    if "buyer" not in viewer.kinds:
        return ()
    with viewer.centre.reading() as session:
        return tuple((id, name, name) for id, name in subjects.admitted(session, "agent", viewer.now))


def mandated(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    stored = values.pop("file", None)
    return values | ({"contract": stored["blob"], "digest": stored["digest"]} if stored else {})


def winners(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Each choice is `bid:amount in fen`, as the page offered it."""
    made = []
    for choice in values["choice"]:
        bid, _, amount = str(choice).partition(":")
        if not amount.isdecimal():
            raise Malformed("choice", Text("请重新选择候选人", "Choose a candidate again"))
        made.append({"bid": bid, "amount": int(amount)})
    if not made:
        raise Malformed("choice", Text("每个标段（包）须选定一名候选人", "Choose one candidate for each lot"))
    return typed(viewer, {name: value for name, value in values.items() if name != "choice"}) | {"choices": tuple(made)}


def contract(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    stored = values.pop("file")
    return typed(viewer, values) | {"blob": stored["blob"], "digest": stored["digest"]}


def reported(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"project": values["project"], "fields": only(values, *REPORT_FIELDS)}


def skipped(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return typed(viewer, values) | {"evidence": digest_of(values, "evidence")}


def accepted(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Lines of `item | 合格 or 不合格 | note`."""
    items = []
    for line in lines(values["items"]):
        name, result, note = [part.strip() for part in (*line.replace("｜", "|").split("|"), "", "")[:3]]
        items.append({"name": name, "result": RESULTS.get(result.lower(), ""), "note": note})
    return values | {"items": tuple(items)}


forms(
    ActForm("trading.projects.mandate", mandate, GiveMandate, "委托代理", "Mandate an agency", (
        PROJECT, Field("agent", "代理机构", "Agency", "select", options=agencies), Field("file", "委托合同", "Contract", "file", accept=PAPERS)), shape=mandated),
    ActForm("trading.projects.set_ceiling", set_ceiling, SetCeiling, "设定最高限价", "Set the ceiling", (PROJECT, Field("ceiling", "最高限价", "Ceiling price", "money"))),
    ActForm("trading.projects.confirm_document", confirm_document, ConfirmDocument, "确认招标文件", "Confirm the document", (
        PROJECT, Field("digest", kind="hidden"), TYPED), shape=typed,
        consequence=Text("您确认的是下列摘要所指的全部文件。文件再有变动，须重新确认。", "You confirm exactly the files this digest stands for. Any later change needs a new confirmation.")),
    ActForm("trading.awards.receive_report", receive_report, ReceiveReport, "签收评标报告", "Receive the report", (PROJECT,)),
    ActForm("trading.awards.fix_winner", fix_winner, FixWinner, "确定中标人", "Fix the winner", (
        PROJECT, Field("choice", "中标候选人", "Candidates", "many", Text("每个标段（包）选一名，按候选人顺序", "One for each lot, in the order of candidates")), TYPED), shape=winners),
    ActForm("trading.awards.skip_rank", skip_rank, SkipRank, "顺延候选人", "Pass over a candidate", (
        PROJECT, Field("lot", "标段（包）", "Lot", "select"),
        Field("ground", "情形", "Ground", "select", options=grounds("grounds.skip", "grounds.skip.procurement")),
        Field("evidence", "证明材料", "Evidence", "file", accept=PAPERS), TYPED), danger=True, shape=skipped,
        consequence=Text("需另一位有权人员确认。", "A second authorised person must confirm.")),
    ActForm("trading.awards.report_to_regulator", report_to_regulator, ReportToRegulator, "提交书面报告", "Report to the regulator", (
        PROJECT, *(Field(name, *REPORT_WORDS[name], "area") for name in REPORT_FIELDS)), shape=reported),
    ActForm("trading.awards.sign_contract", sign_contract, SignContract, "签署合同", "Sign the contract", (
        PROJECT, Field("lot", "标段（包）", "Lot", "select"), Field("file", "合同文本", "Contract", "file", Text("双方提交同一文件", "The same file from both sides"), accept=PAPERS),
        Field("amount", "合同金额", "Amount", "money"), Field("bond", "履约保证金", "Performance bond", "money"), TYPED), shape=contract),
    ActForm("trading.notices.publish_contract", publish_contract, PublishContract, "公开合同", "Publish the contract", (
        PROJECT, Field("text", "合同文本", "Text of the contract", "area"), Field("cut", "已删去国家秘密和商业秘密", "State and trade secrets are cut", "tick"))),
    ActForm("trading.awards.accept_delivery", accept_delivery, AcceptDelivery, "履约验收", "Accept the delivery", (
        PROJECT, Field("items", "验收项", "Items", "area", Text("每行一项：名称 | 合格 或 不合格 | 说明", "One a line: item | met or not met | note"))), shape=accepted),
)

