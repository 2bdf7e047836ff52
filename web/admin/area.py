"""The desk at the evaluation area's entrance: badges by code, lockers, doors, alarms; and the organiser's acts at a terminal."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from evaluation.area.admit import Admit, present
from evaluation.area.allow_leave import AllowLeave, allow_leave
from evaluation.area.leave import Leave, leave
from evaluation.area.register_guest import RegisterGuest, register_guest
from evaluation.area.return_phone import ReturnPhone, return_phone
from evaluation.area.rules import FINDINGS
from evaluation.area.settle_alarm import SettleAlarm, settle_alarm
from evaluation.area.store_phone import StorePhone, store_phone
from evaluation.area.wall_reads import desks
from evaluation.verify_member import VerifyMember, verify_member
from kernel.errors import NotYours, Reason, Text
from law.grounds import LABELS
from law.registry import history
from web.forms import FORMS, ActForm, Field, forms
from web.refusals import sentence
from web.viewer import Viewer, page, viewer_of

BADGE = Field("badge", "证件编号", "Badge")
DOOR = Field("door", "门", "Door")
PROJECT = Field("project", kind="hidden")
STATES = {"issued": Text("未到", "Not here yet"), "inside": Text("在区内", "Inside"), "out": Text("暂离", "Out"), "ended": Text("已结束", "Ended")}
MARKS = {"issued": "wait", "inside": "run", "out": "warn", "ended": "off"}
GUESTS = tuple((code, *LABELS[code]) for code in history("grounds.area_guest")[-1].value)


def letter(_: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """A representative's letter of authorisation counts by its digest."""
    stored = values.pop("letter", None)
    return values | {"authorisation": stored["digest"] if stored else ""}


def of_session(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """The guard's page names a session by its own id and never learns which tender it is."""
    with viewer.centre.reading() as session:
        found = next((one for one in desks(session, viewer.actor, viewer.now) if one.id == values.get("room")), None)
    if found is None:
        raise NotYours
    return {name: value for name, value in values.items() if name != "room"} | {"project": found.project}


forms(
    ActForm("evaluation.area.admit", present, Admit, "放行进入", "Admit", (
        BADGE, DOOR, Field("face", "人脸与证件照一致", "Face and photograph agree", "tick"), Field("paper", "身份证件有效", "Identity paper is good", "tick"))),
    ActForm("evaluation.area.leave", leave, Leave, "登记离开", "Let out", (BADGE, DOOR)),
    ActForm("evaluation.area.store_phone", store_phone, StorePhone, "存放通讯工具", "Store a phone", (BADGE, Field("locker", "储物柜号", "Locker", "number"))),
    ActForm("evaluation.area.return_phone", return_phone, ReturnPhone, "归还通讯工具", "Return a phone", (BADGE,)),
    ActForm("evaluation.area.register_guest", register_guest, RegisterGuest, "登记来访", "Register a guest", (
        Field("room", kind="hidden"), Field("kind", "来访人员", "Who comes", "select", options=GUESTS), Field("escort", "陪同人", "Escort"),
        Field("hours", "时长", "How long", "number", unit="小时"), Field("regulator_told", "已告知监督部门", "The regulator has been told", "tick")), shape=of_session),
    ActForm("evaluation.area.settle_alarm", settle_alarm, SettleAlarm, "处理告警", "Settle the alarm", (
        Field("alarm", kind="hidden"), Field("finding", "结论", "Finding", "select", options=tuple((code, words.zh, words.en) for code, words in FINDINGS.items())))),
    ActForm("evaluation.area.allow_leave", allow_leave, AllowLeave, "批准临时离开", "Allow a leave", (
        BADGE, Field("minutes", "分钟", "Minutes", "number"), Field("escort", "陪同人", "Escort"), Field("reason", "事由", "Reason", "area")), consequence=Text(
        "须两人分别批准，内容一致才生效。", "Two persons must allow exactly the same before the door opens.")),
    ActForm("evaluation.verify_member", verify_member, VerifyMember, "核验身份", "Verify a member", (
        PROJECT, Field("seat", kind="hidden"), Field("face", "本人与证件照一致", "The person is the one on the paper", "tick"),
        Field("paper", "身份证件有效", "Identity paper is good", "tick"),
        Field("letter", "授权函", "Letter of authorisation", "file", optional=True, hint=Text("仅招标人（采购人）代表需要", "For a buyer's representative only"))), shape=letter),
)
GUARDS = ("store_phone", "admit", "leave", "return_phone", "register_guest")


def guard_words(rule: str) -> Text:
    """Why a door stayed shut, in the rule's own sentence."""
    return sentence(Reason(rule))


@get("/area", sync_to_thread=True)
def area(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    if viewer.session is None or not (viewer.roles & {"area_guard"} or "agent" in viewer.kinds):
        raise NotYours
    with viewer.centre.reading() as session:
        found = desks(session, viewer.actor, viewer.now)
    wanted = str(request.query_params.get("session", ""))
    chosen = next((one for one in found if one.id == wanted), found[0] if found else None)
    here = f"/area?session={chosen.id}" if chosen else "/area"
    return page(
        viewer, "admin/area.html", found=found, chosen=chosen, inside=viewer.actor.channel == "area", guard="area_guard" in viewer.roles, forms=FORMS,
        here=here, states=STATES, marks=MARKS, guards=GUARDS, guard_words=guard_words, labels=LABELS, findings=FINDINGS)


HANDLERS = [area]
