"""Forms from the notice to the award: publication, changes, host, qualification, committee, report, result."""
from typing import Any

from kernel.errors import Text
from kernel.values import day_of
from law.publicity import FIELDS
from law.registry import in_force
from trading.awards.send_letter import SendLetter, send_letter
from trading.awards.send_report import SendReport, send_report
from trading.notices.clarify import Clarify, clarify
from trading.notices.correct import Correct, correct
from trading.notices.extend import Extend, extend
from trading.notices.publish import Publish, publish
from trading.notices.publish_candidates import PublishCandidates, publish_candidates
from trading.notices.publish_failure import PublishFailure, publish_failure
from trading.notices.publish_result import PublishResult, publish_result
from trading.notices.publish_termination import PublishTermination, publish_termination
from trading.notices.record_media_time import RecordMediaTime, record_media_time
from trading.opening import reads as opening
from trading.opening.close_qualification import CloseQualification, close_qualification
from trading.opening.convene import Convene, convene
from trading.opening.judge_qualification import JudgeQualification, judge_qualification
from trading.opening.name_host import NameHost, name_host
from trading.opening.qualify import Qualify, qualify
from web.agent.shaping import PAPERS, PROJECT, TYPED, digest_of, only, paper, typed
from web.forms import ActForm, Field, Options, forms
from web.public import words
from web.viewer import Viewer

TOUCHES: Options = (("document", "文件内容", "the document"), ("schedule", "时间安排", "the schedule"), ("price", "报价要求", "how prices are given"))


def media(viewer: Viewer) -> Options:
    found: dict[str, None] = {}
    for field in ("works", "procurement"):
        value = in_force(f"publicity.designated_medium.{field}", day_of(viewer.now)).value
        found |= dict.fromkeys((value,) if isinstance(value, str) else value)
    return tuple((code, words.OUTLETS[code].zh, words.OUTLETS[code].en) if code in words.OUTLETS else (code, code, code) for code in found)


def hosts(viewer: Viewer) -> Options:
    if not viewer.kinds & {"buyer", "agent"}:
        return ()
    with viewer.centre.reading() as session:
        return tuple((id, name, name) for id, name in opening.possible_hosts(session, viewer.now))


