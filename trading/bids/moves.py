"""Rows of the tender's table that this folder owns: from the sealed bid to the closing list."""
from kernel.machine import Move, span
from law.citations import parse
from law.stages import MAIN
from trading.bids import rules

MOVES: tuple[Move, ...] = (
    Move(
        "trading.bids.open_account", ("inviting",), None, ("supplier",), parse("实施条例 第二十六条; 政府采购法实施条例 第三十三条"),
        (rules.before_closing,), zh="开立保证金子账号", en="Open a deposit account",
    ),
    Move(
        "trading.bids.report_deposit", span(MAIN, "inviting", "opening"), None, ("bank",),
        parse("实施条例 第二十六条; 政府采购法实施条例 第三十三条"), (rules.account_known_to_bank,), zh="报告保证金到账", en="Report a deposit",
    ),
    Move(
        "trading.bids.lodge_guarantee", ("inviting",), None, ("supplier",), parse("政府采购法实施条例 第三十三条"),
        (rules.before_closing, rules.guarantee_form_complete), zh="提交保函", en="Lodge a guarantee",
    ),
    Move(
        "trading.bids.submit", ("inviting",), None, ("supplier",),
        parse("87号令 第三十三条; 实施条例 第三十六条; 电子招标投标办法 第二十六、二十七条"),
        (rules.not_barred, rules.before_closing, rules.envelope_whole, rules.context_matches, rules.proof_good,
         rules.key_certified, rules.no_live_bid_without_prev),
        zh="递交投标", en="Submit a bid",
    ),
    Move(
        "trading.bids.replace", ("inviting",), None, ("bidder",), parse("招标投标法 第二十九条; 87号令 第三十四条"),
        (rules.before_closing, rules.prev_is_live, rules.envelope_whole, rules.context_matches, rules.proof_good, rules.key_certified),
        zh="替换投标", en="Replace the bid",
    ),
    Move(
        "trading.bids.withdraw", ("inviting",), None, ("bidder",), parse("实施条例 第三十五条; 87号令 第三十四条"),
        (rules.before_closing, rules.prev_is_live), zh="撤回投标", en="Withdraw the bid",
    ),
    Move(
        "trading.bids.revoke", span(MAIN, "closed", "announced"), None, ("bidder",), parse("实施条例 第三十五条"),
        (rules.after_closing,), zh="撤销投标", en="Revoke the bid",
    ),
    Move(
        "trading.bids.note_refused", span(MAIN, "inviting", "opening"), None, ("system",),
        parse("实施条例 第三十六条; 电子招标投标办法 第二十六、二十七条"), (rules.attempt_real,), zh="记录被拒递交", en="Note a refused submission",
    ),
    Move(
        "trading.bids.resupply", (*span(MAIN, "closed", "opening"), "evaluating"), None, ("bidder",), parse("house"),
        (rules.digest_known, rules.byte_equal), zh="补交密文", en="Supply the ciphertext again",
    ),
    Move(
        "trading.bids.close", ("inviting",), "closed", ("system",), parse("招标投标法 第三十四条; 87号令 第三十九条"),
        (rules.closing_reached, rules.no_open_incident, rules.bids_all_sequenced), zh="截止", en="Close",
    ),
    Move(
        "trading.bids.join_deposits", ("opened",), None, ("system",), parse("实施条例 第四十条(六); 87号令 第三十七条(六)"),
        (rules.record_signed,), zh="核对保证金", en="Join deposits",
    ),
)
