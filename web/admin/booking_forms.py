"""Forms about bookings: hold, wait, move, release, overrule; and blocking a room."""
from decimal import Decimal, InvalidOperation
from typing import Any

from kernel.errors import Malformed, Text
from kernel.values import MINUTE, day_of
from rooms import reads as rooms
from rooms.ask_way import AskWay, ask_way
from rooms.block import Block, block
from rooms.give_way import GiveWay, give_way
from rooms.hold import Hold, hold
from rooms.keep_apart import KeepApart, keep_apart
from rooms.move import Move, move
from rooms.overrule import Overrule, overrule
from rooms.release import Release, release
from rooms.wait import Wait, wait
from trading.projects import listing
from web.forms import ActForm, Field, Options, forms
from web.viewer import Viewer

BOOKING = Field("booking", kind="hidden")


def places(viewer: Viewer) -> Options:
    """Rooms by kind and number, as the board of today shows them to this reader."""
    with viewer.centre.reading() as session:
        lines = rooms.board(session, viewer.actor, day_of(viewer.now), viewer.now)
    return tuple((line.room, f"{line.name.zh}（{line.seats} 席）", f"{line.name.en} ({line.seats} seats)") for line in lines)


def same_or_other(viewer: Viewer) -> Options:
    return (("", "原场地", "The same room"), *places(viewer))


def slot(values: dict[str, Any]) -> dict[str, Any]:
    try:
        length = Decimal(str(values["hours"]))
    except InvalidOperation as error:
        raise Malformed("hours", Text("时长请用数字填写", "Enter the hours in figures")) from error
    if not length.is_finite() or not Decimal("0.25") <= length <= 240:
        raise Malformed("hours", Text("时长应在 0.25 至 240 小时之间", "Between a quarter of an hour and 240 hours"))
    return {"kind": values["kind"], "start": values["start"], "end": values["start"] + round(length * 60) * MINUTE, "seats": values["seats"], "room": values.get("room", "")}


def moved(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"booking": values["booking"], "to": slot(values) | {"reason": values.get("reason", "")}}


def overruled(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"booking": values["booking"], "offer": slot(values), "reason": values["reason"]}


def answered(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"booking": values["booking"], "way": values["way"], "agree": values["agree"] == "yes"}


def own_tenders(viewer: Viewer) -> Options:
    with viewer.centre.reading() as session:
        return tuple((row.id, f"{row.code} {row.title}", f"{row.code} {row.title}") for row in listing.work_list(session, viewer.actor, viewer.now))


def parted(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return values | {"apart": values["apart"] == "yes"}


def when(*, room: bool) -> tuple[Field, ...]:
    where = Field("room", "场地", "Room", "select", options=same_or_other if room else places, optional=room)
    return (Field("kind", kind="hidden"), Field("start", "开始", "Begins", "time"), Field("hours", "时长", "Length", unit="小时"),
            Field("seats", "席位", "Seats", "number", unit="席"), where)


forms(
    ActForm("rooms.hold", hold, Hold, "锁定场地", "Hold the room", (BOOKING,)),
    ActForm("rooms.move", move, Move, "变更场地", "Move the booking", (
        BOOKING, *when(room=True), Field("reason", "延时服务理由", "Reason for extended hours", hint=Text("开放时间以外须写明", "Needed outside opening hours"), optional=True)), shape=moved),
    ActForm("rooms.wait", wait, Wait, "排队等候", "Wait in line", (BOOKING,), consequence=Text(
        "时段空出后按先后保留两小时，由您锁定；逾期转给下一位。", "When the slot comes free it is kept for two hours for the first in line, who takes it; after that for the next.")),
    ActForm("rooms.ask_way", ask_way, AskWay, "请求让出时段", "Ask for the slot", (BOOKING,), consequence=Text(
        "系统向占用者提供另一时段并征求同意；不同意或逾期不答复，场次不变。每个场次只问一次。",
        "The house offers whoever holds it another slot and asks for consent; without it nothing moves. Nobody is asked twice.")),
    ActForm("rooms.give_way", give_way, GiveWay, "答复", "Answer", (
        BOOKING, Field("way", kind="hidden"), Field("agree", "是否同意让出", "Do you give it up?", "choice", options=(
            ("yes", "同意，改至所列时段", "Yes, and take the slot named"), ("no", "不同意，场次不变", "No, the session stays")))), shape=answered),
    ActForm("rooms.keep_apart", keep_apart, KeepApart, "与其他项目分区", "Keep apart from another tender", (
        BOOKING, Field("other", "另一项目", "The other tender", "select", options=own_tenders), Field("reason", "理由", "Reason"),
        Field("apart", "安排", "Wanted", "choice", options=(("yes", "同时段不在同一通道", "Never on one corridor at one time"), ("no", "不再分区", "They may meet again")))),
        shape=parted, consequence=Text("仅限本单位代理的项目之间；锁定和改约时据此拒绝同一通道。", "Only between tenders of your own agency; a room on the same corridor is then refused.")),
    ActForm("rooms.release", release, Release, "释放场地", "Release the room", (BOOKING,), danger=True),
    ActForm("rooms.overrule", overrule, Overrule, "撤销锁定", "Overrule a held booking", (
        BOOKING, *when(room=False), Field("reason", "理由", "Reason", "area")), danger=True, shape=overruled,
        consequence=Text("须提供另一空闲时段，并由另一人确认。", "Another free slot must be offered, and a second person confirms.")),
    ActForm("rooms.block", block, Block, "停用场地", "Block a room", (
        Field("room", "场地", "Room", "select", options=places), Field("start", "自", "From", "time"), Field("end", "至", "To", "time"), Field("reason", "原因", "Reason"))),
)
