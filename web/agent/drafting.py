"""Forms of the draft: from the entry of a tender to its submission for review."""
from typing import Any

from kernel.errors import Malformed, Text
from trading.projects.accept_mandate import AcceptMandate, accept_mandate
from trading.projects.choose_method import ChooseMethod, choose_method
from trading.projects.draft import Draft, draft
from trading.projects.flag_green import FlagGreen, flag_green
from trading.projects.rules.reviewing import GREEN
from trading.projects.set_calendar import SetCalendar, set_calendar
from trading.projects.set_document import SetDocument, set_document
from trading.projects.split import Split, split
from trading.projects.submit import Submit, submit
from trading.projects.supply_paper import SupplyPaper, supply_paper
from trading.sealing import reads as sealing
from trading.sealing.begin_ceremony import BeginCeremony, begin_ceremony
from trading.subjects import reads as subjects
from web.agent.shaping import PAPERS, PROJECT, paper, priced
from web.forms import ActForm, Field, Options, forms
from web.viewer import Viewer

KINDS: Options = (("construction", "施工", "Construction"), ("goods", "货物", "Goods"), ("services", "服务", "Services"),
                  ("supervision", "监理", "Supervision"), ("design", "勘察设计", "Survey and design"))
EVALUATIONS: Options = (("comprehensive", "综合评分（评估）法", "Comprehensive scoring"), ("lowest_price", "最低评标价法", "Lowest price"),
                        ("benchmark", "基准价评分法（工程建设）", "Benchmark price scoring (works)"))
SLOTS = (("tender_document", "招标文件", "Tender document"), ("bill", "工程量（货物）清单", "Bill of quantities"),
         ("drawing", "图纸", "Drawings"), ("contract_draft", "合同草案", "Draft contract"))
MODES: Options = (("M1", "保管人解密", "Custodians alone"), ("M2", "保管人解密并加投标人锁", "Custodians and the bidder's own lock"))
ENVELOPES: Options = (("1", "一个信封：开标时公布报价", "One: prices are read out at the opening"), ("2", "双信封：技术评审后开启报价", "Two: prices are opened after the technical review"))
SAID = ("requirements", "consortium", "subject", "contact", "objection_ways", "qualification", "conformity")


def buyers(viewer: Viewer) -> Options:
    """An agency names the buyer it drafts for; a buyer drafts for itself."""
    if "agent" not in viewer.kinds:
        return ()
    with viewer.centre.reading() as session:
        return tuple((id, name, name) for id, name in subjects.admitted(session, "buyer", viewer.now) if id != viewer.actor.org)


def custodians(viewer: Viewer) -> Options:
    parties = {"centre": ("交易中心", "centre"), "regulator": ("监督部门", "regulator"), "agent": ("代理机构", "agency"), "buyer": ("招标人", "buyer"),
               "notary": ("公证机构", "notary"), "association": ("行业协会", "association")}
    with viewer.centre.reading() as session:
        rows = sealing.custodians(session)
    found = []
    for row in rows:
        zh, en = parties.get(row.party, (row.party, row.party))
        found.append((row.id, f"{row.name}（{zh}，{row.employer}）", f"{row.name} ({en}, {row.employer})"))
    return tuple(found)


