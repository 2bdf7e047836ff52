"""The tables by which a draw moves and by which an expert's own record does."""
from experts.rules import draws as d
from experts.rules import people as p
from kernel.machine import Guard, Move, Procedure
from law.citations import parse
from law.stages import SIDE

DRAW_STAGES = SIDE["draw"]
CALLING = ("calling",)


def _move(tag: str, source: tuple[str, ...], target: str | None, by: str, under: str, guards: tuple[Guard, ...], zh: str, en: str) -> Move:
    return Move(f"experts.{tag}", source, target, tuple(by.split()), parse(under) if under else (), guards, zh=zh, en=en)


DRAW = Procedure("draw", DRAW_STAGES, "briefed", ("released",), (
    _move("pool", ("briefed",), "pooled", "system", "实施条例 第四十六条", (d.pool_three_times_seats, d.snapshot_fresh), "锁定抽取池", "Fix the pool"),
    _move("fix_rules", ("pooled",), None, "system", "实施条例 第四十六条", (d.exclusions_fixed,), "锁定回避名单", "Fix rules and recusals"),
    _move("enlarge", ("briefed",), None, "agent buyer regulator", "实施条例 第四十六条", (d.pool_short,), "扩大抽取范围", "Widen the pool"),
    _move("commit", ("pooled",), "committed", "agent buyer regulator custodian", "实施条例 第四十六条", (d.party_named, d.first_word), "提交随机数承诺", "Commit a contribution"),
    _move("post_partials", ("committed",), None, "custodian", "实施条例 第四十六条", (d.commits_complete, d.waiting_time_over, d.first_word), "提交部分解密", "Post partial decryptions"),
    _move("reveal", ("committed",), "seeded", "agent buyer regulator custodian system", "实施条例 第四十六条",
          (d.party_named, d.commits_complete, d.waiting_time_over, d.first_word, d.matches_commitment), "公开随机数", "Reveal a contribution"),
    _move("call", ("seeded", "calling"), "calling", "system", "实施条例 第四十六条", (d.quota_open, d.strictly_next), "通知下一位", "Call the next"),
    _move("reply", CALLING, None, "expert_called", "招标投标法 第三十七条", (d.call_open,), "答复", "Reply"),
    _move("mark_unreachable", CALLING, None, "system", "实施条例 第四十六条", (d.waiting_time_over, d.channels_tried), "记为未接通", "Note as unreachable"),
    _move("find_conflict", ("seeded", "calling", "filled"), None, "system", "实施条例 第四十六条; 政府采购法实施条例 第九条",
          (d.relation_found,), "发现回避情形", "Find a conflict"),
    _move("vacate", ("calling", "filled"), None, "system", "实施条例 第四十八条; 87号令 第四十九条", (d.cause_of_replacement_lawful,), "席位空缺", "Vacate a seat"),
    _move("fill", CALLING, "filled", "system", "招标投标法 第三十七条; 87号令 第四十七条; 74号令 第七条",
          (d.quota_full, d.committee_shape), "组成委员会", "Fill the committee"),
    _move("fall_short", CALLING, "short", "system", "87号令 第四十九条", (d.order_exhausted,), "名额不足", "Fall short"),
    _move("substitute", ("filled",), "calling", "agent buyer", "实施条例 第四十六条、第四十八条; 87号令 第四十九条",
          (d.cause_of_replacement_lawful, d.member_out), "更换成员", "Replace a member"),
    _move("name_representative", ("briefed", "pooled", "committed", "seeded", "calling", "filled"), None, "buyer",
          "87号令 第四十五条、第四十七条; 招标投标法 第三十七条",
          (d.authorisation_attached, d.representative_share, d.representative_unrelated), "委派代表", "Name the representative"),
    _move("release", ("filled", "short"), "released", "system", "87号令 第四十七条、第六十九条; 招标投标法 第三十七条",
          (d.names_secrecy_over,), "公开名单", "Release the names"),
    _move("appraise", ("released",), None, "agent buyer", "", (p.own_session, p.within_five_working_days, p.marks_with_facts), "评价专家", "Appraise an expert"),
    _move("claim_fee", ("filled", "short", "released"), None, "system", "87号令 第四十五条、第六十二条", (p.hours_from_doors, p.fee_not_forfeited), "计算评审费", "Work out the fee"),
))

# The brief begins a draw: nothing is there yet to move, so its one row starts where a brief leaves off.
BRIEF = Procedure("brief", ("briefed",), "briefed", ("briefed",), (
    _move("brief", ("briefed",), None, "agent buyer", "招标投标法 第三十七条; 87号令 第四十七条; 74号令 第七条",
          (d.record_signed_or_early_draw_allowed, d.session_booked, d.key_ready, d.categories_match_lot, d.committee_shape, d.draw_window),
          "提出抽取需求", "Brief a draw"),
))

EXPERT = Procedure("expert", ("applied", "admitted"), "applied", ("admitted",), (
    _move("enlist", ("applied",), "admitted", "registrar", "实施条例 第四十五条", (), "导入专家库", "Enlist from a list"),
    _move("declare_relations", ("admitted",), None, "expert_idle", "实施条例 第四十六条; 政府采购法实施条例 第九条", (p.related_code_valid,), "申报关系", "Declare a relation"),
))
