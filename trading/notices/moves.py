"""Rows of the tender's table that this folder owns: notices and changes to what was announced."""
from kernel.machine import Move, span
from law.citations import parse
from law.stages import MAIN
from trading.notices import rules
from trading.projects.moves import WRITERS, lawful
from trading.projects.rules.calendar import deadline_on_working_day
from trading.projects.rules.document import key_ready
from trading.projects.rules.owing import papers_supplied

INVITING = ("inviting",)
PUBLIC = span(MAIN, "inviting", "announced")

MOVES: tuple[Move, ...] = (
    *lawful(Move("trading.notices.publish", ("review",), "inviting", WRITERS, parse("Order 10 第五条; 87号令 第十三条"),
                 (rules.both_reviews_done, papers_supplied, rules.fields_complete, key_ready, rules.periods_still_long_enough), zh="发布公告", en="Publish the notice")),
    Move("trading.notices.publish", ("review",), "inviting", WRITERS, parse("house"),
         (rules.both_reviews_done, papers_supplied, rules.fields_complete, key_ready), "replay", "发布公告", "Publish the notice"),
    Move("trading.notices.record_media_time", INVITING, None, ("system", "agent"), parse("87号令 第十六条; 101号令 第八、十五条"),
         (rules.proof_of_publication,), zh="登记媒体发布时间", en="Record the medium's time"),
    Move("trading.notices.take_document", INVITING, None, ("supplier",), parse("电子招标投标办法 第十六、二十条"),
         (rules.before_closing,), zh="领取招标文件", en="Take the document"),
    *lawful(Move("trading.notices.clarify", INVITING, None, WRITERS, parse("招标投标法 第二十三条; 实施条例 第二十一条; 87号令 第二十七条"),
                 (rules.before_closing, rules.subject_and_qualification_unchanged, rules.fifteen_days_or_extended, rules.source_not_named, rules.same_media),
                 zh="澄清修改", en="Clarify")),
    *lawful(Move("trading.notices.extend", INVITING, None, (*WRITERS, "system"), parse("实施条例 第二十一条; house"),
                 (rules.later_than_before, rules.before_closing, rules.reason_given, deadline_on_working_day), zh="顺延截止时间", en="Extend")),
    Move("trading.notices.extend", INVITING, None, (*WRITERS, "system"), parse("house"),
         (rules.later_than_before, rules.before_closing, rules.reason_given), "replay", "顺延截止时间", "Extend"),
    Move("trading.notices.correct", PUBLIC, None, WRITERS, parse("87号令 第二十七条; 101号令"),
         (rules.fields_complete, rules.same_media, rules.result_not_changed_by_correction), zh="更正公告", en="Correct"),
    Move("trading.notices.publish_candidates", ("reported",), "publicity", WRITERS, parse("实施条例 第五十四条; Order 10 第六条"),
         (rules.works_only, rules.fields_complete, rules.within_three_days, rules.publicity_three_days, rules.smes_attached), "works",
         "公示中标候选人", "Publish the candidates"),
    *lawful(Move("trading.notices.publish_result", ("awarded",), "announced", WRITERS, parse("87号令 第六十九条; Order 10 第六条"),
                 (rules.fields_complete, rules.expert_names_present_if_procurement, rules.document_attached_if_procurement, rules.within_two_working_days),
                 zh="发布结果公告", en="Publish the result")),
    Move("trading.notices.publish_result", ("awarded",), "announced", WRITERS, parse("house"), (rules.fields_complete,), "replay",
         "发布结果公告", "Publish the result"),
    Move("trading.notices.publish_failure", ("failed",), None, WRITERS, parse("74号令 第三十七条; 87号令 第四十三条"),
         (rules.fields_complete, rules.reason_without_numbers), zh="发布流标公告", en="Publish the failure"),
    Move("trading.notices.publish_termination", ("terminated",), None, WRITERS, parse("87号令 第二十九条; 实施条例 第三十一条"),
         (rules.fields_complete,), zh="发布终止公告", en="Publish the termination"),
    Move("trading.notices.publish_contract", ("contracted",), None, ("buyer",), parse("政府采购法实施条例 第五十条"),
         (rules.secrets_cut, rules.within_two_working_days), zh="公开合同", en="Publish the contract"),
)
