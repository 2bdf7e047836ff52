"""The two tables of this package: how a booking moves, and what may be done to the house itself."""
from kernel.machine import Move, Procedure
from law.citations import parse
from law.stages import SIDE
from rooms import rules

HOUSE = parse("house")
PLACE = (rules.slot_free, rules.buffer_kept, rules.room_not_blocked, rules.kept_apart, rules.another_room_again)

BOOKING = Procedure("booking", SIDE["booking"], "asked", ("released",), (
    Move("rooms.book", ("asked",), None, by=("agent", "room_manager"), under=HOUSE,
         guards=(rules.room_fits, rules.within_advance_limit, rules.whole_chain), zh="预约场地", en="Book rooms"),
    Move("rooms.hold", ("asked",), "held", by=("system", "room_manager", "agent"), under=HOUSE,
         guards=(*PLACE, rules.first_in_line, rules.devices_whole), zh="锁定场地", en="Hold the room"),
    Move("rooms.wait", ("asked",), None, by=("agent",), under=HOUSE, guards=(rules.slot_taken,), zh="排队等候", en="Wait in line"),
    Move("rooms.offer", ("asked",), None, by=("system",), under=HOUSE,
         guards=(rules.slot_came_free, rules.first_in_line), zh="保留空出的时段", en="Keep a freed slot for the first in line"),
    Move("rooms.ask_way", ("asked",), None, by=("agent", "room_manager"), under=HOUSE,
         guards=(rules.green_channel, rules.one_who_can_give_way, rules.other_slot_offered), zh="请求让出时段", en="Ask for the slot"),
    Move("rooms.give_way", ("held",), None, by=("agent",), under=HOUSE,
         guards=(rules.asked_in_time, *PLACE, rules.first_in_line), zh="答复让出请求", en="Answer the request for the slot"),
    Move("rooms.move", ("asked", "held"), None, by=("agent", "room_manager"), under=parse("house; 招标投标法 第三十四条"),
         guards=(rules.room_fits, rules.within_advance_limit, *PLACE, rules.first_in_line, rules.not_within_two_hours, rules.parties_told_if_opening),
         zh="变更场地", en="Move the booking"),
    Move("rooms.keep_apart", ("asked", "held", "used"), None, by=("agent",), under=HOUSE,
         guards=(rules.another_tender, rules.reason_given, rules.stand_apart), zh="与其他项目分区", en="Keep apart from another tender"),
    Move("rooms.follow", ("asked", "held"), None, by=("system",), under=HOUSE,
         guards=(rules.times_moved, rules.within_advance_limit, *PLACE, rules.first_in_line), zh="随项目顺延场次", en="Follow the tender's times"),
    Move("rooms.take", ("held",), "used", by=("host", "area_guard"), under=HOUSE,
         guards=(rules.within_window, rules.room_ready), zh="启用场地", en="Take the room"),
    Move("rooms.expect", ("held", "used"), None, by=("system",), under=HOUSE, zh="登记到场人员", en="Expect a person"),
    Move("rooms.overrun", ("used",), None, by=("chair", "agent"), under=parse("实施条例 第四十八条"),
         guards=(rules.next_can_move,), zh="延长场次", en="Extend the session"),
    Move("rooms.release", ("asked", "held", "used"), "released", by=("system", "room_manager", "agent"), under=HOUSE,
         guards=(rules.session_over_or_no_show,), zh="释放场地", en="Release the room"),
    Move("rooms.overrule", ("held",), "released", by=("room_manager",), under=HOUSE,
         guards=(rules.reason_given, rules.other_slot_offered), zh="撤销锁定", en="Overrule a held booking"),
))

PLACES = Procedure("place", ("open",), "open", ("open",), (
    Move("rooms.furnish", ("open",), None, by=("registrar", "room_manager"), under=HOUSE, zh="登记场地", en="Furnish rooms"),
    Move("rooms.block", ("open",), None, by=("room_manager",), under=HOUSE,
         guards=(rules.no_held_session_inside, rules.reason_given), zh="停用场地", en="Block a room"),
    Move("rooms.enrol_device", ("open",), None, by=("technician",), under=HOUSE,
         guards=(rules.device_key_fresh,), zh="登记设备", en="Enrol a device"),
    Move("rooms.show", ("open",), None, by=("system",), under=HOUSE, guards=(rules.text_from_masked_view,), zh="更新屏幕", en="Show on a screen"),
    Move("rooms.report_fault", ("open",), None, by=("technician", "area_guard"), under=HOUSE, zh="报告设备状态", en="Report a device"),
))
