"""Rows of the tender's table that this folder owns: from the draft to the review, and every way to stop or close a file.

A row whose guards are the law's stands once for works and once for procurement; a row with only="replay" is its
counterpart in the rule set without minimum periods, rooms and numbers.
"""
from dataclasses import replace

from kernel.machine import Move, Procedure, span
from law.citations import parse
from law.stages import MAIN
from trading.projects.rules import calendar, document, drafting, owing, reviewing, stopping

WRITERS = ("agent", "buyer")
DRAFTING = ("draft",)
FOLLOWING = span(MAIN, "review", "contracted")  # a paper may follow while the tender runs
RUNNING = span(MAIN, "inviting", "awarded")


def lawful(move: Move) -> tuple[Move, Move]:
    """The row for both fields of the law, and for no rule set beside them."""
    return replace(move, only="works"), replace(move, only="procurement")


MOVES: tuple[Move, ...] = (
    *lawful(Move("trading.projects.mandate", DRAFTING, None, ("buyer",), parse("实施条例 第十四条"),
                 (drafting.agent_unrelated, drafting.contract_attached), zh="委托代理", en="Mandate an agency")),
    *lawful(Move("trading.projects.accept_mandate", DRAFTING, None, ("agent",), parse("实施条例 第十四条"),
                 (drafting.mandate_open,), zh="接受委托", en="Accept the mandate")),
    *lawful(Move("trading.projects.split", DRAFTING, None, WRITERS, parse("实施条例 第二十四条; 政府采购法实施条例 第二十八条"),
                 (drafting.lots_not_to_evade,), zh="划分标段", en="Split into lots")),
    Move("trading.projects.split", DRAFTING, None, WRITERS, parse("house"), only="replay", zh="划分标段", en="Split into lots"),
    *lawful(Move("trading.projects.choose_method", DRAFTING, None, WRITERS,
                 parse("招标投标法 第十、十一条; 政府采购法 第二十六、二十七条; 87号令 第四条"),
                 (drafting.method_known, drafting.method_allowed, drafting.approval_if_not_open), zh="选定方式", en="Choose the method")),
    *lawful(Move("trading.projects.set_document", DRAFTING, None, WRITERS, parse("实施条例 第二十六、二十七、三十二条; 87号令 第十二、二十条"),
                 (document.no_floor_price, document.deposit_within_cap, document.fair_competition_reviewed, document.no_forced_presence,
                  document.price_announced_at_opening),
                 zh="编制招标文件", en="Write the document")),
    *lawful(Move("trading.projects.set_scoring", DRAFTING, None, WRITERS, parse("87号令 第五十五条; 实施条例 第四十九条"),
                 (document.weights_sum_to_one, document.price_weight_floor, document.no_qualification_scored, document.formula_compiles,
                  document.no_average_benchmark, document.decimals_stated), zh="设定评分办法", en="Set the scoring")),
    *lawful(Move("trading.projects.set_ceiling", DRAFTING, None, ("buyer",), parse("实施条例 第二十七条; 87号令 第十二条"),
                 (document.ceiling_within_budget,), zh="设定最高限价", en="Set the ceiling")),
    *lawful(Move("trading.projects.set_calendar", DRAFTING, None, WRITERS,
                 parse("招标投标法 第二十四、三十四条; 实施条例 第十六条; 政府采购法 第三十五条; 87号令 第十六、十八、三十九条"),
                 (calendar.preparation_period_long_enough, calendar.sale_period_long_enough, calendar.deadline_is_opening,
                  calendar.deadline_on_working_day, calendar.room_held), zh="安排时间", en="Set the calendar")),
    Move("trading.projects.set_calendar", DRAFTING, None, WRITERS, parse("house"), (calendar.deadline_is_opening,), "replay",
         "安排时间", "Set the calendar"),
    *lawful(Move("trading.projects.confirm_document", DRAFTING, None, ("buyer",), parse("实施条例 第十四条"),
                 (document.document_complete,), zh="确认招标文件", en="Confirm the document")),
    Move("trading.projects.flag_green", ("draft", "review"), None, ("room_manager", "reviewer1"), parse("house"),
         (stopping.cause_listed,), zh="标为绿色通道", en="Mark for the green channel"),
    *lawful(Move("trading.projects.submit", DRAFTING, "review", WRITERS, parse("house"),
                 (document.document_complete, document.key_ready, document.buyer_confirmed), zh="提交审核", en="Submit for review")),
    Move("trading.projects.submit", DRAFTING, "review", WRITERS, parse("house"), only="replay", zh="提交审核", en="Submit for review"),
    Move("trading.projects.assign", ("review",), None, ("system",), parse("house"), zh="分派审核", en="Draw reviewers"),
    Move("trading.projects.accept_owing", ("review",), None, ("reviewer1",), parse("house"),
         (owing.green_channel, reviewing.drawn_for_file, owing.papers_may_follow, owing.follows_soon), zh="容缺受理", en="Accept with a paper to follow"),
    Move("trading.projects.supply_paper", FOLLOWING, None, WRITERS, parse("house"), (owing.paper_owed, owing.file_readable),
         zh="补交材料", en="Hand in a paper owed"),
    Move("trading.projects.check_paper", FOLLOWING, None, ("reviewer1", "reviewer2"), parse("公平竞争审查规则 第十条(一); house"),
         (owing.paper_supplied, owing.remark_given), zh="核对补交材料", en="Check a paper handed in"),
    Move("trading.projects.review_first", ("review",), None, ("reviewer1",), parse("公平竞争审查规则 第十条(一); house"),
         (reviewing.drawn_for_file, reviewing.not_drafter, reviewing.checklist_answered), zh="一审", en="First review"),
    Move("trading.projects.review_second", ("review",), None, ("reviewer2",), parse("公平竞争审查规则 第十条(一); house"),
         (reviewing.drawn_for_file, reviewing.other_than_first, reviewing.checklist_answered), zh="二审", en="Second review"),
    Move("trading.projects.return_for_repair", ("review",), "draft", ("reviewer1", "reviewer2"), parse("公平竞争审查规则 第十条(一); house"),
         (reviewing.drawn_for_file, reviewing.reason_given, reviewing.all_faults_at_once), zh="退回补正", en="Return for repair"),
    Move("trading.projects.withdraw", ("draft", "review"), "terminated", ("buyer",), parse("house"), (stopping.not_published,),
         zh="撤回项目", en="Withdraw"),
    Move("trading.projects.suspend", RUNNING, None, ("regulator", "agent", "system"),
         parse("实施条例 第二十二、五十四、六十二条; 94号令 第二十八条"),
         (stopping.cause_listed, stopping.order_cited_if_regulator), zh="暂停", en="Suspend"),
    Move("trading.projects.resume", RUNNING, None, ("regulator", "agent", "system"),
         parse("实施条例 第二十二、五十四、六十二条; 94号令 第二十八条"), (stopping.cause_gone, stopping.same_side_resumes), zh="恢复", en="Resume"),
    Move("trading.projects.terminate", RUNNING, "terminated", ("buyer",), parse("87号令 第二十九条; 实施条例 第三十一条"),
         (stopping.termination_cause_lawful,), zh="终止", en="Terminate"),
    *lawful(Move("trading.projects.fail", span(MAIN, "closed", "confirming"), "failed", ("agent", "system"),
                 parse("招标投标法 第二十八、四十二条; 87号令 第四十一、四十三、四十四条; 政府采购法 第三十六条"),
                 (stopping.failing_condition_met,), zh="流标（废标）", en="Declare failed")),
    Move("trading.projects.fail", span(MAIN, "closed", "reported"), "failed", ("agent", "system"), parse("house"),
         (stopping.failing_condition_met,), "replay", "流标", "Declare failed"),
    Move("trading.projects.archive", ("contracted", "performing"), "archived", ("archivist",),
         parse("政府采购法 第四十二条; 87号令 第七十六条; DA/T 103-2024"),
         (stopping.file_complete, stopping.four_checks_passed, stopping.no_open_dispute), zh="归档", en="Archive"),
)


def beginning(name: str) -> Procedure:
    """How a tender comes to be: a table of one row, since there is no tender yet whose table could be asked."""
    guards = () if name == "replay.lowest" else (drafting.admitted_buyer, drafting.plan_present)
    row = Move("trading.projects.draft", ("none",), "draft", WRITERS, parse("政府采购法实施条例 第二十九条; Order 16 第二条"), guards,
               zh="登记项目", en="Enter a tender")
    return Procedure(f"{name}: entry", ("none", "draft"), "none", ("draft",), (row,))


# A tender that failed or was terminated keeps its stage when its file is closed: archiving discloses nothing more.
ENDED = Procedure("ended", ("failed", "terminated"), "failed", ("failed", "terminated"),
                  (replace(next(m for m in MOVES if m.tag == "trading.projects.archive"), source=("failed", "terminated"), target=None),))
