"""Rows of the tender's table that this folder owns: the opening and the review of qualifications."""
from kernel.machine import Guard, Move, span
from law.citations import parse
from law.stages import MAIN
from trading.opening import rules

HALL = span(MAIN, "closed", "opening")
FORMAL = ("works", "procurement")
FIELDS = (*FORMAL, "replay")
SITTING = {"works": ("opening", "evaluating"), "procurement": ("opening",), "replay": ("opening",)}  # in works a second time, for the prices


def both(tag: str, source: tuple[str, ...], target: str | None, by: tuple[str, ...], under: str, guards: tuple[Guard, ...],
         replay: tuple[Guard, ...], zh: str, en: str) -> tuple[Move, ...]:
    """One act under the law's guards, and the same act in a replay under fewer."""
    cited = parse(under)
    return (
        *(Move(tag, source, target, by, cited, guards, field, zh, en) for field in FORMAL),
        Move(tag, source, target, by, cited, replay, "replay", zh, en),
    )


def in_turn(tag: str, by: tuple[str, ...], under: str, guards: tuple[Guard, ...], zh: str, en: str, fields: tuple[str, ...] = FIELDS) -> tuple[Move, ...]:
    """An act of the opening which in works is taken again for the second envelope, while the committee waits."""
    return tuple(Move(tag, SITTING[field], None, by, parse(under), (rules.turn_has_come, *guards), field, zh, en) for field in fields)


