"""After an act: asked slots are held at once, freed ones are kept for the first in line, sessions follow their tender's times, and rooms come
free when tender or session is over."""
import json
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import SYSTEM
from kernel.errors import Refused, Stale, Text
from kernel.identity.reads import holders
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from kernel.values import show_time
from rooms.book import LAST as FOREVER
from rooms.desk import progress
from rooms.follow import Follow, follow
from rooms.hold import Hold, hold
from rooms.line import as_asked, can_be_had, line
from rooms.offer import Offer, offer
from rooms.records import Booking, Room, Way
from rooms.release import Release, release
from rooms.rules import KINDS, covers
from rooms.taken import Free, brought_together, slots_instead, span_words
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre

ENDINGS = (
    "trading.projects.withdraw", "trading.projects.terminate", "trading.projects.fail", "trading.opening.return_unopened",
    "trading.opening.sign_record", "evaluation.seal",
)
MOVERS = ("trading.notices.extend", "trading.notices.clarify", "trading.projects.resume")


@reaction("rooms.book", "rooms.move", "rooms.follow")
def hold_at_once(centre: "Centre", entry: Entry) -> None:
    """Holds what was asked; what cannot be held stays asked, and whoever asked hears of free slots."""
    body = json.loads(entry.payload)["body"]
    for id in body.get("bookings", [body.get("booking")]):
        try_hold(centre, id)


def try_hold(centre: "Centre", id: str) -> bool:
    with centre.reading() as session:
        booking = session.get(Booking, id)
        if booking is None or booking.stage != "asked":
            return False
    try:
        hold(centre, SYSTEM, Hold(booking=id))
    except Refused as refusal:
        _tell(centre, booking, refusal)
        return False
    return True


@reaction("rooms.release", "rooms.overrule", "rooms.move", "rooms.follow", "rooms.give_way", "rooms.overrun", "rooms.report_fault")
def offer_to_waiting(centre: "Centre", entry: Entry) -> None:
    """What came free is kept for the first in line for it."""
    offer_in_order(centre)


def offer_in_order(centre: "Centre") -> None:
    with centre.reading() as session:
        now = centre.clock.now(session)
        rooms = {room.id: room for room in session.scalars(select(Room))}
        first = [b.id for b in line(session, rooms, now, FOREVER, now) if can_be_had(session, rooms[b.room], as_asked(b, rooms[b.room]), now, b.id)]
    for id in first:
        try:
            offer(centre, SYSTEM, Offer(booking=id))
        except Refused:  # somebody before was offered a time that meets this one
            continue


@reaction("rooms.offer")
def tell_the_first(centre: "Centre", entry: Entry) -> None:
    body = json.loads(entry.payload)["body"]
    with centre.database.writing() as session:
        booking = session.get_one(Booking, body["booking"])
        until = show_time(body["until"])
        send(session, f"rooms.offer/{booking.id}/{entry.key}", booking.booked_by, entry.moment, Text("您排队等候的场地已空出", "The slot you wait for came free"),
             Text(f"已为您保留至 {until}，请登录锁定；逾期转给下一位。", f"It is kept for you until {until}. Log in and take it; after that the next in line is asked."),
             on=booking.project, link=f"/rooms/bookings/{booking.id}")
        session.commit()


@reaction("rooms.ask_way")
def ask_the_holder(centre: "Centre", entry: Entry) -> None:
    """Who asks stays unsaid: only what is asked for, what is offered instead, and until when."""
    with centre.database.writing() as session:
        way = session.get_one(Way, json.loads(entry.payload)["body"]["way"])
        holder, room = session.get_one(Booking, way.holder), session.get_one(Room, way.room)
        words, until = Free(room.id, Text(room.name, room.name_en), way.from_ms, way.to_ms).words, show_time(way.until)
        send(session, f"rooms.way/{way.id}", holder.booked_by, entry.moment, Text("绿色通道项目请您让出时段", "A green tender asks for your slot"),
             Text(f"可改为{words.zh}。请于 {until} 前答复；不答复即不变更。", f"You could have {words.en}. Answer by {until}; without an answer nothing changes."),
             on=holder.project, link=f"/rooms/bookings/{holder.id}")
        session.commit()


@reaction("rooms.give_way")
def tell_who_asked(centre: "Centre", entry: Entry) -> None:
    body = json.loads(entry.payload)["body"]
    with centre.database.writing() as session:
        asker = session.get_one(Booking, session.get_one(Way, body["way"]).booking)
        if body["agreed"]:
            until = show_time(asker.offered or entry.moment)
            text = Text(f"对方已同意让出，时段为您保留至 {until}，请登录锁定。", f"The slot is given up and kept for you until {until}. Log in and take it.")
        else:
            text = Text("对方不同意让出，请改约或排队等候。", "The slot is not given up. Choose another, or wait in line.")
        send(session, f"rooms.way/{entry.key}", asker.booked_by, entry.moment, Text("让出请求已答复", "Your request for a slot was answered"), text,
             on=asker.project, link=f"/rooms/bookings/{asker.id}")
        session.commit()


def pass_on(centre: "Centre", id: str) -> None:
    """An offer was let go: whoever had it hears that it has left the line, and the next is asked."""
    with centre.database.writing() as session:
        booking = session.get_one(Booking, id)
        if booking.offered is None or booking.offered > centre.clock.now(session):
            return  # it was taken, or asked anew
        send(session, f"rooms.lapse/{booking.id}/{booking.offered}", booking.booked_by, centre.clock.now(session), Text("为您保留的时段已转出", "The slot kept for you was passed on"),
             Text("您未在期限内锁定，已不在队列中；仍需要的，请重新排队或改约。", "You did not take it in time and have left the line. Wait again, or choose another slot."),
             on=booking.project, link=f"/rooms/bookings/{booking.id}")
        session.commit()
    offer_in_order(centre)


