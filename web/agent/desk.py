"""The desk: what waits for the person who signed in, whatever he is."""
from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Response
from sqlalchemy.orm import Session

from experts import reads as experts
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Text
from kernel.inbox import inbox, unread
from kernel.values import DAY, show_time
from rooms import apart_reads
from rooms import reads as rooms
from rooms import way_reads as ways
from trading.awards import reads as awards
from trading.green import reads as greens
from trading.opening import reads as opening
from trading.projects import listing, owed, queue
from trading.subjects import review_reads
from web.agent.workspace import gather
from web.viewer import Viewer, page, see_other, viewer_of

LOOKED_INTO = 20  # running tenders whose place of work is asked; older ones show what the list knows


@dataclass(frozen=True)
class Waiting:
    """One thing that waits. state: a key of the status marks. due: ms, None where nothing runs out."""

    text: Text
    href: str
    state: str
    said: Text
    due: int | None = None
    code: str = ""


def mine(session: Session, viewer: Viewer) -> list[Waiting]:
    """The tenders of the reader's organisation in which it is his turn. From the notice on the place of work itself tells: its
    next act may lie with rooms and experts, of which the list of tenders knows nothing."""
    if viewer.actor.org is None or not viewer.kinds & {"buyer", "agent"}:
        return []
    found, looked = [], 0
    for row in listing.work_list(session, viewer.actor, viewer.now):
        turn = Text(row.task.zh, row.task.en) if row.task.tag else None
        if row.stage not in ("draft", "review") and looked < LOOKED_INTO:
            task, looked = gather(session, viewer, row.id).now, looked + 1
            turn = task.label if task else None
        if (said := turn) is not None:
            found.append(Waiting(Text(row.title, row.title), f"/desk/projects/{row.id}", "run", said, row.deadline if row.stage == "inviting" else None, row.code))
    return found + [Waiting(Text(one.title, one.title), f"/desk/projects/{one.project}", "bad" if viewer.now >= one.until else "warn",
                            Text("补交容缺材料", "Hand in a paper that was to follow"), one.until, one.code) for one in owed.to_supply(session, viewer.actor)]


def of_rooms(session: Session, viewer: Viewer) -> list[Waiting]:
    """Slots kept for the reader's agency, and those a green tender asks it for."""
    return [Waiting(one.bar.words, f"/rooms/bookings/{one.bar.booking}", "warn",
                    Text("锁定为您保留的场地", "Take the slot kept for you") if one.kept else Text("答复让出请求", "Answer a request for your slot"), one.until)
            for one in ways.awaited(session, viewer.actor, viewer.now)]


def of_the_centre(session: Session, viewer: Viewer) -> list[Waiting]:
    """What waits for the roles a person holds in the centre."""
    actor, now, found = viewer.actor, viewer.now, []
    if viewer.roles & {"reviewer1", "reviewer2"}:
        for file in queue.review_queue(session, actor, now):
            found.append(Waiting(Text(file.title, file.title), f"/reviews/{file.project}", "bad" if file.late else "run",
                                 Text("项目审核", "Review a tender"), file.due, file.code))
        for one in owed.to_check(session, actor):
            found.append(Waiting(Text(one.title, one.title), f"/reviews/{one.project}", "run", Text("核对补交材料", "Check a paper handed in"), one.until, one.code))
        for row in (one for one in review_reads.review_queue(session, actor, now, calendar(session)) if one.mine):
            found.append(Waiting(Text(row.name, row.name), f"/reviews/{row.subject}", "bad" if row.light == "red" else "run", Text("单位审核", "Review an organisation"), row.due))
    if viewer.roles & {"registrar", "room_manager", "technician", "area_guard"}:
        for owes in greens.awaited(session, actor, now):
            found.append(Waiting(Text("绿色通道", "Green channel"), f"/green/{owes.project}", "bad" if now >= owes.due else "run", owes.text, owes.due, owes.code))
    if "room_manager" in viewer.roles:
        for name, bar in rooms.asked(session, actor, now):
            found.append(Waiting(bar.words, f"/rooms/bookings/{bar.booking}", "run",
                                 Text(f"锁定 {name.zh}", f"Hold {name.en}"), bar.start))
        for met in apart_reads.together(session, actor, now):
            found.append(Waiting(met.moves.words, f"/rooms/bookings/{met.moves.booking}", "bad", Text("须分区，同在一条通道", "To be kept apart, and on one corridor"), met.moves.start))
    if "cashier" in viewer.roles:
        for due in awards.refund_queue(session, actor, now):
            if due.step:
                said = Text("经办退款", "Prepare the refund") if due.step == "prepare" else Text("复核退款", "Approve the refund")
                found.append(Waiting(Text(due.line.org, due.line.org), "/refunds", "run", said, due.line.due_at, due.code))
    for one in opening.hosted(session, actor, now):
        found.append(Waiting(Text(one.title, one.title), f"/openings/{one.code}", "run" if one.deadline - now < DAY else "wait", Text("主持开标", "Host the opening"), one.deadline, one.code))
    return found


def of_an_expert(session: Session, viewer: Viewer) -> list[Waiting]:
    """Calls and sessions of somebody in the library: when, never for whom."""
    try:
        own = experts.own_view(session, viewer.actor.id, viewer.now)
    except NotYours:
        return []
    calls = [Waiting(Text("评审邀请", "Call to an evaluation"), "/seat", "warn", Text("答复", "Answer"), call.until) for call in own.open_calls]
    return calls + [Waiting(Text(f"{show_time(one.at)} 评审", f"Evaluation at {show_time(one.at)}"), "/seat", "wait", Text("按时到场", "Come in time"), one.at)
                    for one in own.accepted if one.at > viewer.now - DAY]


def of_a_supplier(session: Session, viewer: Viewer) -> list[Waiting]:
    """Where the organisation stands in the register, when it cannot trade yet."""
    if not viewer.actor.org:
        return [Waiting(Text("登记单位后可以投标或招标", "Register an organisation to bid or to tender"), "/subject", "run", Text("登记单位", "Register"))] if not viewer.roles - {"public"} else []
    if "stage:admitted" in viewer.kinds:
        return []
    return [Waiting(Text("单位登记办理中", "Your registration is under way"), "/subject", "wait", Text("查看", "See"))]


@get("/desk", sync_to_thread=True)
def desk(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    viewer = viewer_of(request)
    if viewer.session is None:
        return see_other("/sign-in?next=/desk")
    with viewer.centre.reading() as session:
        waiting = [*mine(session, viewer), *of_rooms(session, viewer), *of_the_centre(session, viewer), *of_an_expert(session, viewer)]
        if not waiting:
            waiting = of_a_supplier(session, viewer)
        letters, new = inbox(session, viewer.actor, size=6), unread(session, viewer.actor)
        open_tenders = listing.public_list(session, viewer.now, listing.Filter(phase="open"), size=6).rows if "supplier" in viewer.kinds else ()
    order = {"bad": 0, "warn": 1, "run": 2, "wait": 3}
    waiting.sort(key=lambda one: (order[one.state], one.due if one.due is not None else 1 << 62))
    return page(viewer, "agent/desk.html", waiting=waiting, letters=letters, new=new, open_tenders=open_tenders,
                urgent=[one for one in waiting if one.state in ("bad", "warn", "run")])


HANDLERS = [desk]
