"""What follows an act of the committee: the tender moves on, totals are computed, ties drawn, the report sealed.

Safe to repeat: each asks the session where it stands before it acts.
"""
import json
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.area import reactions as area  # noqa: F401  registers the area's own
from evaluation.ask_low_price import AskLowPrice, ask_low_price, triggered
from evaluation.begin_scoring import unjudged_bids
from evaluation.bids import frozen_scheme, shut, valid
from evaluation.break_tie import BreakTie, break_tie
from evaluation.compute import Compute, compute
from evaluation.desk import least_members, members
from evaluation.halt import Halt, halt
from evaluation.open_price import OpenPrice, open_price
from evaluation.records import Member, Question, ReportSignature, Session, Total
from evaluation.seal import Seal, seal
from evaluation.sheets import current
from experts.records import Seat
from experts.rules.committee import shape_faults
from experts.vacate import Vacate, vacate
from kernel.command import SYSTEM
from kernel.errors import Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.awards.begin_evaluation import BeginEvaluation, begin_evaluation
from trading.bids.records import Bid
from trading.projects.records import Project
from trading.subjects.records import Membership

if TYPE_CHECKING:
    from kernel.centre import Centre


def room_of(session: Database, entry: Entry) -> tuple[Project, Session] | None:
    project = session.get(Project, entry.on)
    room = session.scalar(select(Session).where(Session.project == entry.on))
    return None if project is None or room is None else (project, room)


@reaction("evaluation.open")
def move_the_tender(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        project = session.get_one(Project, entry.on)
    if project.stage == "convening":
        begin_evaluation(centre, SYSTEM, BeginEvaluation(project=project.id))


@reaction("evaluation.judge_conformity", "evaluation.reject")
def ask_about_low_prices(centre: "Centre", entry: Entry) -> None:
    """Once every bid is judged, the thresholds are applied to those that passed."""
    with centre.reading() as session:
        found = room_of(session, entry)
        if found is None or found[1].stage != "reviewing" or unjudged_bids(session, *found, entry.moment):
            return
        project, room = found
        asked = set(session.scalars(select(Question.bid).where(Question.session == room.id, Question.kind == "low_price")))
        low = sorted(set(triggered(project, valid(session, project), entry.moment)) - asked)
    for bid in low:
        ask_low_price(centre, SYSTEM, AskLowPrice(project=project.id, bid=bid))


@reaction("evaluation.hand_in", "evaluation.reject", "evaluation.recuse", "evaluation.resume", "trading.opening.read_out_prices")
def add_up(centre: "Centre", entry: Entry) -> None:
    """Of two envelopes the last sheet calls for the prices; what was read out is added up."""
    with centre.reading() as session:
        found = room_of(session, entry)
        if found is None or found[1].stage != "scoring" or found[1].halted:
            return
        project, room = found
        sheets, closed = [current(session, m) for m in members(session, room)], shut(session, project)
    if not sheets or any(sheet is None or sheet.state != "handed_in" for sheet in sheets):
        return
    if not closed:
        compute(centre, SYSTEM, Compute(project=entry.on))
    elif room.price_called is None:
        open_price(centre, SYSTEM, OpenPrice(project=entry.on))


@reaction("evaluation.compute")
def draw_ties(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        found = room_of(session, entry)
        if found is None or found[1].stage != "summing" or frozen_scheme(session, found[0])[0].tie != "draw":
            return
        ties = set(session.execute(select(Total.lot, Total.rank).where(Total.session == found[1].id, Total.tie == "open")))
    for lot, rank in sorted(ties):
        break_tie(centre, SYSTEM, BreakTie(project=entry.on, lot=lot, rank=rank))


@reaction("evaluation.sign", "evaluation.dissent", "evaluation.note_refusal")
def seal_when_all_stand(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        found = room_of(session, entry)
        if found is None or found[1].stage != "signing" or found[1].halted:
            return
        stands = set(session.scalars(select(ReportSignature.member).where(ReportSignature.session == found[1].id)))
        missing = [m for m in members(session, found[1]) if m.id not in stands]
    if not missing:
        seal(centre, SYSTEM, Seal(project=entry.on))


@reaction("evaluation.recuse")
def empty_the_seat(centre: "Centre", entry: Entry) -> None:
    """The experts' room hears of the empty seat; a committee that lost its shape stops where it stands."""
    body = json.loads(entry.payload)["body"]
    with centre.reading() as session:
        found = room_of(session, entry)
        if found is None:
            return
        project, room = found
        sitting = members(session, room)
        broken = shape_faults(len(sitting), sum(m.kind == "expert" for m in sitting), least_members(project, entry.moment).value)
        gone = session.scalar(select(Member).where(Member.session == room.id, Member.seat == body["seat"], Member.recused == entry.moment))
        seat = session.scalar(select(Seat).where(
            Seat.project == project.id, Seat.person == gone.person, Seat.kind == "expert", Seat.out.is_(None))) if gone else None
    if broken and not room.halted and room.stage != "sealed":
        halt(centre, SYSTEM, Halt(project=project.id, cause="shape_broken"))
    if seat is not None:
        vacate(centre, SYSTEM, Vacate(draw=seat.draw, pid=seat.pid, cause=body["code"]))


@reaction("evaluation.ask_bidder", "evaluation.ask_low_price")
def tell_the_bidder(centre: "Centre", entry: Entry) -> None:
    """To the people of that bidder alone, from the committee, without the question's words: those are read after log-in."""
    with centre.database.writing() as session:
        question = session.get_one(Question, json.loads(entry.payload)["body"]["question"])
        bid = session.get_one(Bid, question.bid)
        people = session.scalars(select(Membership.person).where(Membership.org == bid.org, Membership.until.is_(None)))
        for person in people:
            send(session, f"question/{question.id}", person, entry.moment, Text("评标委员会来函", "A letter from the committee"),
                 Text("评标委员会有书面问题，请登录后在规定时间内答复。", "The committee has a written question; log in and answer in time."), on=entry.on)
        session.commit()
