"""The session of a committee as one table: booked → gathered → sworn → reviewing → scoring → summing → signing → sealed.

Every row is an act in the evaluation area unless it says otherwise in its module. Watching is no row: no act of this
table lists the regulator but halt and resume.
"""
from evaluation.rules import guards as g
from evaluation.rules import guards_scores as s
from kernel.machine import Move, Procedure, span
from law.citations import parse
from law.stages import SIDE

STAGES = tuple(stage for stage in SIDE["session"] if stage != "reopened")
MEMBERS = ("expert_seated", "buyer_rep")
GUESTS = ("regulator", "agent")


def of(first: str, last: str) -> tuple[str, ...]:
    return span(STAGES, first, last)


def row(name: str, source: tuple[str, ...], target: str | None, by: tuple[str, ...], under: str, zh: str, en: str, *guards: object) -> Move:
    return Move(f"evaluation.{name}", source, target, by, parse(under), guards, zh=zh, en=en)  # type: ignore[arg-type]


MOVES = (
    row("prepare", ("booked",), None, ("agent",), "实施条例 第四十八条 ¶2", "预约评审", "Prepare the session", g.room_held),
    row("open", ("booked",), "gathered", ("agent",), "招标投标法 第三十八条; 87号令 第四十五条; 87号令 第六十六条", "评审开始", "Open the session",
        g.record_signed, g.seats_filled, g.recording_on, g.network_cut, g.envelopes_sealed_to_seats),
    # a substitute joins later; the same three steps are open to him until the sheets are in
    row("verify_member", of("gathered", "scoring"), None, ("agent",), "87号令 第四十五条(一)", "核验身份", "Verify a member",
        g.face_and_paper_match, g.authorisation_attached),
    row("pledge", of("gathered", "scoring"), None, MEMBERS, "87号令 第四十五条(二); 198号", "签署承诺", "Sign the pledge", g.member_verified, g.phone_in_locker),
    row("declare_no_interest", of("gathered", "scoring"), None, MEMBERS, "87号令 第四十五条(三); 实施条例 第四十六条", "声明无利害关系", "Declare no interest",
        g.pledged, g.bidder_list_shown),
    row("recuse", of("gathered", "summing"), None, MEMBERS, "实施条例 第四十六条; 实施条例 第四十八条; 87号令 第四十九条", "申请回避", "Recuse oneself", g.report_not_signed),
    row("elect_chair", of("gathered", "signing"), "sworn", MEMBERS, "87号令 第四十五条(四)", "推选组长", "Elect the chair", g.all_declared, g.representative_not_chair),
    row("vote", of("gathered", "signing"), None, MEMBERS, "招标投标法 第三十八条; 87号令 第四十五条", "表决", "Vote", g.own_sheet),
    row("start", ("sworn",), "reviewing", ("chair",), "87号令 第四十四条; 87号令 第四十七条; 招标投标法 第三十七条", "开始评审", "Start the evaluation",
        g.committee_shape, g.three_qualified_or_works, g.document_shown),
    row("judge_conformity", ("reviewing",), None, MEMBERS, "87号令 第五十条; 实施条例 第五十一条", "符合性审查", "Judge conformity",
        g.criterion_from_document, g.own_sheet, g.reason_if_failed),
    row("ask_bidder", of("reviewing", "scoring"), None, ("chair",), "实施条例 第五十二条; 87号令 第五十一条", "要求澄清", "Ask a bidder",
        g.question_within_bid, g.no_hint, g.majority_reached),
    row("answer", of("reviewing", "scoring"), None, ("bidder",), "实施条例 第五十二条; 87号令 第五十一条", "书面答复", "Answer",
        g.asked, g.answer_in_time, g.answer_signed),
    row("ask_low_price", ("reviewing",), None, ("system", "chair"), "87号令 第六十条; 财库〔2026〕2号", "要求说明低价", "Ask about a low price",
        g.procurement_only, g.low_price_triggered_or_doubt),
    row("decide_low_price", of("reviewing", "scoring"), None, ("chair",), "87号令 第六十条", "认定低价说明", "Decide on a low price",
        g.explanation_or_time_over, g.majority_reached, g.reason_given),
    row("reject", of("reviewing", "summing"), None, ("chair",), "实施条例 第五十一条; 87号令 第六十三条", "否决投标", "Reject a bid",
        g.majority_reached, g.rejection_ground_listed, g.bidder_asked_if_doubtful),
    row("reject_all", of("reviewing", "summing"), "signing", ("chair",), "招标投标法 第四十二条; 政府采购法 第三十六条", "否决全部投标", "Reject all bids",
        g.fewer_than_three_valid, g.competition_lacking_reasoned, g.majority_reached),
    row("begin_scoring", ("reviewing",), "scoring", ("chair",), "87号令 第五十二条; 招标投标法 第四十条", "进入评分", "Begin scoring",
        s.all_bids_judged, s.questions_closed, s.three_valid_or_reasoned),
    row("score", ("scoring",), None, MEMBERS, "87号令 第五十五条; 87号令 第六十二条(四)", "打分", "Score",
        g.own_sheet, s.sheet_open, s.item_in_range, s.band_reason_given),
    row("hand_in", ("scoring",), None, MEMBERS, "87号令 第六十四条; 招标投标法 第四十四条", "提交评分表", "Hand in the sheet",
        g.own_sheet, s.sheet_open, s.sheet_complete, s.item_in_range, s.objective_items_confirmed),
    row("open_price", ("scoring",), None, ("system",), "招标投标法 第三十六条; house", "开启报价信封", "Open the price envelopes",
        s.two_envelopes_in_document, s.technical_all_handed_in, s.one_bid_stands),
    row("compute", ("scoring",), "summing", ("system",), "87号令 第五十四条; 87号令 第五十五条; 87号令 第五十六条; 87号令 第五十七条", "汇总", "Compute the totals",
        s.all_sheets_in, s.prices_read_out, s.prices_admissible, s.benchmark_fixed, s.unmasked),
    row("return_sheet", ("summing",), "scoring", ("chair",), "87号令 第六十四条(一); 87号令 第六十四条(二); 87号令 第六十四条(三); 87号令 第六十四条(四)", "退回评分表", "Return a sheet",
        s.return_ground_listed, g.report_not_signed),
    row("explain_outlier", ("summing",), None, MEMBERS, "87号令 第六十四条(四)", "说明评分", "Explain a score", s.flag_open, g.own_sheet, g.reason_given),
    row("break_tie", ("summing",), None, ("system", "chair"), "87号令 第三十一条; 87号令 第五十七条; 87号令 第六十八条", "确定并列次序", "Settle a tie",
        s.tie_real, s.rule_of_document_used),
    row("recommend", ("summing",), "signing", ("chair",), "实施条例 第五十三条; 87号令 第四十六条(四)", "推荐候选人", "Recommend candidates",
        s.flags_settled, s.candidates_at_most_three, s.ranked_by_totals, g.majority_reached),
    row("dissent", ("signing",), None, MEMBERS, "实施条例 第五十三条 ¶2; 政府采购法实施条例 第四十一条", "书面说明不同意见", "Dissent", s.report_shown, s.report_unchanged, g.reason_given),
    row("sign", ("signing",), None, MEMBERS, "实施条例 第五十三条; 政府采购法实施条例 第四十一条", "签署报告", "Sign the report", s.report_shown, s.report_unchanged),
    row("note_refusal", ("signing",), None, ("chair",), "实施条例 第五十三条", "记录拒签", "Note a refusal to sign", s.sign_window_over, s.no_dissent_written),
    row("seal", ("signing",), "sealed", ("system",), "87号令 第六十八条; 电子招标投标办法 第四十九条", "封存报告", "Seal the report", s.all_signed_or_noted, s.recording_whole),
    row("halt", of("gathered", "signing"), None, ("regulator", "system"), "实施条例 第六十二条", "暂停评审", "Halt", g.cause_listed, g.order_cited_if_regulator),
    row("resume", of("gathered", "signing"), None, GUESTS, "实施条例 第六十二条", "恢复评审", "Resume", g.cause_gone, g.same_side_resumes, g.committee_shape),
)

SESSION = Procedure("session", STAGES, "booked", ("sealed",), MOVES)
