"""Publication: media, delays, and the fields without which a notice may not go out.

Field lists are tuples of codes; `FIELDS` gives each code its words.
"""
from collections.abc import Mapping
from types import MappingProxyType

from law.citations import clause

FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "project": ("项目名称、内容、范围、规模、资金来源", "Project: name, content, scope, size, funds"),
    "requirements": ("投标资格能力要求", "Qualification required"),
    "consortium": ("是否接受联合体", "Whether consortia are accepted"),
    "documents": ("获取文件的时间、方式", "When and how to get the document"),
    "submission": ("递交截止时间、方式", "Deadline and way of submission"),
    "parties": ("招标人（采购人）、代理机构名称、地址、联系方式", "Buyer and agency: name, address, contact"),
    "platform": ("电子交易平台网址和方法", "Platform: address and use"),
    "budget": ("预算金额", "Budget"),
    "ceiling": ("最高限价", "Ceiling price"),
    "subject": ("采购需求", "What is bought"),
    "notice_period": ("公告期限", "Notice period"),
    "opening": ("投标截止及开标时间、地点", "Deadline and opening: time and place"),
    "contact": ("项目联系人和电话", "Contact person and phone"),
    "prequalification": ("资格预审的时间、地点", "Prequalification: time and place"),
    "candidates": ("候选人排序、名称、报价、质量、工期、评标情况", "Candidates: rank, name, price, quality, time, evaluation"),
    "manager": ("承诺的项目负责人姓名、证书名称和编号", "Manager promised: name, certificate and number"),
    "qualification_met": ("响应招标文件的资格能力条件", "How the candidate meets the qualification"),
    "objection_ways": ("提出异议的渠道和方式", "How to object"),
    "winner": ("中标人名称、地址、中标金额", "Winner: name, address, amount"),
    "main_items": ("主要标的名称、规格、数量、单价、要求", "Main items: name, model, quantity, unit price, demands"),
    "experts": ("评审专家名单", "Names of the experts"),
    "document": ("招标文件", "The tender document"),
    "reason": ("原因", "Reason"),
    "refunds": ("退还安排", "Refunds"),
    "original": ("原公告项目名称和日期", "The first notice: project and date"),
    "change": ("更正事项、内容和日期", "What changed, and when"),
    "contract_text": ("合同文本（涉密除外）", "The contract, secrets cut"),
    "suppliers_consulted": ("单一来源供应商名称、地址", "Single source: name and address"),
    "opinions": ("专业人员论证意见及姓名、单位、职称", "Opinions with name, employer and title"),
    "finance_contact": ("财政部门联系方式", "Contact of the finance department"),
    "need_summary": ("采购需求概况", "Summary of the need"),
    "expected_time": ("预计采购时间", "Expected time"),
})

