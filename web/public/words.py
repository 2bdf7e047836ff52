"""What codes of records are called on pages, in both languages."""
from functools import cache

from kernel.errors import Text
from law.stages import NAMES
from trading.notices.wording import TITLES

FIELDS = {"works": Text("工程建设", "Works"), "procurement": Text("政府采购", "Procurement")}
KINDS = {
    "construction": Text("施工", "Construction"), "goods": Text("货物", "Goods"), "services": Text("服务", "Services"),
    "supervision": Text("监理", "Supervision"), "design": Text("勘察设计", "Survey and design"),
}
METHODS = {"open": Text("公开招标", "Open tender")}
EVALUATIONS = {
    "comprehensive": Text("综合评估法", "Comprehensive scoring"), "lowest_price": Text("最低评标价法", "Lowest price"),
    "benchmark": Text("基准价评分法", "Benchmark price scoring"),
}
PHASES = {
    "open": Text("招标中", "Open for bids"), "opening": Text("开标", "Opening"), "evaluating": Text("评标定标", "Evaluation and award"),
    "announced": Text("已公告结果", "Result announced"), "stopped": Text("流标或终止", "Failed or terminated"),
}
PAPERS = {
    "tender_document": Text("招标文件", "Tender document"), "bill": Text("工程量清单", "Bill of quantities"), "drawing": Text("图纸", "Drawings"),
    "contract_draft": Text("合同条款", "Contract terms"), "specification": Text("技术要求", "Specification"),
    "clarification": Text("澄清与修改", "Clarification"), "other": Text("其他", "Other"),
}
MEDIA = {"application/pdf": ("PDF", "pdf"), "image/jpeg": ("JPG", "jpg"), "image/png": ("PNG", "png"), "application/ofd": ("OFD", "ofd"),
         "application/zip": ("ZIP", "zip")}
PAYLOAD = {  # keys of what a ledger entry says
    "actor": Text("办理人", "By whom"), "body": Text("内容", "What"), "on": Text("对象", "On"), "role": Text("身份", "As"), "rows": Text("写入的记录", "Rows kept"),
    "t": Text("毫秒时刻", "Moment, ms"), "tag": Text("标识", "Tag"), "v": Text("格式版本", "Format"),
}
OUTLETS = {  # where a notice must appear
    "national_service_platform": Text("全国公共资源交易平台（国家）", "National service platform"),
    "provincial_service_platform": Text("公共资源交易平台（省级）", "Provincial service platform"),
    "ccgp_province": Text("中国政府采购网地方分网", "Government procurement network, province"),
}
NOTICES = {kind: Text(*words) for kind, words in TITLES.items()}
OUTCOMES = {"awarded": Text("成交", "Awarded"), "failed": Text("流标", "Failed"), "terminated": Text("终止", "Terminated")}
OTHER = Text("其他（合并不足 5 项者）", "Other (groups under 5 merged)")
SUBJECTS = {"buyer": Text("招标人（采购人）", "Buyers"), "agent": Text("代理机构", "Agencies"), "supplier": Text("供应商", "Suppliers")}
CERTAINTY = {
    "seen": Text("已核对原文", "Text checked"), "house": Text("本中心规定", "Rule of this centre"), "seen2": Text("见于转述", "Seen in a secondary source"),
    "memH": Text("待核对", "Not yet checked"), "memM": Text("待核对", "Not yet checked"), "memL": Text("待核对", "Not yet checked"),
}
# columns of tables inside a notice
COLUMNS = {
    "lot": Text("标段", "Lot"), "rank": Text("排序", "Rank"), "name": Text("名称", "Name"), "amount": Text("金额（元）", "Amount (yuan)"),
    "score": Text("得分", "Score"), "quality": Text("质量", "Quality"), "duration": Text("工期", "Time"), "address": Text("地址", "Address"),
}
KERNEL_ACTS = {
    "kernel.identity.found_centre": Text("中心成立", "Centre founded"), "kernel.ledger.roll_over": Text("账本开账", "Ledger opened"),
    "kernel.identity.log_in": Text("登录", "Signed in"), "kernel.identity.log_out": Text("退出", "Signed out"),
    "kernel.identity.sign_up": Text("注册", "Registered"), "kernel.identity.grant_role": Text("授予岗位", "Role granted"),
    "kernel.identity.enrol_passkey": Text("登记通行密钥", "Passkey enrolled"), "kernel.identity.enrol_secret": Text("登记验证器", "Authenticator enrolled"),
    "kernel.identity.revoke_key": Text("撤销密钥", "Key revoked"), "kernel.identity.recover": Text("找回密钥", "Keys recovered"),
    "kernel.identity.invite": Text("邀请人员", "Person invited"), "kernel.daytable.set_day": Text("设定工作日历", "Calendar set"),
    "kernel.ledger.enrol_witness": Text("登记见证方", "Witness enrolled"), "kernel.rehearsal.step": Text("演练拨钟", "Rehearsal clock stepped"),
}


@cache
def acts() -> dict[str, Text]:
    """Tag of an act → what the tables call it. A tag without words stands for itself."""
    from evaluation.area.procedure import AREA
    from evaluation.dossier.publish import DOSSIER
    from evaluation.procedure import SESSION
    from experts.procedure import BRIEF, DRAW, EXPERT
    from rooms.procedure import BOOKING, PLACES
    from trading.awards.procedure import REFUND
    from trading.procedures import NAMES as PROCEDURES
    from trading.procedures import procedure
    from trading.projects.moves import beginning
    from trading.sealing.procedure import CEREMONY
    from trading.subjects.procedure import PROCEDURE as SUBJECT

    tables = [*map(procedure, PROCEDURES), *map(beginning, PROCEDURES), AREA, DOSSIER, SESSION, BRIEF, DRAW, EXPERT, BOOKING, PLACES, REFUND, CEREMONY, SUBJECT]
    found = {move.tag: Text(move.zh, move.en) for table in tables for move in table.moves if move.zh}
    return found | KERNEL_ACTS


def act(tag: str) -> Text:
    return acts().get(tag, Text(tag, tag))


def bare(title: str, kind: str) -> str:
    """The title of a notice without its kind, for lists that name the kind in a column of its own."""
    return title.removesuffix(TITLES[kind][0]).strip() or title if kind in TITLES else title


def stage(code: str) -> Text:
    return Text(*NAMES[code]) if code in NAMES else Text(code, code)


def state(stage: str, suspended: bool = False) -> str:
    """Key of the status mark for a tender's stage."""
    if stage in ("failed", "terminated"):
        return "off"
    if suspended:
        return "warn"
    return {"inviting": "run", "closed": "run", "opening": "run", "archived": "ok", "announced": "ok", "contracted": "ok", "performing": "ok"}.get(stage, "wait")
