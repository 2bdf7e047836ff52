"""Guards of the evaluation area: doors, phones, recordings, alarms, watching. Each name is the sentence that must be true.

Sources: 87号令 第三十九、四十五、六十二、六十六条; 招标投标法 第三十八条; 实施条例 第四十六条.
"""
from types import SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import MINUTE, show_time

Facts = SimpleNamespace

CLOCK_LIMIT_MS = 2_000  # a recorder whose clock is further off proves nothing about an order of events
ABSENT_AFTER = 10 * MINUTE
# rule of an alarm → its words; figures come with the alarm
ALARMS = {
    "entry_refused": Text("出入被拒", "Entry refused"),
    "absent": Text("成员未经批准离开", "A member is away without leave"),
    "leave_overrun": Text("离开超过批准时间", "A leave has run over"),
    "recording_gap": Text("录像存在缺口", "The recording has a gap"),
    "shape_broken": Text("评审成员不足", "The committee has lost its shape"),
}
FINDINGS = {
    "no_cause": Text("误报", "False alarm"),
    "device_fault": Text("设备故障", "Device fault"),
    "explained": Text("已说明，情况属实", "Explained"),
    "discipline_broken": Text("违反评审纪律", "Discipline was broken"),
}


def no(rule: str, **values: object) -> Reason:
    return Reason(rule, values=values)


def seat_accepted(f: Facts) -> Reason | None:
    return None if f.seated else no("seat_accepted")


def badge_free(f: Facts) -> Reason | None:
    return no("badge_free") if f.badge_in_use else None


def badge_in_window(f: Facts) -> Reason | None:
    if f.badge.state != "ended" and f.badge.since <= f.now <= f.badge.until:
        return None
    window = f"{show_time(f.badge.since)}–{show_time(f.badge.until)}"
    return Reason("badge_in_window", Text(window, window))


def face_and_paper_match(f: Facts) -> Reason | None:
    return None if f.face and f.paper else no("face_and_paper_match")


def right_zone(f: Facts) -> Reason | None:
    return None if f.zone == f.badge.zone else no("right_zone", zone=f.zone)


def not_recused(f: Facts) -> Reason | None:
    return no("not_recused") if f.recused else None


def phone_in_locker(f: Facts) -> Reason | None:
    """Guests of the emergency service run in as they are."""
    return None if f.phone_stored or f.badge.kind == "emergency" else no("phone_in_locker")


def leave_allowed_or_report_signed(f: Facts) -> Reason | None:
    """Members stay until the report is signed; the recused, and guests, go when they go."""
    if f.badge.kind != "member" or f.recused or f.stands or f.session_over:
        return None
    return None if f.badge.leave_until is not None and f.now <= f.badge.leave_until else no("leave_allowed_or_report_signed")


def reason_given(f: Facts) -> Reason | None:
    return None if f.reason.strip() else no("reason_given")


def escort_named(f: Facts) -> Reason | None:
    return None if f.escort.strip() else no("escort_named")


def slip_free(f: Facts) -> Reason | None:
    return no("slip_free") if f.locker_taken else None


def report_signed_or_out_for_good(f: Facts) -> Reason | None:
    return None if f.stands or f.session_over or f.recused else no("report_signed_or_out_for_good")


def guest_kind_listed(f: Facts) -> Reason | None:
    if f.kind in f.kinds.value:
        return None
    return Reason("guest_kind_listed", under=f.kinds.under, binding=f.kinds.may_refuse)


def regulator_told(f: Facts) -> Reason | None:
    return None if f.told else no("regulator_told")


def file_number_given(f: Facts) -> Reason | None:
    return None if f.file_number.strip() and f.reason.strip() else no("file_number_given")


def own_field(f: Facts) -> Reason | None:
    return None if f.own_field else no("own_field")


def rule_of_alarm_met(f: Facts) -> Reason | None:
    return None if f.rule in ALARMS and f.met else no("rule_of_alarm_met")


def alarm_open(f: Facts) -> Reason | None:
    return None if f.open else no("alarm_open")


def finding_given(f: Facts) -> Reason | None:
    return None if f.finding in FINDINGS else no("finding_given")


def devices_whole(f: Facts) -> Reason | None:
    return None if f.faulty == 0 else no("devices_whole")


def clock_agrees(f: Facts) -> Reason | None:
    if abs(f.clock_off) <= CLOCK_LIMIT_MS:
        return None
    return Reason("clock_agrees", Text(f"{f.clock_off} 毫秒", f"{f.clock_off} ms"))


def session_over(f: Facts) -> Reason | None:
    return None if f.over else no("session_over")
