"""Rows of the tender's table from the evaluation to the delivery.

replay.lowest has no committee: recorded disqualifications, then the lowest admissible price.
"""
from kernel.machine import Move, span
from law.citations import parse
from law.stages import MAIN
from trading.awards import rules

MOVES: tuple[Move, ...] = (
    Move("trading.awards.begin_evaluation", ("convening",), "evaluating", ("system",), parse("招标投标法 第三十八条"), (rules.session_gathered,), zh="开始评标", en="Begin evaluation"),
    Move("trading.awards.disqualify", ("opened",), None, ("host",), (), (rules.reason_given,), "replay", "记录取消资格", "Record a disqualification"),
    Move("trading.awards.rank_by_price", ("opened",), "reported", ("system",), (), (rules.all_bids_judged,), "replay", "按价格排序", "Rank by price"),
    Move("trading.awards.send_report", ("evaluating",), "reported", ("agent", "buyer"), parse("87号令 第六十八条"), (rules.session_sealed,), zh="送交评标报告", en="Send the report"),
    *(
        Move("trading.awards.receive_report", ("reported",), None, ("buyer", "system"), parse("实施条例 第五十四条; 87号令 第六十八条"), (rules.session_sealed,), field, "签收评标报告", "Receive the report")
        for field in ("works", "procurement")
    ),
    Move("trading.awards.enter_confirmation", ("reported",), "confirming", ("system",), parse("87号令 第六十八条"), (rules.procurement_only, rules.session_sealed), "procurement", "进入采购人确认", "Begin the buyer's time to confirm"),
    Move("trading.awards.fix_winner", ("publicity",), "awarded", ("buyer",), parse("招标投标法 第四十条、第四十三条; 实施条例 第五十五条"),
         (rules.publicity_over, rules.no_open_objection, rules.in_order_of_candidates, rules.price_not_negotiated), "works", "确定中标人", "Fix the winner"),
    Move("trading.awards.fix_winner", ("confirming",), "awarded", ("buyer",), parse("87号令 第六十八条; 招标投标法 第四十三条"),
         (rules.no_open_objection, rules.in_order_of_candidates, rules.price_not_negotiated), "procurement", "确定中标人", "Fix the winner"),
    Move("trading.awards.fix_winner", ("reported",), "awarded", ("buyer",), (), (rules.in_order_of_candidates, rules.price_not_negotiated), "replay", "确定中标人", "Fix the winner"),
    Move("trading.awards.deem_winner", ("confirming",), "awarded", ("system",), parse("87号令 第六十八条 ¶4"), (rules.confirmation_time_over, rules.no_open_objection), "procurement", "视同确定中标人", "Deem the winner fixed"),
    Move("trading.awards.skip_rank", ("awarded", "announced"), None, ("buyer",), parse("实施条例 第五十五条"), (rules.skip_ground_listed, rules.evidence_attached), "works", "顺延候选人", "Pass over a candidate"),
    Move("trading.awards.skip_rank", ("awarded", "announced"), None, ("buyer",), parse("政府采购法实施条例 第四十九条"), (rules.skip_ground_listed, rules.evidence_attached), "procurement", "顺延候选人", "Pass over a candidate"),
    *(
        Move("trading.awards.send_letter", ("announced",), None, ("agent", "buyer"), parse("招标投标法 第四十五条; 87号令 第六十九条"), (rules.result_published_same_time,), field, "发出中标通知书", "Send the letter of award")
        for field in ("works", "procurement")
    ),
    *(
        Move("trading.awards.tell_losers", ("announced",), None, ("system",), parse("招标投标法 第四十五条; 87号令 第六十九条 ¶5"), (rules.letter_sent,), field, "通知未中标人", "Tell the unsuccessful")
        for field in ("works", "procurement")
    ),
    Move("trading.awards.report_to_regulator", span(MAIN, "awarded", "contracted"), None, ("buyer",), parse("招标投标法 第四十七条"), (rules.works_only, rules.report_fields_complete), "works", "提交书面报告", "Report to the regulator"),
    Move("trading.awards.sign_contract", ("announced",), "contracted", ("buyer", "winner"), parse("招标投标法 第四十六条; 实施条例 第五十七条、第五十八条; 87号令 第七十一条"),
         (rules.no_open_objection_procurement, rules.contract_like_bid, rules.bond_within_cap), zh="签署合同", en="Sign the contract"),
    *(
        Move("trading.awards.give_up", ("announced",), None, ("winner",), parse("实施条例 第五十五条; 87号令 第七十条"), (rules.reason_given,), field, "放弃中标", "Give up the award")
        for field in ("works", "procurement")
    ),
    Move("trading.awards.accept_delivery", ("contracted",), "performing", ("buyer",), parse("政府采购法实施条例 第四十五条; 87号令 第七十四条; 政府采购法 第六十一条"),
         (rules.other_than_purchaser, rules.acceptance_items_judged), zh="履约验收", en="Accept the delivery"),
)
