"""A refund's own machine: due → prepared → approved → paid, or disputed where the buyer keeps the deposit.

`noted` is where a refund begins before its first entry. One prepares, another approves, the bank pays.
"""
from kernel.machine import Move, Procedure
from law.citations import parse
from law.stages import SIDE
from trading.awards import rules

UNDER = parse("实施条例 第三十五条、第五十七条; 87号令 第三十八条")

REFUND = Procedure("refund", ("noted", *SIDE["refund"]), "noted", ("paid", "disputed"), (
    Move("trading.awards.note_refund_due", ("noted", "due"), "due", ("system",), UNDER, (rules.refund_cause_reached,), zh="记录应退保证金", en="Note a refund due"),
    Move("trading.awards.prepare_refund", ("due",), "prepared", ("cashier", "system"), UNDER, (rules.refund_cause_reached, rules.source_account_only), zh="经办退款", en="Prepare the refund"),
    Move("trading.awards.approve_refund", ("prepared",), "approved", ("cashier", "system"), UNDER, (rules.other_than_first,), zh="复核退款", en="Approve the refund"),
    Move("trading.awards.confirm_refund", ("approved",), "paid", ("bank",), UNDER, (rules.order_known,), zh="确认到账", en="Confirm the payment"),
    Move("trading.awards.keep_deposit", ("due",), "disputed", ("buyer",), parse("实施条例 第三十五条、第七十四条; 74号令 第二十条"), (rules.keeping_ground_listed, rules.heard_first), zh="不予退还保证金", en="Keep the deposit"),
))
