"""Two persons look whether a file is complete. They approve nothing (公平竞争审查规则 第十条(一))."""
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace

from kernel.errors import Reason, Text

# what a reviewer looks at; each is answered yes, no or na (not applicable)
CHECKLIST: Mapping[str, Text] = MappingProxyType({
    "plan": Text("审批或采购计划文件齐备", "Approval or procurement plan is there"),
    "parties": Text("招标人（采购人）、代理机构及委托关系清楚", "Buyer, agency and mandate are clear"),
    "notice_fields": Text("公告必备内容齐全", "The notice has its required fields"),
    "periods": Text("文件提供和编制投标文件时间符合规定", "Document and preparation periods are kept"),
    "deposit": Text("保证金数额和方式符合规定", "Amount and form of the deposit are within the rules"),
    "qualification": Text("资格条件已列明且与评审因素分开", "Qualification is stated and kept apart from scoring"),
    "scoring": Text("评标办法完整可计算", "The evaluation method is complete and computes"),
    "contract": Text("合同主要条款齐备", "The main terms of contract are there"),
    "fair_competition": Text("已附公平竞争审查结论", "The fair-competition review is attached"),
    "rooms": Text("开标、评标场地已预约", "Rooms for opening and evaluation are booked"),
})
ANSWERS = ("yes", "no", "na")
# house: five kinds of tender that are handled first
GREEN: Mapping[str, Text] = MappingProxyType({
    "key_industry": Text("重点产业", "Key industry"),
    "key_project": Text("重点项目", "Key project"),
    "key_work": Text("重点工作", "Key work"),
    "poverty_relief": Text("精准扶贫", "Poverty relief"),
    "time_critical": Text("时效性强", "Pressed for time"),
})


def drawn_for_file(f: SimpleNamespace) -> Reason | None:
    """The one whose turn it is by the draw: the first reviewer, then the second."""
    return None if f.slot == f.turn else Reason("drawn_for_file")


def not_drafter(f: SimpleNamespace) -> Reason | None:
    return Reason("not_drafter") if f.person in f.drafters else None


def other_than_first(f: SimpleNamespace) -> Reason | None:
    return Reason("other_than_first") if f.person == f.first_person else None


def checklist_answered(f: SimpleNamespace) -> Reason | None:
    """Every item has an answer, and an agreement leaves no item at 'no' but those whose paper may follow (f.owed)."""
    unanswered = [item for item in CHECKLIST if f.checklist.get(item) not in ("yes", "na") and not (f.checklist.get(item) == "no" and item in f.owed)]
    if not unanswered:
        return None
    return Reason("checklist_answered", Text("、".join(CHECKLIST[i].zh for i in unanswered), "; ".join(CHECKLIST[i].en for i in unanswered)))


def reason_given(f: SimpleNamespace) -> Reason | None:
    return None if f.reasons and all(reason.strip() for reason in f.reasons) else Reason("reason_given")


def all_faults_at_once(f: SimpleNamespace) -> Reason | None:
    """Every item is answered, and every 'no' has its own reason: nobody is sent back twice for what stood there the first time."""
    missing = [i for i in CHECKLIST if f.checklist.get(i) not in ANSWERS or (f.checklist[i] == "no" and i not in f.named)]
    if not missing:
        return None
    return Reason("all_faults_at_once", Text("、".join(CHECKLIST[i].zh for i in missing), "; ".join(CHECKLIST[i].en for i in missing)))