def clarified(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    stored, title = values.pop("file", None), str(values.pop("file_title", "")) or "澄清文件"
    papers = (paper(viewer, "file", "tender_document", title, stored),) if stored else ()
    return values | {"papers": papers, "touches": values["touches"] or ("document",)}


def corrected(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("project", "notice", "change")} | {"fields": {values["code"]: values["text"]}}


def said(*names: str) -> Any:
    """A shape that gathers these texts as the notice's fields."""
    def shape(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in values.items() if name not in names}
        return (typed(viewer, rest) if "typed" in rest else rest) | {"fields": only(values, *names)}
    return shape


def candidates(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    statement = digest_of(values, "sme_statement")
    rest = {name: value for name, value in values.items() if name != "sme_statement"}
    shaped: dict[str, Any] = said("manager", "qualification_met", "objection_ways")(viewer, rest)
    return shaped | {"sme_statement": statement}


def judged(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return values | {"passed": values["passed"] == "yes"}


def text(code: str, kind: str = "area", optional: bool = True) -> Field:
    return Field(code, *FIELDS[code], kind, optional=optional)


forms(
    ActForm("trading.notices.publish", publish, Publish, "发布公告", "Publish the notice", (PROJECT, TYPED), shape=typed,
            consequence=Text("公告、文件摘要、规则快照和公钥一并入账，之后只能以澄清、延期或更正改变。",
                             "Notice, digest of the document, rules and key are recorded together; later only a clarification, extension or correction changes them.")),
    ActForm("trading.notices.record_media_time", record_media_time, RecordMediaTime, "登记媒体发布时间", "Record the medium's time", (
        PROJECT, Field("medium", "媒体", "Medium", "select", options=media), Field("moment", "发布时间", "Published at", "time"),
        Field("proof", "网址或打印件摘要", "Address of the page or digest of a print"))),
    ActForm("trading.notices.clarify", clarify, Clarify, "发布澄清", "Clarify", (
        PROJECT, Field("text", "澄清内容", "Clarification", "area", Text("不得出现提问单位", "Never who asked")),
        Field("touches", "涉及", "What it touches", "many", options=TOUCHES), Field("affects", "可能影响投标文件编制", "It affects how bids are written", "tick"),
        Field("deadline", "顺延后的截止时间", "New deadline", "time", Text("距截止不足法定日数时须顺延", "Needed where too few days are left"), optional=True),
        Field("file", "澄清文件", "File", "file", optional=True, accept=PAPERS), Field("file_title", "文件名称", "Title of the file", optional=True),
    ), shape=clarified),
    ActForm("trading.notices.extend", extend, Extend, "顺延截止时间", "Extend the deadline", (
        PROJECT, Field("deadline", "新的截止时间", "New deadline", "time"), Field("reason", "理由", "Reason", "area"))),
    ActForm("trading.notices.correct", correct, Correct, "更正公告", "Correct a notice", (
        PROJECT, Field("notice", "要更正的公告", "Notice", "select"), Field("code", "更正的内容项", "Field", "select", options=tuple(
            (code, zh, en) for code, (zh, en) in FIELDS.items() if code in ("requirements", "contact", "subject", "parties", "platform", "main_items", "objection_ways"))),
        Field("text", "更正后的内容", "New text", "area"), Field("change", "更正说明", "What is different", "area"),
    ), shape=corrected),
    ActForm("trading.notices.publish_candidates", publish_candidates, PublishCandidates, "公示中标候选人", "Publish the candidates", (
        PROJECT, Field("until", "公示截止日", "Last day of the publicity", "date"), text("manager"), text("qualification_met"), text("objection_ways"),
        Field("sme_statement", "中小企业声明函", "Statement of a small or medium firm", "file", optional=True, accept=PAPERS), TYPED), shape=candidates),
    ActForm("trading.notices.publish_result", publish_result, PublishResult, "发布结果公告", "Publish the result", (
        PROJECT, text("main_items"), text("contact", "text"), text("objection_ways", "text"), TYPED), shape=said("main_items", "contact", "objection_ways"),
        consequence=Text("政府采购项目的评审专家名单在发布时一并公开。", "In procurement the experts' names become public at that moment.")),
    ActForm("trading.notices.publish_failure", publish_failure, PublishFailure, "发布流标公告", "Publish the failure", (
        PROJECT, text("reason"), text("refunds"), text("contact", "text")), shape=said("reason", "refunds", "contact")),
    ActForm("trading.notices.publish_termination", publish_termination, PublishTermination, "发布终止公告", "Publish the termination", (
        PROJECT, text("reason"), text("refunds"), text("contact", "text")), shape=said("reason", "refunds", "contact")),
    ActForm("trading.opening.name_host", name_host, NameHost, "指定主持人", "Name the host", (
        PROJECT, Field("person", "主持人", "Host", "select", Text("交易中心人员，不属于任何一方", "Of the centre's staff, of neither side"), hosts))),
    ActForm("trading.opening.qualify", qualify, Qualify, "开始资格审查", "Begin the qualification review", (PROJECT,)),
    ActForm("trading.opening.judge_qualification", judge_qualification, JudgeQualification, "资格审查", "Judge a qualification", (
        PROJECT, Field("bid", "投标", "Bid", "select"),
        Field("passed", "结论", "Finding", "choice", options=(("yes", "通过", "Passed"), ("no", "不通过", "Not passed"))),
        Field("clause", "不符合的资格条件", "Condition not met", "select", optional=True), Field("reason", "理由", "Reason", "area", optional=True),
    ), shape=judged, consequence=Text("需两人意见一致：第二人提交相同结论后成立。", "Two persons must find the same: it holds once the second says so.")),
    ActForm("trading.opening.close_qualification", close_qualification, CloseQualification, "结束资格审查", "Close the qualification review", (PROJECT,)),
    ActForm("trading.opening.convene", convene, Convene, "组建评标委员会", "Convene the committee", (PROJECT,)),
    ActForm("trading.awards.send_report", send_report, SendReport, "送交评标报告", "Send the report", (PROJECT,)),
    ActForm("trading.awards.send_letter", send_letter, SendLetter, "发出中标通知书", "Send the letter of award", (PROJECT,)),
)