MOVES: tuple[Move, ...] = (
    Move("trading.opening.name_host", span(MAIN, "inviting", "closed"), None, ("agent", "buyer"), parse("house"), (rules.separation_kept,),
         zh="指定主持人", en="Name the host"),
    Move("trading.opening.sign_in", HALL, None, ("bidder", "agent", "buyer"), parse("电子招标投标办法 第二十九条"), (rules.hall_open,),
         zh="签到", en="Sign in"),
    *both("trading.opening.start", ("closed",), "opening", ("host",),
          "招标投标法 第二十八、三十四、三十五条; 实施条例 第四十四条; 87号令 第三十九至四十一条",
          (rules.opening_time_reached, rules.closing_written, rules.three_bidders, rules.recording_on, rules.host_named),
          (rules.opening_time_reached, rules.closing_written, rules.host_named), "开始开标", "Start the opening"),
    *in_turn("trading.opening.post_partials", ("custodian",), "protocols §1.6",
             (rules.custodian_named, rules.first_word, rules.custodian_gates_passed, rules.dleq_good), "提交部分解密", "Post partial decryptions"),
    *in_turn("trading.opening.report_gate", ("custodian",), "protocols §1.6", (rules.custodian_named,), "报告核验未通过", "Report a failed check"),
    *in_turn("trading.opening.post_lock", ("bidder",), "电子招标投标办法 第三十条", (rules.lock_window_open, rules.lock_fits), "解锁投标", "Unlock the bid", FORMAL),
    *in_turn("trading.opening.decrypt", ("system",), "protocols §1.6", (rules.k_partials_good,), "解密", "Decrypt"),
    Move("trading.opening.commit_coefficient", span(MAIN, "inviting", "opening"), None, ("host", "regulator", "agent", "buyer"),
         parse("protocols §2"), (rules.works_only, rules.draw_in_document, rules.not_drawn_yet, rules.first_word),
         zh="提交随机数承诺", en="Commit a contribution"),
    Move("trading.opening.reveal_coefficient", ("opening",), None, ("host", "regulator", "agent", "buyer", "system"), parse("protocols §2"),
         (rules.works_only, rules.draw_in_document, rules.read_out_done, rules.waiting_time_over, rules.first_word, rules.matches_commitment),
         zh="公开随机数", en="Reveal the contribution"),
    Move("trading.opening.break_silence", ("opening",), None, ("custodian",), parse("protocols §2"),
         (rules.works_only, rules.draw_in_document, rules.read_out_done, rules.waiting_time_over, rules.custodian_named, rules.first_word,
          rules.custodian_gates_passed, rules.dleq_good), "works", "打开沉默方的随机数", "Break a party's silence"),
    Move("trading.opening.draw_coefficient", ("opening",), None, ("host", "regulator"), parse("protocols §2"),
         (rules.works_only, rules.draw_in_document, rules.read_out_done, rules.not_drawn_yet, rules.contributions_complete),
         zh="抽取系数", en="Draw the coefficient"),
    *in_turn("trading.opening.attribute_failure", ("host",), "电子招标投标办法 第三十一条",
             (rules.not_decrypted, rules.decryption_window_over_or_all, rules.cause_evidence), "认定解密失败责任", "Attribute a failure"),
    *in_turn("trading.opening.rescue", ("bidder", "host"), "电子招标投标办法 第三十一条",
             (rules.rescue_in_document, rules.not_decrypted, rules.receipt_key_fits), "用开封密钥补救", "Open with the file keys", FORMAL),
    *both("trading.opening.read_out", ("opening",), None, ("host",), "招标投标法 第三十六条; 87号令 第四十一条",
          (rules.all_decided, rules.decryption_window_over_or_all), (rules.all_decided,), "唱标", "Read out"),
    Move("trading.opening.read_out_prices", ("evaluating",), None, ("host",), parse("招标投标法 第三十六条; house"),
         (rules.two_envelopes_in_document, rules.turn_has_come, rules.all_decided, rules.decryption_window_over_or_all), "works",
         "公布报价", "Read out the prices"),
    Move("trading.opening.sign_price_record", span(MAIN, "evaluating", "awarded"), None, ("host",), parse("电子招标投标办法 第三十二条; house"),
         (rules.two_envelopes_in_document, rules.read_out_done, rules.objections_answered, rules.confirm_window_over_or_all), "works", "签署报价开启记录", "Sign the record of the prices"),
    *(Move("trading.opening.object", SITTING[field], None, ("bidder",), parse("实施条例 第四十四条; 87号令 第四十二条"),
           (rules.own_bid_live, rules.record_not_signed), field, "当场提出异议", "Object on the spot") for field in FIELDS),
    *(Move("trading.opening.answer", SITTING[field], None, ("host",), parse("实施条例 第四十四条"), (rules.objection_open,),
           field, "当场答复", "Answer on the spot") for field in FIELDS),
    *(Move("trading.opening.confirm", SITTING[field], None, ("bidder",), parse("87号令 第四十二条; 电子招标投标办法 第三十二条"),
           (rules.read_out_done, rules.own_bid_live, rules.record_not_signed), field, "确认开标记录", "Confirm the read-out") for field in FIELDS),
    *both("trading.opening.sign_record", ("opening",), "opened", ("host",), "电子招标投标办法 第三十二条; 87号令 第四十二条",
          (rules.read_out_done, rules.objections_answered, rules.confirm_window_over_or_all, rules.contributions_complete),
          (rules.read_out_done, rules.objections_answered), "签署开标记录", "Sign the record"),
    *(Move("trading.opening.return_unopened", ("closed",), "failed", ("host",), parse("实施条例 第四十四条; 87号令 第四十一条"),
           (rules.closing_written, rules.fewer_than_three), field, "不开标，退回", "Return unopened") for field in FORMAL),
    Move("trading.opening.qualify", ("opened",), "qualifying", ("agent", "buyer"), parse("87号令 第四十四条"),
         (rules.procurement_only, rules.record_signed), zh="开始资格审查", en="Begin the qualification review"),
    Move("trading.opening.judge_qualification", ("qualifying",), None, ("buyer", "agent"), parse("87号令 第四十四条"),
         (rules.reason_if_failed, rules.every_criterion_from_document), zh="资格审查", en="Judge a qualification"),
    Move("trading.opening.close_qualification", ("qualifying",), "convening", ("buyer", "agent"), parse("87号令 第四十四条、第三十一条"),
         (rules.every_bid_judged, rules.three_qualified, rules.brands_counted_once), zh="结束资格审查", en="Close the qualification review"),
    Move("trading.opening.convene", ("opened",), "convening", ("agent", "buyer"), parse("招标投标法 第三十七条"),
         (rules.works_only, rules.record_signed), only="works", zh="组建评标委员会", en="Convene the committee"),
)
