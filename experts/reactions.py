"""What follows an act on a draw: pool, rules, the next call, the committee. Each step is a system act of its own.

Safe to repeat: every step asks the draw where it stands. A refusal (the pool is too small, somebody was faster) is
normal; what waits for a person is told to that person.
"""
import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from experts import calling
from experts.call import Call as CallNext
from experts.call import call
from experts.desk import walk_of
from experts.fall_short import FallShort, fall_short
from experts.fill import Fill, fill
from experts.find_conflict import FindConflict, find_conflict
from experts.fix_rules import FixRules, fix_rules
from experts.library import codes
from experts.pool import Pool, pool
from experts.records import Call, Draw, Expert, Seat
from experts.reveal import Reveal, reveal
from experts.silence import opened
from kernel.command import SYSTEM
from kernel.errors import Refused, Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre


def draw_of(entry: Entry) -> str:
    return str(json.loads(entry.payload)["body"]["draw"])


@reaction("experts.brief", "experts.enlarge")
def make_pool(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        draw = session.get_one(Draw, draw_of(entry))
    if draw.stage != "briefed":
        return
    try:
        pool(centre, SYSTEM, Pool(draw=draw.id))
    except Refused as refusal:
        if refusal.reason.rule != "pool_three_times_seats":
            raise
        with centre.database.writing() as session:
            body = Text("可抽专家不足，需经监督部门同意扩大专业范围。", "The pool is too small; widen the specialties with the regulator's consent.")
            send(session, f"pool/{entry.key}", draw.briefed_by, entry.moment, Text("专家抽取", "Draw of experts"), body, on=draw.project)
            session.commit()


@reaction("experts.pool")
def make_rules(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        draw = session.get_one(Draw, draw_of(entry))
    if draw.stage == "pooled" and not draw.rules_hash:
        fix_rules(centre, SYSTEM, FixRules(draw=draw.id))


@reaction("experts.post_partials")
def speak_for_the_silent(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        draw = session.get_one(Draw, draw_of(entry))
        values = opened(session, centre.blobs, draw) if draw.stage == "committed" else {}
    for party, value in sorted(values.items()):
        reveal(centre, SYSTEM, Reveal(draw=draw.id, value=value, party=party))


@reaction("experts.reveal", "experts.reply", "experts.mark_unreachable", "experts.find_conflict", "experts.vacate", "experts.substitute",
          "experts.name_representative")
def go_on(centre: "Centre", entry: Entry) -> None:
    """Calls the next, or closes the walk: filled where nothing is missing, short where nobody is left."""
    with centre.reading() as session:
        draw = session.get_one(Draw, draw_of(entry))
        waiting = session.scalar(select(Call.id).where(Call.draw == draw.id, Call.outcome == ""))
        if draw.stage not in ("seeded", "calling") or waiting:
            return
        walk = walk_of(session, draw)
    if walk.next:
        call(centre, SYSTEM, CallNext(draw=draw.id, pid=walk.next[1]))
    elif walk.short:
        fall_short(centre, SYSTEM, FallShort(draw=draw.id))
    else:
        fill(centre, SYSTEM, Fill(draw=draw.id))


@reaction("experts.call")
def ring(centre: "Centre", entry: Entry) -> None:
    """Nobody is told of a call that must be taken back: relations are looked at once more before the first word."""
    body = json.loads(entry.payload)["body"]
    with centre.reading() as session:
        draw = session.get_one(Draw, str(body["draw"]))
        row = session.scalars(select(Call).where(Call.draw == draw.id, Call.n == body["n"])).one()
        project, expert = session.get_one(Project, draw.project), session.get_one(Expert, row.expert)
        related = codes(session, project, [expert], entry.moment, seated_count=False)
    if row.outcome:
        return
    if related:
        find_conflict(centre, SYSTEM, FindConflict(draw=draw.id, pid=row.pid))
        return
    with centre.database.writing() as session:
        calling.notify(centre, session, row, "inbox", entry.moment)
        session.commit()


@reaction("experts.find_conflict", "experts.vacate")
def tell_the_member(centre: "Centre", entry: Entry) -> None:
    body = json.loads(entry.payload)["body"]
    with centre.database.writing() as session:
        row = session.scalar(select(Call).where(Call.draw == body["draw"], Call.pid == body["pid"]))
        if row is not None and (row.outcome == "accepted" or calling.ways_tried(session, row)):
            calling.tell_off(session, row, entry.moment)
        session.commit()


@reaction("experts.fill")
def tell_ready(centre: "Centre", entry: Entry) -> None:
    with centre.database.writing() as session:
        draw = session.get_one(Draw, draw_of(entry))
        body = Text("评标委员会已组成，可按预约时间开始。", "The committee stands; the session may begin at its time.")
        send(session, f"ready/{entry.key}", draw.briefed_by, entry.moment, Text("专家抽取", "Draw of experts"), body, on=draw.project)
        session.commit()


@reaction("experts.fall_short")
def tell_short(centre: "Centre", entry: Entry) -> None:
    with centre.database.writing() as session:
        draw = session.get_one(Draw, draw_of(entry))
        body = Text("候补已用尽，仍有席位空缺，请就空缺席位再次提出抽取需求。", "The order is at its end and seats are empty; brief a further draw for these.")
        send(session, f"short/{entry.key}", draw.briefed_by, entry.moment, Text("专家抽取", "Draw of experts"), body, on=draw.project)
        session.commit()


@reaction("experts.appraise")
def tell_the_appraised(centre: "Centre", entry: Entry) -> None:
    body = json.loads(entry.payload)["body"]
    with centre.database.writing() as session:
        seat = session.scalars(select(Seat).where(Seat.draw == body["draw"], Seat.pid == body["seat"], Seat.kind == "expert")).one()
        text = Text("您有一份新的履职评价，登录后可查看。", "There is a new appraisal of your work; log in to read it.")
        send(session, f"appraisal/{entry.key}", seat.person, entry.moment, Text("履职评价", "Appraisal"), text, on=seat.id)
        session.commit()


@reaction("experts.enlist")
def forget_the_list(centre: "Centre", entry: Entry) -> None:
    """The spreadsheet holds ID numbers in clear; once its rows are in the library it goes."""
    body = json.loads(entry.payload)["body"]
    if "blob" in body:
        try:
            centre.blobs.delete(body["blob"])
        except FileNotFoundError:
            return