@reaction(*MOVERS)
def follow_the_deadline(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        project = session.get(Project, entry.on)
        by = moved_by(session, entry)
        if project is None or by <= 0:
            return
        left = [b for b in session.scalars(select(Booking).where(Booking.project == project.id, Booking.stage.in_(("asked", "held"))).order_by(Booking.from_ms))
                if not covers(b.kind, b.from_ms, b.to_ms, project.deadline, project.evaluation_at)]
    for booking in left:
        try:
            follow(centre, SYSTEM, Follow(booking=booking.id, by=by))
        except Stale:  # it has begun meanwhile
            continue
        except Refused as refusal:
            if refusal.reason.rule != "times_moved":
                _collides(centre, entry, booking, refusal)


def moved_by(session: Session, entry: Entry) -> int:
    """By how much an entry has moved the deadline, ms: against the entry that set it before."""
    new = json.loads(entry.payload)["body"].get("deadline")
    before = session.scalars(select(Entry.payload).where(
        Entry.on == entry.on, Entry.number < entry.number, Entry.tag.in_(("trading.projects.set_calendar", *MOVERS))).order_by(Entry.number.desc()))
    old = next((found for payload in before if (found := json.loads(payload)["body"].get("deadline"))), None)
    return new - old if new and old else 0


def _collides(centre: "Centre", entry: Entry, booking: Booking, refusal: Refused) -> None:
    """The room manager, by the session's code, and whoever booked; both with the nearest free slots."""
    kind, needed = KINDS[booking.kind], refusal.reason.needed or Text("", "")
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        for reader in sorted({booking.booked_by, *(person.id for person in holders(session, "room_manager", now))}):
            send(session, f"rooms.collision/{booking.id}/{entry.key}", reader, now, Text("截止顺延，场地冲突待处理", "A deadline moved and its room is not free then"),
                 Text(f"{kind.zh} {booking.code} 未能随项目顺延。{needed.zh}", f"{kind.en} {booking.code} could not follow its tender. {needed.en}"),
                 on=booking.project, link=f"/rooms/bookings/{booking.id}")
        session.commit()


@reaction("rooms.overrun")
def tell_of_the_corridor(centre: "Centre", entry: Entry) -> None:
    """A committee that is still sitting is no refusal. The room manager hears at once whom the session meets that was to be kept apart from
    it, and so does whoever booked the later one; both with the nearest free slots."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        for stays, moves in brought_together(session, now, json.loads(entry.payload)["body"]["booking"]):
            free = slots_instead(session, moves, now)
            zh = "可改为：" + "；".join(one.words.zh for one in free) if free else "近期无空闲时段"
            en = "Free: " + "; ".join(one.words.en for one in free) if free else "No free slot in the coming weeks"
            for reader in sorted({moves.booked_by, *(person.id for person in holders(session, "room_manager", now))}):
                send(session, f"rooms.together/{moves.id}/{entry.key}", reader, now, Text("须分区的场次同在一条通道", "Sessions to be kept apart share a corridor"),
                     Text(f"{stays.code} 延长，{moves.code} 须改场地或时间。{zh}。", f"{stays.code} needs longer; {moves.code} has to move. {en}."),
                     on=moves.project, link=f"/rooms/bookings/{moves.id}")
        session.commit()


@reaction(*ENDINGS)
def free_when_over(centre: "Centre", entry: Entry) -> None:
    """The sessions of a tender that are over give their rooms back."""
    with centre.reading() as session:
        project = session.get(Project, entry.on)
        if project is None:
            return
        standing = session.scalars(select(Booking).where(Booking.project == project.id, Booking.stage != "released"))
        over = [booking.id for booking in standing if progress(session, booking, project)["over"]]
    for id in over:
        release(centre, SYSTEM, Release(booking=id))


@reaction("rooms.move", "rooms.follow", "rooms.overrun", "rooms.overrule")
def tell_displaced(centre: "Centre", entry: Entry) -> None:
    """Whoever had to give way hears of it: the new room, or that another slot is offered. No word of the other side."""
    payload = json.loads(entry.payload)
    body = payload["body"]
    if "step" in payload or (entry.tag == "rooms.move" and "moved" not in body):
        return
    with centre.database.writing() as session:
        for id in body.get("moved", [body["booking"]]):
            booking = session.get_one(Booking, id)
            room = session.get_one(Room, booking.room)
            if "moved" not in body:
                text = Text("您锁定的场地已被撤销，请按场地管理员提供的时段改约。",
                            "Your booking was overruled; please take the slot the room manager offers.")
            else:
                span = span_words(booking.from_ms, booking.to_ms)
                text = Text(f"您的场次现为{room.name} {span}。", f"Your session is now in {room.name_en}, {span}.")
            send(session, f"rooms.displaced/{booking.id}/{entry.key}", booking.booked_by, centre.clock.now(session),
                 Text("场地变更", "Change of room"), text, on=booking.project)
        session.commit()


def _tell(centre: "Centre", booking: Booking, refusal: Refused) -> None:
    """One message to whoever asked; no title, no tender, only their own slot and what is free."""
    needed = refusal.reason.needed or Text("", "")
    with centre.database.writing() as session:
        send(session, f"rooms.asked/{booking.id}/{booking.asked}", booking.booked_by, centre.clock.now(session),
             Text("预约的场地暂不可用", "The room you asked for is not free"),
             Text(f"请改约其他时段，或排队等候。{needed.zh}", f"Please choose another slot, or wait in line. {needed.en}"),
             on=booking.project, link=f"/rooms/bookings/{booking.id}")
        session.commit()
