"""The way of an organisation into the centre: one table for buyers, agents and suppliers (house four eyes).

A review is a check of completeness and approves nothing (公平竞争审查规则 第十条). A change of an admitted
organisation takes the same way; what was admitted stays in force meanwhile. Lock and bar reach whoever was ever
admitted, so that nobody evades them by filing a change; the acts see to that.
"""

from kernel.machine import Move, Procedure
from law.citations import parse
from law.stages import SIDE
from trading.subjects import rules

IN_REVIEW = ("first_review", "second_review")
EDITABLE = ("entered", *IN_REVIEW)  # in review the guard says why not
ADMITTED = ("admitted",)
KNOWN = ("entered", *IN_REVIEW, "admitted", "locked")
EVERYWHERE = SIDE["subject"]

HOUSE = parse("house")
ENTRY = parse("电子招标投标办法 第十六条")
COMPLETENESS = parse("公平竞争审查规则 第十条; house")
KEYS = parse("电子签名法 第十三条")
KEY_LOSS = parse("电子签名法 第十五条")
BARS = parse("政府采购法 第七十七条; 招标投标法 第五十四条")
PERSONAL = parse("个人信息保护法 第六条; house")

MOVES = (
    Move(
        "trading.subjects.enter",
        (),
        "entered",
        ("supplier",),
        ENTRY,
        (rules.credit_code_valid, rules.code_not_taken, rules.terms_read),
        zh="登记单位",
        en="Enter an organisation",
    ),
    Move(
        "trading.subjects.add_paper",
        EDITABLE,
        None,
        ("supplier",),
        HOUSE,
        (rules.review_not_running, rules.file_readable),
        zh="上传材料",
        en="Add a paper",
    ),
    Move(
        "trading.subjects.correct", EDITABLE, None, ("supplier",), HOUSE, (rules.review_not_running,), zh="更正信息", en="Correct the data"
    ),
    Move(
        "trading.subjects.submit",
        ("entered",),
        "first_review",
        ("supplier",),
        COMPLETENESS,
        (rules.papers_complete,),
        zh="提交审核",
        en="Submit for review",
    ),
    Move("trading.subjects.assign", IN_REVIEW, None, ("system",), HOUSE, zh="分派", en="Draw a reviewer"),
    Move(
        "trading.subjects.review_first",
        ("first_review",),
        "second_review",
        ("reviewer1",),
        COMPLETENESS,
        (rules.drawn_for_file, rules.not_drafter),
        zh="初审通过",
        en="First review: complete",
    ),
    Move(
        "trading.subjects.review_second",
        ("second_review",),
        "admitted",
        ("reviewer2",),
        COMPLETENESS,
        (rules.drawn_for_file, rules.other_than_first),
        zh="复审通过",
        en="Second review: complete",
    ),
    Move(
        "trading.subjects.return_for_repair",
        IN_REVIEW,
        "entered",
        ("reviewer1", "reviewer2"),
        COMPLETENESS,
        (rules.drawn_for_file, rules.reason_given, rules.all_faults_at_once, rules.no_late_faults),
        zh="退回补正",
        en="Return for repair",
    ),
    Move(
        "trading.subjects.lock",
        ("entered", *IN_REVIEW, "admitted"),
        "locked",
        ("registrar",),
        HOUSE,
        (rules.reason_given,),
        zh="锁定",
        en="Lock",
    ),
    Move("trading.subjects.unlock", ("locked",), "admitted", ("registrar",), HOUSE, (rules.reason_given,), zh="解锁", en="Unlock"),
    Move(
        "trading.subjects.certify_key",
        ADMITTED,
        None,
        ("supplier",),
        KEYS,
        (rules.possession_proved, rules.key_not_used_before),
        zh="登记签名密钥",
        en="Certify a signing key",
    ),
    Move(
        "trading.subjects.revoke_key",
        EVERYWHERE,
        None,
        ("supplier", "registrar"),
        KEY_LOSS,
        (rules.reason_given,),
        zh="注销签名密钥",
        en="Revoke a signing key",
    ),
    Move(
        "trading.subjects.appoint_person",
        ADMITTED,
        None,
        ("supplier",),
        HOUSE,
        (rules.person_not_elsewhere,),
        zh="添加经办人",
        en="Appoint a person",
    ),
    Move(
        "trading.subjects.dismiss_person",
        EVERYWHERE,
        None,
        ("supplier",),
        HOUSE,
        (rules.one_manager_left,),
        zh="移除经办人",
        en="Dismiss a person",
    ),
    Move(
        "trading.subjects.change",
        ("admitted", *IN_REVIEW),
        "first_review",
        ("supplier",),
        HOUSE,
        (rules.review_not_running,),
        zh="变更信息",
        en="Change the data",
    ),
    Move(
        "trading.subjects.bar",
        KNOWN,
        "barred",
        ("regulator",),
        BARS,
        (rules.decision_cited, rules.period_given),
        zh="列入禁止参加",
        en="Bar",
    ),
    Move(
        "trading.subjects.unbar",
        ("barred",),
        "admitted",
        ("system", "regulator"),
        HOUSE,
        (rules.period_over_or_revoked,),
        zh="解除禁止",
        en="Lift the bar",
    ),
    Move(
        "trading.subjects.read_personal",
        EVERYWHERE,
        None,
        ("registrar", "regulator"),
        PERSONAL,
        (rules.file_number_given,),
        zh="查阅完整信息",
        en="Read in full",
    ),
)
PROCEDURE = Procedure("subject", EVERYWHERE, "entered", (), MOVES)