def new_draft(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return values | {"procedure": f"{values['field']}.open"}


def lots(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return values | {"lots": priced(values["lots"], "lots")}


def written(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Files become papers of their kind; what the notice says goes into details."""
    papers = [paper(viewer, f"file_{kind}", kind, zh, values[f"file_{kind}"]) for kind, zh, _ in SLOTS if values.get(f"file_{kind}")]
    details = {name: str(values.get(name, "")) for name in SAID}
    rest = {name: value for name, value in values.items() if name not in SAID and not name.startswith("file_")}
    return rest | {"papers": tuple(papers), "details": details}


def timed(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """The opening is the deadline: one moment, not two (招标投标法 第三十四条)."""
    return values | {"opening": values["deadline"]}


def keepers(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    if not values["custodians"]:
        raise Malformed("custodians", Text("请选择密钥保管人", "Choose the custodians"))
    return values


def handed_in(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """The stored file, which has to be a whole pdf, jpg, png or ofd."""
    stored = paper(viewer, "file", "other", "", values.pop("file"))
    return values | {name: stored[name] for name in ("blob", "digest", "size")}


forms(
    ActForm("trading.projects.draft", draft, Draft, "登记项目", "Enter a tender", (
        Field("field", "领域", "Field", "select", options=(("works", "工程建设", "Works"), ("procurement", "政府采购", "Procurement"))),
        Field("kind", "类别", "Kind", "select", options=KINDS),
        Field("buyer", "招标人（采购人）", "Buyer", "select", Text("代理机构登记时选择", "Chosen where an agency enters the tender"), buyers, optional=True),
        Field("title", "项目名称", "Title"), Field("title_en", "英文名称", "Title in English", optional=True),
        Field("budget", "预算金额", "Budget", "money"),
        Field("plan", "立项批复或采购计划", "Approval or procurement plan", hint=Text("文号，公告前核对", "Its number; checked before the notice")),
        Field("region", "行政区划代码", "Region code", hint=Text("六位数字", "six digits"), optional=True),
    ), shape=new_draft, after=lambda viewer, project, values: f"/desk/projects/{project.id}"),
    ActForm("trading.projects.accept_mandate", accept_mandate, AcceptMandate, "接受委托", "Accept the mandate", (PROJECT,),
            consequence=Text("接受后由您的单位编制文件、组织开标评标。", "From then on your organisation writes the document and organises opening and evaluation.")),
    ActForm("trading.projects.split", split, Split, "划分标段", "Split into lots", (
        PROJECT, Field("lots", "标段（包）", "Lots", "area", Text("每行一个：名称 | 金额（元）；合计等于预算", "One a line: title | amount in yuan; together they make the budget")),
        Field("reason", "划分理由", "Reason", "area", optional=True),
    ), shape=lots),
    ActForm("trading.projects.choose_method", choose_method, ChooseMethod, "选定方式", "Choose the method", (
        PROJECT, Field("method", "招标方式", "Method", "select", options=(("open", "公开招标", "Open tender"), ("invited", "邀请招标", "Invited tender"))),
        Field("evaluation", "评标办法", "Evaluation", "select", options=EVALUATIONS),
        Field("approval", "批准文号", "Approval", hint=Text("非公开招标须填写", "Needed where the tender is not open"), optional=True),
    )),
    ActForm("trading.projects.set_document", set_document, SetDocument, "编制招标文件", "Write the document", (
        PROJECT, *(Field(f"file_{kind}", zh, en, "file", Text("选择新文件即成为新版本", "A new file becomes a new version"), optional=True, accept=PAPERS)
                   for kind, zh, en in SLOTS),
        Field("requirements", "投标人资格要求", "Qualification required", "area"),
        Field("qualification", "资格审查项", "Criteria of the qualification review", "area", Text("每行一项，资格审查逐项引用", "One a line; the review cites them"), optional=True),
        Field("conformity", "符合性审查项", "Criteria of conformity", "area", Text("用分号隔开", "Separated by semicolons"), optional=True),
        Field("consortium", "是否接受联合体", "Whether consortia are accepted"), Field("subject", "招标内容（采购需求）", "What is bought", "area"),
        Field("contact", "联系人和电话", "Contact and phone"), Field("objection_ways", "提出异议的渠道", "How to object", optional=True),
        Field("deposit", "投标保证金", "Bid deposit", "money"), Field("fair_competition", "公平竞争审查表编号", "Number of the fair competition review"),
        Field("validity_days", "投标有效期", "Bid validity", "number", unit="日"), Field("decrypt_minutes", "解密时限", "Decryption window", "number", unit="分钟"),
        Field("confirm_minutes", "确认开标记录时限", "Time to confirm the read-out", "number", unit="分钟"),
        Field("mode", "解密方式", "How bids are opened", "select", Text("加投标人锁的，投标人开标时须交出锁密文", "With a bidder's lock each bidder gives in its secret at the opening"),
              MODES, optional=True),
        Field("lock_minutes", "投标人解锁时限", "Window for bidders' locks", "number", Text("仅加投标人锁时填写", "Only with bidders' locks"), optional=True, unit="分钟"),
        Field("rescue", "解密补救", "Rescue", "select", Text("保管人未能解密时，投标人可用开封密钥补救", "Where custodians fail, bidders may give their file keys"),
              (("yes", "允许", "Allowed"), ("no", "不允许", "Not allowed")), optional=True),
        Field("envelopes", "信封", "Envelopes", "select", Text("双信封仅限工程建设，被否决的投标不开启报价", "Two for works only; prices of rejected bids stay shut"), ENVELOPES, optional=True),
    ), shape=written),
    ActForm("trading.projects.set_calendar", set_calendar, SetCalendar, "安排时间", "Set the calendar", (
        PROJECT, Field("publish_on", "公告日期", "Day of the notice", "date"), Field("document_until", "文件提供至", "Document until", "time"),
        Field("deadline", "投标截止（即开标）", "Deadline, which is the opening", "time", Text("与已预约的开标室时间一致", "As the opening room is booked")),
        Field("evaluation", "评标开始", "Evaluation begins", "time", optional=True),
    ), shape=timed),
    ActForm("trading.sealing.begin_ceremony", begin_ceremony, BeginCeremony, "发起密钥仪式", "Begin the key ceremony", (
        PROJECT, Field("custodians", "密钥保管人", "Custodians", "many", Text("至少三名，且门限以上人数不属同一单位", "At least three; fewer than the threshold from one employer"), custodians),
        Field("k", "门限（几名到场方可解密）", "Threshold: how many must answer to open", "number", unit="名"),
    ), shape=keepers),
    ActForm("trading.projects.submit", submit, Submit, "提交审核", "Submit for review", (PROJECT,),
            consequence=Text("提交后文件摘要固定，由抽取的两名审核人先后审核。", "The digest of the file is fixed; two reviewers are drawn.")),
    ActForm("trading.projects.supply_paper", supply_paper, SupplyPaper, "补交材料", "Hand in a paper owed", (
        PROJECT, Field("paper", kind="hidden"), Field("file", "材料文件", "File", "file", accept=PAPERS),
    ), shape=handed_in),
    ActForm("trading.projects.flag_green", flag_green, FlagGreen, "标为绿色通道", "Mark for the green channel", (
        PROJECT, Field("kind", "情形", "Kind", "choice", options=tuple((code, text.zh, text.en) for code, text in GREEN.items())),
    )),
)
