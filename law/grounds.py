"""Closed lists: the grounds on which something may be rejected, failed, stopped, skipped, kept or reopened.

Each value is a tuple of codes; `LABELS` gives every code its words. A ground outside its list refuses.
"""
from collections.abc import Mapping
from types import MappingProxyType

from law.citations import clause

LABELS: Mapping[str, tuple[str, str]] = MappingProxyType({
    # rejecting one bid
    "unsigned": ("未按要求签字盖章", "Not signed or stamped as required"),
    "no_consortium_agreement": ("联合体未提交共同投标协议", "Consortium without its agreement"),
    "not_qualified": ("不具备资格条件", "Not qualified"),
    "two_bids": ("提交两份以上不同的投标或报价", "Two different bids or prices"),
    "below_cost": ("报价低于成本", "Price below cost"),
    "above_ceiling": ("报价超过最高限价", "Price above the ceiling"),
    "above_budget": ("报价超过预算", "Price above the budget"),
    "not_responsive": ("未响应实质性要求", "No response to a substantive requirement"),
    "collusion_or_fraud": ("串通投标、弄虚作假或行贿", "Collusion, fraud or bribery"),
    "no_deposit": ("未按规定提交投标保证金", "No deposit as required"),
    "unacceptable_condition": ("附有不能接受的条件", "A condition that cannot be accepted"),
    "other_invalidity": ("法律法规或招标文件规定的其他无效情形", "Another ground of law or document"),
    "deemed_collusion": ("视为串通投标", "Deemed collusion"),
    "correction_refused": ("不接受算术修正", "Correction refused by the bidder"),
    "low_price_unproved": ("不能证明低价合理", "Low price not justified"),
    # the whole tender
    "fewer_than_three_bidders": ("投标人不足三家", "Fewer than three bidders"),
    "fewer_than_three_qualified": ("合格投标人不足三家", "Fewer than three qualified"),
    "fewer_than_three_responsive": ("实质响应者不足三家", "Fewer than three responsive"),
    "all_rejected": ("全部投标被否决", "All bids rejected"),
    "illegal_act": ("出现影响公正的违法行为", "An illegal act that affects fairness"),
    "all_above_budget": ("报价均超过预算", "All prices above the budget"),
    "task_cancelled": ("重大变故致采购任务取消", "The task is cancelled"),
    "fewer_than_three_prequalified": ("资格预审合格者不足三家", "Fewer than three prequalified"),
    # stopping and going on
    "objection_pending": ("异议尚未答复", "An objection is unanswered"),
    "complaint_order": ("投诉处理期间责令暂停", "Ordered while a complaint is handled"),
    "system_failure": ("系统故障", "Failure of the system"),
    "force_majeure": ("不可抗力", "Force majeure"),
    "court_order": ("司法或监察机关要求", "Order of a court or supervisory body"),
    "special_reason": ("特殊原因需终止", "A special reason to end"),
    # passing over the first candidate
    "gave_up": ("放弃中标", "Gave up the award"),
    "no_performance_bond": ("未按要求提交履约保证金", "No performance bond"),
    "proven_illegal": ("查实存在影响中标结果的违法行为", "Illegal acts proven"),
    # deposits
    "revoked_after_deadline": ("截止后撤销投标", "Bid revoked after the deadline"),
    "refused_contract": ("无正当理由不签合同", "Contract refused without good reason"),
    "false_papers": ("提供虚假材料", "False papers"),
    # committee
    "recusal": ("应当回避", "Must recuse"),
    "absence": ("擅离职守或未到场", "Absent"),
    "health": ("因健康等原因不能继续", "Unable to go on for health"),
    "qualification_error": ("资格性审查认定错误", "Error in judging qualification"),
    "price_error": ("价格计算错误", "Error in computing a price"),
    "adding_error": ("分值汇总计算错误", "Error in adding up"),
    "out_of_range": ("分项评分超出标准范围", "Score outside the item's range"),
    "objective_differs": ("客观评审因素评分不一致", "Objective scores differ"),
    "committee_finds_outlier": ("委员会一致认定畸高畸低", "The committee finds a score far too high or low"),
    "document_fault": ("招标文件内容违反规定", "The document breaks the rules"),
    # refusing an objection or complaint
    "no_standing": ("不具备提出资格", "No standing"),
    "late": ("超过法定期限", "Out of time"),
    "incomplete": ("材料不齐且未补正", "Incomplete and not mended"),
    "no_objection_first": ("未先提出异议（质疑）", "No objection came first"),
    "not_competent": ("不属于管辖范围", "Not within competence"),
    "already_decided": ("已处理且无新证据", "Decided before, nothing new"),
    # signs of collusion
    "same_author": ("投标文件由同一单位或个人编制", "Files made by the same hand"),
    "same_handler": ("委托同一单位或个人办理投标", "The same person handles the bids"),
    "same_manager": ("项目管理成员或联系人为同一人", "A member of project management in common"),
    "alike_files": ("文件异常一致或报价呈规律性差异", "Files strangely alike, prices in a pattern"),
    "mixed_files": ("投标文件相互混装", "Files of one inside another's"),
    "same_deposit_account": ("保证金从同一账户转出", "Deposits from one account"),
    # who may enter the area as a guest
    "regulator": ("监督人员", "Regulator"),
    "technician": ("技术支持（陪同）", "Technician, escorted"),
    "agent_staff": ("现场组织人员", "Staff who organise on site"),
    "emergency": ("急救、消防", "Medical or fire service"),
})

