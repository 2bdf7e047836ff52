"""What a member of the committee does at the seat, and what an expert answers to a call.

The chair's proposals are acts of the chair, word for word: a proposal is the first voice for it (evaluation.vote), and
when a majority agrees the chair takes exactly that act.
"""
import json
from collections.abc import Callable
from typing import Any

from litestar import Request, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Response
from pydantic import ValidationError

from evaluation.ask_bidder import AskBidder, ask_bidder
from evaluation.ask_low_price import AskLowPrice, ask_low_price
from evaluation.begin_scoring import BeginScoring, begin_scoring
from evaluation.break_tie import BreakTie, break_tie
from evaluation.decide_low_price import DecideLowPrice, decide_low_price
from evaluation.declare_no_interest import DeclareNoInterest, declare_no_interest
from evaluation.dissent import Dissent, dissent
from evaluation.elect_chair import ElectChair, elect_chair
from evaluation.explain_outlier import ExplainOutlier, explain_outlier
from evaluation.hand_in import HandIn, hand_in
from evaluation.judge_conformity import Finding, JudgeConformity, judge_conformity
from evaluation.note_refusal import NoteRefusal, note_refusal
from evaluation.pledge import Pledge, pledge
from evaluation.recommend import Recommend, recommend
from evaluation.recuse import Recuse, recuse
from evaluation.reject import Reject, reject
from evaluation.reject_all import RejectAll, reject_all
from evaluation.return_sheet import ReturnSheet, return_sheet
from evaluation.score import Given, Score, score
from evaluation.sign import Sign, sign
from evaluation.start import Start, start
from evaluation.vote import MOTIONS, Vote, vote
from experts.declare_relations import DeclareRelations, declare_relations
from experts.reply import Reply, reply
from kernel.canonical import canon, plain
from kernel.errors import Malformed, Refused, Text
from law.grounds import LABELS
from law.registry import history
from web.acts import check_csrf, posted
from web.forms import ActForm, Field, Options, forms
from web.refusals import view
from web.viewer import Viewer, see_other, viewer_of

TIES: Options = (("employed", "任职", "Employed"), ("director_or_supervisor", "董事、监事", "Director or supervisor"), ("shareholder_or_controller", "持股或控制", "Shareholder or controller"),
                 ("kin_of_head", "与负责人有亲属关系", "Kin of its head"), ("near_relative", "近亲属任职", "A near relative works there"),
                 ("economic_interest", "经济往来", "Economic interest"), ("other_relation", "其他利害关系", "Another tie"))
PROJECT = Field("project", kind="hidden")
PROPOSAL = Field("proposal", kind="hidden")


def coded(name: str) -> Options:
    """The codes of a clause as options, in their words."""
    return tuple((code, *LABELS[code]) for code in history(name)[-1].value)


def grounds(field: str) -> Options:
    return coded(f"grounds.rejection.{field}")


