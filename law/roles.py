"""Roles: what a person is to one tender, or to the centre. Codes are those of secrecy.csv.

Deeds are not roles of a tender but what somebody did (drew experts, enrolled a device); separation.csv names
them beside the roles, because some hands may not do both.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Role:
    """everywhere: held in the centre, not in one tender · includes: the relations that come with it."""

    code: str
    zh: str
    en: str
    everywhere: bool = False
    includes: tuple[str, ...] = ()


_ROLES = (
    Role("public", "社会公众", "Public", True),
    Role("supplier", "市场主体", "Supplier", True),
    Role("taker", "潜在投标人", "Document taker", includes=("supplier",)),
    Role("bidder", "投标人", "Bidder", includes=("supplier",)),
    Role("candidate", "中标候选人", "Candidate", includes=("bidder",)),
    Role("winner", "中标人", "Winner", includes=("bidder",)),
    Role("loser", "未中标人", "Unsuccessful bidder", includes=("bidder",)),
    Role("objector", "异议人", "Objector"),
    Role("agent", "代理机构", "Agency"),
    Role("buyer", "招标人（采购人）", "Buyer"),
    Role("buyer_rep", "招标人（采购人）代表", "Buyer's representative"),
    Role("expert_seated", "到场评委", "Seated expert"),
    Role("expert_called", "已抽未到专家", "Expert called, not seated"),
    Role("expert_idle", "未抽中专家", "Expert not called"),
    Role("chair", "组长（负责人）", "Chair", includes=("expert_seated",)),
    Role("custodian", "密钥保管人", "Key custodian", True),
    Role("witness", "见证方", "Witness", True),
    Role("bank", "银行、保函机构", "Bank or guarantor", True),
    Role("registrar", "登记受理员", "Registrar", True),
    Role("reviewer1", "初审员", "First reviewer"),
    Role("reviewer2", "复审员", "Second reviewer"),
    Role("room_manager", "场地管理员", "Room manager", True),
    Role("area_guard", "评标区值守", "Area guard", True),
    Role("technician", "技术支持", "Technician", True),
    Role("host", "主持人", "Host"),
    Role("cashier", "保证金经办", "Cashier", True),
    Role("archivist", "档案员", "Archivist", True),
    Role("regulator", "行政监督部门", "Regulator of this field"),
    Role("regulator_other", "其他领域监督部门", "Regulator of another field"),
    Role("auditor", "审计、纪检", "Auditor", True),
    Role("sysadmin", "系统管理员", "System administrator", True),
    Role("other_centre", "异地、上级中心", "Another centre"),
    Role("device", "设备", "Device", True),
    Role("system", "系统", "System", True),
)
ROLES: Mapping[str, Role] = MappingProxyType({role.code: role for role in _ROLES})

# several roles under one word; a viewer named by a group sees what every member of it sees
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "committee": ("expert_seated", "buyer_rep"),
    "experts": ("expert_seated", "expert_called", "expert_idle"),
    "centre": ("registrar", "reviewer1", "reviewer2", "room_manager", "area_guard", "technician", "host", "cashier", "archivist"),
})

DEEDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "adviser": ("为投标人提供咨询", "Advised a bidder"),
    "applicant": ("竞买申请人", "Applied for a parcel"),
    "acceptor": ("验收", "Accepted delivery"),
    "appraised": ("被评价人", "Was appraised"),
    "appraiser": ("作出履职评价", "Appraised"),
    "badge_issuer": ("人工发放证件", "Issued a badge by hand"),
    "base_price_writer": ("编制标底", "Wrote the base price"),
    "buyer_employee": ("与采购人同一单位", "Employed by the buyer"),
    "caller": ("人工通知专家", "Called experts by hand"),
    "complained_of": ("被异议、投诉的经办人", "The person complained of"),
    "complaint_handler": ("办理投诉", "Handled the complaint"),
    "contract_reviewer": ("审核合同", "Reviewed the contract"),
    "designer": ("提供设计", "Designed the subject"),
    "device_enroller": ("登记设备", "Enrolled a device"),
    "disposal_approver": ("批准销毁", "Approved a disposal"),
    "disposal_proposer": ("提出销毁", "Proposed a disposal"),
    "draw_operator": ("发起专家抽取", "Briefed the draw of experts"),
    "drafter": ("起草该件", "Drafted the file"),
    "fee_approver": ("审批评审费", "Approved fees"),
    "fee_claimant": ("申领评审费", "Claimed a fee"),
    "fee_preparer": ("经办评审费", "Prepared fees"),
    "first_person": ("第一经办人", "First person of an act"),
    "former_employee": ("三年内曾任职", "Employed within three years"),
    "interested": ("与投标人有利害关系", "Interested in a bidder"),
    "involved_officer": ("曾批准方式或责令暂停", "Approved the method or halted the tender"),
    "log_keeper": ("保管日志", "Keeps the logs"),
    "log_operator": ("运行账本", "Operates the ledger's log"),
    "log_reader": ("查阅日志", "Reads the logs"),
    "objection_handler": ("办理异议（质疑）", "Handled the objection"),
    "opening_attendee": ("到场参加开标", "Was present at the opening"),
    "parameter_approver": ("批准参数", "Approved a parameter"),
    "parameter_editor": ("编辑法规参数", "Edited a clause or parameter"),
    "production_approver": ("批准上线", "Approved for production"),
    "purchasing": ("经办采购", "Handled the procurement"),
    "recording_keeper": ("保管录像", "Keeps the recordings"),
    "refund_approver": ("复核退款", "Approved a refund"),
    "refund_preparer": ("经办退款", "Prepared a refund"),
    "related_company": ("与另一投标人同一控制", "Under one control with another bidder"),
    "releaser": ("发布产品版本", "Released the product"),
    "same_office": ("与第一经办人为上下级", "Superior or subordinate of the first person"),
    "second_person": ("第二经办人", "Second person of an act"),
    "spec_writer": ("编制采购需求或规范", "Wrote the specification"),
})


def name(code: str) -> tuple[str, str]:
    """(Chinese, English) of a role or a deed. KeyError: neither."""
    role = ROLES.get(code)
    return (role.zh, role.en) if role else DEEDS[code]


def closure(codes: set[str]) -> frozenset[str]:
    """The roles with everything they include, and the public. KeyError: unknown role or a group."""
    seen: set[str] = set()
    waiting = [*codes, "public"]
    while waiting:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            waiting += ROLES[code].includes
    return frozenset(seen)
