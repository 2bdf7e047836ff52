"""Acts of the area as a table of one stage: who may do what at the doors, under which article, on which conditions."""
from evaluation.area import rules as g
from kernel.machine import Move, Procedure
from law.citations import parse

HERE = "area"
DOOR = ("device", "area_guard")


def row(name: str, by: tuple[str, ...], under: str, zh: str, en: str, *guards: object) -> Move:
    return Move(f"evaluation.area.{name}", (HERE,), None, by, parse(under), guards, zh=zh, en=en)  # type: ignore[arg-type]


MOVES = (
    row("issue_badge", ("system",), "招标投标法 第三十八条; 87号令 第六十六条", "发放门禁", "Issue a badge", g.seat_accepted, g.badge_free),
    row("admit", DOOR, "87号令 第六十六条", "放行进入", "Admit",
        g.badge_in_window, g.face_and_paper_match, g.right_zone, g.not_recused, g.phone_in_locker),
    row("refuse", DOOR, "87号令 第六十六条", "拒绝进入", "Refuse entry"),
    row("leave", DOOR, "87号令 第六十二条(五)", "离开", "Leave", g.leave_allowed_or_report_signed),
    row("allow_leave", ("agent", "regulator"), "87号令 第六十二条(五)", "批准临时离开", "Allow a leave", g.reason_given, g.escort_named),
    row("store_phone", ("area_guard",), "87号令 第四十五条(五)", "存放通讯工具", "Store a phone", g.slip_free),
    row("return_phone", ("area_guard",), "87号令 第四十五条(五)", "归还通讯工具", "Return a phone", g.report_signed_or_out_for_good),
    row("register_guest", ("area_guard",), "87号令 第六十六条", "登记来访", "Register a guest", g.guest_kind_listed, g.escort_named, g.regulator_told),
    row("watch", ("regulator", "regulator_other"), "实施条例 第四十六条 ¶4; 电子招标投标办法 第四十八条", "进入监督视图", "Watch", g.file_number_given, g.own_field),
    row("raise_alarm", ("system", "device"), "87号令 第六十二条", "告警", "Raise an alarm", g.rule_of_alarm_met),
    row("settle_alarm", ("area_guard", "regulator"), "87号令 第六十二条", "处理告警", "Settle an alarm", g.alarm_open, g.finding_given),
    row("start_recording", ("system",), "87号令 第三十九条", "开启录音录像", "Start the recording", g.devices_whole, g.clock_agrees),
    row("add_segment", ("system", "device"), "87号令 第三十九条", "登记录像段", "Add a segment"),
    row("close_recording", ("system",), "87号令 第三十九条", "关闭录音录像", "Close the recording", g.session_over),
)

AREA = Procedure("area", (HERE,), HERE, (HERE,), MOVES)
