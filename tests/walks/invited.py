"""The first half of the walk: from two drafts to sealed bids in a hall that has begun.

What parties would write in free text carries a word that occurs nowhere else. A stop's name says what has just happened.
"""
import os
from collections.abc import Iterator

from sqlalchemy import select, update

from cli.cast import committee, tender
from cli.cast.tender import Play
from cli.cast.tenders import ceremonies, review_tenders
from cli.progress import Progress
from kernel.clock import SteppedClock
from kernel.command import Actor
from kernel.errors import Refused
from kernel.values import HOUR, MINUTE
from tests.walks import people
from tests.walks.people import BIDDERS, NAMES
from tests.walks.walk import DEPOSIT, MONEY, Walk
from trading.bids.note_refused import attempt
from trading.bids.open_account import OpenAccount, open_account
from trading.bids.report_deposit import ReportDeposit, report_deposit
from trading.bids.sealer import seal_bid
from trading.bids.submit import PartRef, Submit
from trading.bids.uploads import store
from trading.bids.withdraw import Withdraw, withdraw
from trading.notices.take_document import TakeDocument, take_document
from trading.projects.records import ProjectAssignment
from trading.projects.return_for_repair import ReturnForRepair, return_for_repair
from trading.projects.rules.reviewing import CHECKLIST
from trading.projects.submit import Submit as SubmitProject
from trading.projects.submit import submit as submit_project
from trading.sealing.reads import ready_ceremony
from trading.sealing.rules.price import PriceForm


def stops(walk: Walk) -> Iterator[str]:
    """Takes both tenders on, and halts with the name of what has happened."""
    house, plays = walk.house, walk.plays
    for play in plays:
        tender.enter(play)
        tender.prepare_file(play)
    ceremonies(house, {play.project: walk.actor("agent") for play in plays}, Progress(True))
    for play in plays:
        tender.confirm_and_submit(play)
    send_back(walk)
    yield "returned"
    for play in plays:
        submit_project(walk.centre, play.agent, SubmitProject(project=play.project))
    house.settle()
    yield "under review"
    review_tenders(house, [play.project for play in plays])
    for play in plays:
        tender.go_public(play)
        committee.plan_session(play)
    house.settle()
    yield "published"
    for play in plays:
        invite_bids(walk, play)
    house.settle()
    yield "bids in"
    house.until(plays[0].deadline + 1000)
    for play in plays:
        come_late(walk, play)
    house.settle()
    yield "closed"
    for play in plays:
        tender.begin_opening(play)
    house.settle()
    yield "opening"


def send_back(walk: Walk) -> None:
    """The first reviewer drawn finds a fault in each file."""
    centre = walk.centre
    walk.house.settle()
    with centre.reading() as session:
        drawn = dict(session.execute(select(ProjectAssignment.project, ProjectAssignment.person).where(ProjectAssignment.slot == 1)).all())
    item = next(iter(CHECKLIST))
    for play in walk.plays:
        return_for_repair(centre, Actor("person", drawn[play.project]), ReturnForRepair(
            project=play.project, checklist=dict.fromkeys(CHECKLIST, "yes") | {item: "no"}, reasons={item: walk.said(play, "补正")}))
    walk.house.settle()


def invite_bids(walk: Walk, play: Play) -> None:
    """Somebody only takes the document, somebody only pays, somebody withdraws, somebody uploads and waits too long."""
    centre = walk.centre
    for key in (*BIDDERS, "withdrawn", "taker", "late"):
        take_document(centre, walk.actor(key, play), TakeDocument(project=play.project))
    for key in (*BIDDERS, "withdrawn", "payer", "late"):
        pay(walk, play, key)
    for key in (*BIDDERS, "withdrawn"):
        slip(walk, 3 * MINUTE)
        walk.times[play.field, key] = centre.now()
        seal_and_submit(walk, play, key)
    slip(walk, HOUR)
    withdraw(centre, walk.actor("withdrawn", play), Withdraw(project=play.project, bid=walk.bids[play.field, "withdrawn"]))
    for bidder, key in zip(play.bidders, BIDDERS, strict=True):
        bidder.bid = walk.bids[play.field, key]


def slip(walk: Walk, by: int) -> None:
    """The clock goes on by `by` ms without an act, which would stand in the open ledger at the minute of the bid before it."""
    with walk.centre.database.writing() as session:
        session.execute(update(SteppedClock).values(offset_ms=SteppedClock.offset_ms + by))
        session.commit()


def pay(walk: Walk, play: Play, key: str) -> None:
    source = "6222" + str(MONEY[play.field]["budget"])[:4] + f"{list(NAMES).index(key):03d}77"
    row = open_account(walk.centre, walk.actor(key, play), OpenAccount(project=play.project, lot=play.lot))
    report_deposit(walk.centre, people.BANK, ReportDeposit(account=row.account, amount=DEPOSIT, paid_at=walk.centre.now(), source=source))
    walk.sources[play.field, key], walk.accounts[play.field, key] = source, row.account


def sealed(walk: Walk, play: Play, key: str) -> Submit:
    """A whole bid, uploaded and ready to hand in; its papers say whose they are."""
    centre, company = walk.centre, walk.companies[f"{play.field}.{key}"]
    with centre.reading() as session:
        ceremony = ready_ceremony(session, play.project)
    files = {part: {f"{part}.pdf": f"%PDF-1.7\n% {walk.said(play, part + NAMES[key])}\n%%EOF\n".encode()} for part in ("commercial", "technical")}
    salt = os.urandom(32)
    parts = seal_bid(play.project, play.lot, bytes.fromhex(ceremony.key), company.code, PriceForm("CNY", MONEY[play.field][key]), salt, os.urandom,
                     files=files, signer=centre.rehearsal_seed(company.actor.id))
    refs = tuple(PartRef(part=part, upload=store(centre, company.actor, play.project, play.lot, part, one.data).id, digest=one.digest)
                 for part, one in parts.items())
    return Submit(project=play.project, lot=play.lot, parts=refs, salt=salt.hex())


def seal_and_submit(walk: Walk, play: Play, key: str) -> None:
    walk.bids[play.field, key] = attempt(walk.centre, walk.actor(key, play), sealed(walk, play, key)).id


def come_late(walk: Walk, play: Play) -> None:
    """The last part came in time, the word to hand in did not."""
    try:
        attempt(walk.centre, walk.actor("late", play), sealed(walk, play, "late"))
    except Refused:
        return
    raise AssertionError("a late bid was taken")