def proposed(_: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """The command of a proposal that was voted on, as it stood."""
    try:
        return dict(json.loads(values["proposal"]))
    except (ValueError, TypeError, RecursionError) as error:
        raise Malformed("proposal", Text("提案内容有误", "The proposal cannot be read")) from error


def voiced(_: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """A voice on a proposal that stands; or a new proposal, put together from the fields of the chair's form."""
    head = {name: values[name] for name in ("project", "seat", "act")}
    if values.get("proposal"):
        return head | {"proposal": values["proposal"], "yes": values.get("yes")}
    kind = MOTIONS.get(values["act"])
    if kind is None:
        raise Malformed("act", Text("该事项无须表决", "This is nothing to vote on"))
    own = {name: values[name] for name in kind.model_fields if name in values and name != "lots"}
    if "lots" in kind.model_fields:
        own["lots"] = chosen(values.get("lots", ()))
    return head | {"proposal": canon(plain(kind(**own))).decode(), "yes": True}


def chosen(rows: tuple[str, ...]) -> list[dict[str, Any]]:
    """`lot:bid` in the order recommended → the lots of the command."""
    found: dict[str, list[str]] = {}
    for row in rows:
        lot, _, bid = row.partition(":")
        found.setdefault(lot, []).append(bid)
    return [{"lot": lot, "bids": bids} for lot, bids in found.items()]


forms(
    ActForm("experts.reply", reply, Reply, "答复通知", "Answer the call", (Field("token", kind="hidden"), Field("accepts", kind="hidden")), anonymous=True),
    ActForm("experts.declare_relations", declare_relations, DeclareRelations, "申报关系", "Declare a tie", (
        Field("kind", "关系", "What ties you", "select", options=TIES), Field("org_code", "统一社会信用代码", "Credit code", optional=True),
        Field("org_name", "单位名称", "Name of the organisation", optional=True)),
        consequence=Text("该单位参加的项目不再通知您。", "You are not called where this organisation takes part.")),
    ActForm("evaluation.pledge", pledge, Pledge, "签署承诺", "Sign the pledge", (PROJECT,)),
    ActForm("evaluation.declare_no_interest", declare_no_interest, DeclareNoInterest, "声明无利害关系", "Declare no interest", (
        PROJECT, Field("bidders", kind="hidden")), consequence=Text(
        "您已阅读上列投标人名单，与其中任何一家都没有利害关系。", "You have read the list of bidders above and nothing ties you to any of them.")),
    ActForm("evaluation.elect_chair", elect_chair, ElectChair, "推选组长", "Vote for the chair", (PROJECT, Field("seat", "席位", "Seat", "hidden"))),
    ActForm("evaluation.start", start, Start, "开始评审", "Start the evaluation", (PROJECT, Field("scheme", kind="hidden")), consequence=Text(
        "您确认委员会已阅读招标文件和评审标准。", "You confirm that the committee has read the document and the criteria.")),
    ActForm("evaluation.begin_scoring", begin_scoring, BeginScoring, "进入评分", "Begin scoring", (
        PROJECT, Field("reason", "有效投标不足三家时仍具竞争性的理由", "Why there is competition with fewer than three", "area", optional=True))),
    ActForm("evaluation.hand_in", hand_in, HandIn, "提交评分表", "Hand in the sheet", (
        PROJECT, Field("sheet", kind="hidden"), Field("content", kind="hidden"),
        Field("objective_confirmed", "客观评审因素已按投标文件核对", "Objective items are checked against the bids", "tick")), consequence=Text(
        "提交后只有四种法定情形可以退回修改。", "After this only one of four grounds of the law brings the sheet back.")),
    ActForm("evaluation.explain_outlier", explain_outlier, ExplainOutlier, "说明评分", "Explain the score", (
        PROJECT, Field("flag", kind="hidden"), Field("reason", "理由", "Reason", "area"))),
    ActForm("evaluation.return_sheet", return_sheet, ReturnSheet, "退回评分表", "Return sheets", (
        PROJECT, Field("seats", "席位", "Seats", "many"), Field("items", "评审因素", "Items", "many"),
        Field("ground", "情形", "Ground", "select", options=coded("scoring.return_grounds")))),
    ActForm("evaluation.sign", sign, Sign, "签署报告", "Sign the report", (PROJECT, Field("report", kind="hidden"))),
    ActForm("evaluation.dissent", dissent, Dissent, "书面说明不同意见", "Write a dissent", (
        PROJECT, Field("report", kind="hidden"), Field("reason", "不同意见和理由", "What you disagree with, and why", "area"))),
    ActForm("evaluation.recuse", recuse, Recuse, "申请回避", "Recuse yourself", (
        PROJECT, Field("cause", "原因", "Cause", "select", options=coded("grounds.replacement"))), danger=True, consequence=Text(
        "您的评审意见作废，席位由同一次抽取的下一位替补。", "Your opinions are void; the next in the same draw takes the seat.")),
    ActForm("evaluation.note_refusal", note_refusal, NoteRefusal, "记录拒签", "Note a refusal to sign", (
        PROJECT, Field("seat", "席位", "Seat", "hidden")), consequence=Text(
        "既不签署又不书面说明的，视为同意评标结论。", "Who neither signs nor writes why counts as agreeing.")),
    ActForm("evaluation.ask_low_price", ask_low_price, AskLowPrice, "要求说明低价", "Ask about a low price", (
        PROJECT, Field("bid", kind="hidden"), Field("doubt", "疑点", "What is doubtful", "area"))),
    ActForm("evaluation.break_tie", break_tie, BreakTie, "确定并列次序", "Settle a tie", (
        PROJECT, Field("lot", kind="hidden"), Field("rank", kind="hidden"), Field("order", kind="many"))),
    ActForm("evaluation.vote", vote, Vote, "表决", "Vote", (
        PROJECT, Field("seat", kind="hidden"), Field("act", kind="hidden"), Field("proposal", kind="hidden", optional=True), Field("yes", kind="hidden", optional=True),
        Field("bid", kind="hidden", optional=True), Field("ground", kind="hidden", optional=True), Field("reason", "理由", "Reason", "area", optional=True),
        Field("question", "问题", "Question", "area", optional=True), Field("within_bid", kind="hidden", optional=True),
        Field("without_hint", kind="hidden", optional=True), Field("justified", kind="hidden", optional=True),
        Field("opinion", "意见", "Opinion", "area", optional=True), Field("lots", kind="many")), shape=voiced),
    *(ActForm(f"evaluation.{act.__name__}", act, kind, zh, en, (PROPOSAL,), shape=proposed, danger=danger) for act, kind, zh, en, danger in (
        (reject, Reject, "否决投标", "Reject the bid", True), (reject_all, RejectAll, "否决全部投标", "Reject all bids", True),
        (ask_bidder, AskBidder, "要求澄清", "Ask the bidder", False), (decide_low_price, DecideLowPrice, "认定低价说明", "Decide on the low price", False),
        (recommend, Recommend, "推荐候选人", "Recommend candidates", False))),
)


def mark_of(values: dict[str, Any]) -> Given:
    return Given(bid=str(values.get("bid", "")), item=str(values.get("item", "")), score=str(values.get("score", "")).strip(), reason=str(values.get("reason", "")))


def findings_of(values: dict[str, Any]) -> tuple[Finding, ...]:
    """One row a criterion, in the order of the form; a row without a verdict is left for later."""
    rows = zip(*(_list(values, name) for name in ("criterion", "verdict", "reason")), strict=False)
    return tuple(Finding(criterion=c, passed=v == "pass", reason=r) for c, v, r in rows if v in ("pass", "fail"))


def _list(values: dict[str, Any], name: str) -> list[str]:
    given = values.get(name, [])
    return [str(one) for one in given] if isinstance(given, list) else [str(given)]


def saving(request: Request[Any, Any, Any], id: str, values: dict[str, Any], save: Callable[[Viewer, str], Any]) -> Response[Any] | Redirect:
    """Keeps what was typed. A refusal, or a field that cannot be read, shows the same page with it and with the reason."""
    from web.expert.pages import gather, show

    viewer = viewer_of(request)
    check_csrf(viewer, values)
    project = gather(viewer, id).sitting.project
    asked = {"bid": str(values.get("stem", "")), "item": str(values.get("item", ""))}
    try:
        save(viewer, project)
    except Refused as refusal:
        return show(viewer, id, asked, status=409, refusal=view(refusal, viewer.lang), typed=values)
    except ValidationError:
        wrong: dict[str, Any] = {"title": Text(
            "没有保存：分数须为数字，理由不超过 500 字，至少填写一项", "Not saved: a score is a number, a reason has at most 500 characters, and something must be given"), "found": None, "needed": None, "cites": [], "code": "malformed"}
        return show(viewer, id, asked, status=422, refusal=wrong, typed=values)
    return see_other(str(values.get("_next") or f"/seat/{id}"))


@post("/seat/{id:str}/score", status_code=200)
async def keep_score(request: Request[Any, Any, Any], id: str) -> Response[Any] | Redirect:
    """One cell of the caller's own sheet; a draft until it is handed in."""
    values = await posted(request)

    def save(viewer: Viewer, project: str) -> None:
        score(viewer.centre, viewer.actor, Score(project=project, sheet=str(values.get("sheet", "")), marks=(mark_of(values),)))

    return await sync_to_thread(saving, request, id, values, save)


@post("/seat/{id:str}/conformity", status_code=200)
async def keep_findings(request: Request[Any, Any, Any], id: str) -> Response[Any] | Redirect:
    """The caller's findings on one bid."""
    values = await posted(request)

    def save(viewer: Viewer, project: str) -> None:
        judge_conformity(viewer.centre, viewer.actor, JudgeConformity(
            project=project, seat=str(values.get("seat", "")), bid=str(values.get("bid", "")), findings=findings_of(values)))

    return await sync_to_thread(saving, request, id, values, save)


HANDLERS = [keep_score, keep_findings]