CLAUSES = (
    # media
    clause("publicity.designated_medium.works", ("national_service_platform", "provincial_service_platform"), "codes", "PUB-M1",
           "Order 10 第八条 [memH]; 实施条例 第十五条", "依法必须招标项目公告的发布媒介", "Media for tenders that are compulsory"),
    clause("publicity.designated_medium.procurement", ("ccgp_province",), "codes", "PUB-M2", "101号令 第八条 [seen]",
           "政府采购信息发布媒介：中国政府采购网地方分网", "Medium for procurement: the province's site of the national network"),
    clause("publicity.same_time_same_content", True, "flag", "PUB-M1", "电子招标投标办法 第十七条 [seen]",
           "在电子平台与国家指定媒介同步发布", "Platform and state medium publish at the same time"),
    clause("publicity.medium_working_days.procurement", 1, "working_day", "PUB-M3", "101号令 第十三条 [seen]",
           "媒体自收到信息起发布的时限", "The medium publishes, from receipt"),
    clause("publicity.medium_hours.works", 12, "hour", "PUB-M4", "Order 10 第十一条 [memH]",
           "媒介收到结构化数据后的发布时限", "The medium publishes structured data"),
    clause("publicity.legal_clock_from_medium", True, "flag", "PUB-M5", "87号令 第十六条 [seen]",
           "法定期限自指定媒体首次发布起算", "Legal periods run from the first publication on the designated medium"),
    clause("publicity.free_document", True, "flag", "SEC-8", "电子招标投标办法 第十六条、第二十条、第五十四条 [seen]",
           "获取文件不得强制登记或购买工具", "Documents need no registration and no bought tool"),
    clause("publicity.forced_presence", False, "flag", "OPEN-5", "公平竞争审查规则 第十条(四) [seen]",
           "不得强制法定代表人等到场", "Nobody is forced to appear in person"),
    # fields
    clause("publicity.fields.works.notice",
           ("project", "requirements", "consortium", "documents", "submission", "parties", "platform"), "codes", "PUB-F1", "Order 10 第五条 [memH]",
           "招标公告、资格预审公告的内容", "Tender notice and prequalification notice: works"),
    clause("publicity.fields.works.candidates",
           ("candidates", "manager", "qualification_met", "objection_ways"), "codes", "PUB-F2", "Order 10 第六条 [memH]",
           "中标候选人公示的内容", "Publicity of candidates"),
    clause("publicity.fields.works.result", ("winner",), "codes", "PUB-F3", "Order 10 第六条 [memH]",
           "中标结果公示的内容", "Result: works"),
    clause("publicity.fields.works.termination", ("reason", "refunds"), "codes", "PUB-F4", "实施条例 第三十一条 [seen]",
           "终止公告的内容", "Termination: works"),
    clause("publicity.fields.procurement.notice",
           ("parties", "project", "budget", "ceiling", "subject", "requirements", "documents", "notice_period", "opening", "contact"),
           "codes", "PUB-F5", "87号令 第十三条 [seen]", "公开招标公告的内容", "Tender notice: procurement"),
    clause("publicity.fields.procurement.prequalification",
           ("parties", "project", "budget", "subject", "requirements", "documents", "notice_period", "prequalification", "contact"),
           "codes", "PUB-F6", "87号令 第十五条 [seen]", "资格预审公告的内容", "Prequalification notice: procurement"),
    clause("publicity.fields.procurement.correction", ("original", "change"), "codes", "PUB-F7", "87号令 第二十七条 [seen]",
           "更正公告的内容", "Correction: procurement"),
    clause("publicity.fields.procurement.result",
           ("parties", "project", "winner", "main_items", "notice_period", "experts", "document"), "codes", "PUB-F8",
           "87号令 第六十九条 [seen]", "中标结果公告的内容", "Result: procurement"),
    clause("publicity.fields.procurement.failure", ("project", "reason", "contact"), "codes", "PUB-F9", "87号令 第二十九条、第四十三条 [seen]",
           "终止、废标公告的内容", "Termination and failure: procurement"),
    clause("publicity.fields.procurement.contract", ("parties", "contract_text"), "codes", "PUB-F10", "政府采购法实施条例 第五十条 [seen]",
           "合同公告的内容", "Contract notice"),
    clause("publicity.fields.procurement.single_source",
           ("parties", "project", "subject", "reason", "suppliers_consulted", "opinions", "notice_period", "finance_contact"), "codes", "PUB-F11",
           "74号令 第三十八条 [seen]", "单一来源公示的内容", "Single source publicity"),
    clause("publicity.fields.procurement.intention", ("project", "need_summary", "budget", "expected_time"), "codes", "PUB-F12",
           "财库〔2020〕10号 [memH]", "采购意向的内容", "Procurement intention"),
    clause("publicity.intention_days", 30, "calendar_day", "PUB-F12", "财库〔2020〕10号 [memH]",
           "采购意向公开原则上早于采购活动", "Intentions are published this long before, as a rule"),
    clause("publicity.sme_statement", True, "flag", "ADJ-7", "46号 第十三条 [seen]",
           "中小企业声明函随结果（候选人）公开", "The SME statement is published with the result or the candidates"),
    # names
    clause("publicity.expert_names.procurement", True, "flag", "PRI-4", "87号令 第六十九条 [seen]",
           "结果公告列评审专家姓名，不列其他个人信息", "The result names the experts, and nothing else about them"),
    clause("publicity.expert_names.works", False, "flag", "PRI-4", "house; Order 10 第六条 [house]",
           "公开页面不列评委姓名，默认", "The public page does not name the committee, by default"),
    clause("publicity.scores_by_seat", False, "flag", "HOUSE-SCORES", "house; 招标投标法 第四十四条 [house]",
           "按席位代号公开各评委评分，默认关闭", "Sheets by seat letter are public: off by default"),
    clause("publicity.manager_certificate", True, "flag", "PRI-5", "Order 10 第六条 [memH]",
           "项目负责人证书编号可公开，证件号码须脱敏", "A manager's certificate number is publishable, an ID number is masked"),
)


def field(code: str) -> tuple[str, str]:
    """(Chinese, English) of a notice's field. KeyError: no such field."""
    return FIELDS[code]