CLAUSES = (
    clause("grounds.rejection.works",
           ("unsigned", "no_consortium_agreement", "not_qualified", "two_bids", "below_cost", "above_ceiling", "not_responsive",
            "collusion_or_fraud", "no_deposit"),
           "codes", "REJ-ENG", "实施条例 第五十一条、第二十六条 [seen]", "否决投标的情形", "Grounds to reject a bid: works"),
    clause("grounds.rejection.procurement",
           ("no_deposit", "unsigned", "not_qualified", "above_budget", "above_ceiling", "unacceptable_condition", "other_invalidity",
            "deemed_collusion", "correction_refused", "low_price_unproved"),
           "codes", "REJ-GP", "87号令 第六十三条、第三十六条、第三十七条、第五十九条、第六十条 [seen]", "投标无效的情形", "Grounds of invalidity: procurement"),
    clause("grounds.failure.works", ("fewer_than_three_prequalified", "fewer_than_three_bidders", "all_rejected"), "codes", "ENG-N02",
           "招标投标法 第二十八条、第四十二条; 实施条例 第十九条、第四十四条 [seen]", "重新招标的情形", "Grounds on which a tender fails: works"),
    clause("grounds.failure.procurement",
           ("fewer_than_three_bidders", "fewer_than_three_qualified", "fewer_than_three_responsive", "illegal_act", "all_above_budget", "task_cancelled"),
           "codes", "GP-N04", "政府采购法 第三十六条; 87号令 第四十一条、第四十三条、第四十四条 [seen]", "废标的情形", "Grounds on which a tender is void: procurement"),
    clause("grounds.termination.procurement", ("task_cancelled",), "codes", "GP-T17", "87号令 第二十九条 [seen]",
           "终止招标的情形", "Grounds to terminate: procurement"),
    clause("grounds.termination.works", ("special_reason", "task_cancelled", "force_majeure"), "codes", "ENG-T21", "实施条例 第三十一条 [seen]",
           "终止招标的情形", "Grounds to terminate: works"),
    clause("grounds.suspension", ("objection_pending", "complaint_order", "court_order", "system_failure", "force_majeure"), "codes", "SUSP",
           "实施条例 第二十二条、第五十四条、第六十二条; 94号令 第二十八条 [seen]", "暂停的事由", "Causes of a suspension"),
    clause("grounds.skip", ("gave_up", "force_majeure", "no_performance_bond", "proven_illegal"), "codes", "ENG-T15", "实施条例 第五十五条 [seen]",
           "顺延中标候选人的情形", "Grounds to pass over a candidate: works"),
    clause("grounds.skip.procurement", ("gave_up", "refused_contract"), "codes", "GP-SKIP", "政府采购法实施条例 第四十九条; 87号令 第七十条 [seen]",
           "中标人拒签合同时可顺延或重新采购", "Grounds to pass over a winner: procurement"),
    clause("grounds.keeping_deposit",
           ("revoked_after_deadline", "refused_contract", "no_performance_bond", "false_papers", "collusion_or_fraud"), "codes", "DEP-KEEP",
           "实施条例 第三十五条、第七十四条; 74号令 第二十条 [seen]", "不予退还保证金的情形", "Grounds to keep a deposit"),
    clause("grounds.replacement", ("recusal", "absence", "health"), "codes", "DRAW-E2", "实施条例 第四十八条; 87号令 第四十九条 [seen]",
           "更换评委的事由", "Causes to replace a member"),
    clause("grounds.reopening.procurement",
           ("adding_error", "out_of_range", "objective_differs", "committee_finds_outlier"), "codes", "GP-REOPEN", "87号令 第六十四条 [seen]",
           "招标项目可重新评审的情形", "Grounds to reopen: procurement tender"),
    clause("grounds.reopening.other_methods", ("qualification_error", "price_error"), "codes", "GP-NT-C", "74号令 第二十一条 [seen]",
           "非招标方式可重新评审的情形", "Grounds to reopen: other methods"),
    clause("grounds.stopping_evaluation", ("document_fault",), "codes", "GP-STOP", "87号令 第六十五条 [seen]",
           "应停止评标的情形", "Grounds to stop the evaluation"),
    clause("grounds.refusing_complaint",
           ("no_standing", "late", "incomplete", "no_objection_first", "not_competent", "already_decided"), "codes", "CMP-REF",
           "实施条例 第六十一条; 94号令 第二十条、第二十一条 [seen]", "投诉不予受理的情形", "Grounds to decline a complaint"),
    clause("grounds.area_guest", ("regulator", "technician", "agent_staff", "emergency"), "codes", "AREA-3", "87号令 第六十六条 [seen]",
           "可进入评标区的其他人员", "Others who may enter the area"),
    clause("grounds.deemed_collusion",
           ("same_author", "same_handler", "same_manager", "alike_files", "mixed_files", "same_deposit_account"), "codes", "COLL",
           "实施条例 第四十条; 87号令 第三十七条 [seen]", "视为串通投标的情形", "Signs by which collusion is deemed"),
    clause("grounds.deemed_collusion_contact.procurement", True, "flag", "COLL", "87号令 第三十七条(三) [seen]",
           "政府采购中联系人员相同亦视为串通", "In procurement a common contact person counts as well"),
)


def label(code: str) -> tuple[str, str]:
    """(Chinese, English) of a ground. KeyError: no such ground."""
    return LABELS[code]
