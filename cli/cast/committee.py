"""A committee drawn, gathered, scoring and signing, played through the acts of production."""
import os
from decimal import Decimal

from sqlalchemy import select

from cli.cast.tender import Play
from evaluation.area.admit import Admit, admit
from evaluation.area.leave import Leave, leave
from evaluation.area.records import Badge
from evaluation.area.return_phone import ReturnPhone, return_phone
from evaluation.area.store_phone import StorePhone, store_phone
from evaluation.begin_scoring import BeginScoring, begin_scoring
from evaluation.bids import contenders, criteria, frozen_scheme, list_digest
from evaluation.declare_no_interest import DeclareNoInterest, declare_no_interest
from evaluation.desk import clause
from evaluation.elect_chair import ElectChair, elect_chair
from evaluation.hand_in import HandIn, hand_in
from evaluation.judge_conformity import Finding, JudgeConformity, judge_conformity
from evaluation.open import Open
from evaluation.open import open as gather
from evaluation.pledge import Pledge, pledge
from evaluation.prepare import Prepare, prepare
from evaluation.reads import scoring_grid
from evaluation.recommend import OfLot, Recommend, recommend
from evaluation.records import Session, Total
from evaluation.rules.scheme import Item
from evaluation.score import Given, Score, score
from evaluation.sign import Sign, sign
from evaluation.start import Start, start
from evaluation.verify_member import VerifyMember, verify_member
from evaluation.vote import Vote, vote
from experts.brief import Brief, Wanted, brief
from experts.calling import token
from experts.commit import Commit, commit
from experts.contribution import contribute
from experts.name_representative import NameRepresentative, name_representative
from experts.reads import seats
from experts.records import Call, Draw
from experts.reply import Reply, reply
from experts.reveal import Reveal, reveal
from kernel.canonical import canon, plain
from kernel.command import PUBLIC, Actor
from trading.projects.records import Project
from trading.sealing.reads import ready_ceremony

WANTED = {"construction": (("A08", 3), ("A06", 1)), "goods": (("B01", 3), ("A06", 1)), "services": (("C01", 3), ("A06", 1))}


def plan_session(play: Play, hours: int = 4) -> None:
    prepare(play.centre, play.agent, Prepare(project=play.project, hours=hours))


def ask_for_committee(play: Play) -> str:
    """The agent briefs a draw of five: four experts and the buyer's representative, or experts only."""
    wanted = tuple(Wanted(category=category, seats=n + (n > 1 and play.experts == 5)) for category, n in WANTED[play.kind])
    made: Draw = brief(play.centre, play.agent, Brief(project=play.project, quota=wanted, members=5, representatives=5 - play.experts, hours=4))
    return made.id


def contribute_all(play: Play, draw: str) -> None:
    """Agent, centre and regulator commit, then reveal. Reactions pooled and fixed the rules before."""
    centre = play.centre
    with centre.reading() as session:
        ceremony = ready_ceremony(session, play.project)
    assert ceremony is not None
    parties = {"agent": play.agent, "centre": Actor("program", play.house.keepers[0].id, channel="custodian"), "regulator": play.house.people["jiandu1"]}
    made = {party: contribute(draw, party, ceremony.key, os.urandom) for party in parties}
    for party, actor in parties.items():
        commit(centre, actor, Commit(draw=draw, commit=made[party].commit, blob=centre.blobs.put(made[party].sealed).key))
    for party, actor in parties.items():
        reveal(centre, actor, Reveal(draw=draw, value=made[party].value))


def name_member(play: Play, draw: str) -> None:
    if play.experts == 5:
        return
    assert play.representative is not None
    name_representative(play.centre, play.buyer, NameRepresentative(draw=draw, person=play.representative.id, authorisation="aa" * 32))


def answer_call(play: Play, draw: str, accepts: bool = True) -> bool:
    """The expert called now answers through the one-time link. False when nobody is being called."""
    with play.centre.reading() as session:
        call = session.scalar(select(Call).where(Call.draw == draw, Call.outcome == ""))
    if call is None:
        return False
    reply(play.centre, PUBLIC, Reply(token=token(play.centre, call.id), accepts=accepts))
    return True


def walk_in(play: Play) -> None:
    """Phones into lockers, badges through the door; the room gathers."""
    centre, guard = play.centre, play.house.people["zhishou1"]
    with centre.reading() as session:
        for seat in seats(session, play.project):
            play.members[seat.letter] = Actor("person", seat.person, channel="area")
        badges = {b.holder: b.code for b in session.scalars(select(Badge).where(Badge.project == play.project))}
    for number, letter in enumerate(sorted(play.members), 1):
        store_phone(centre, guard, StorePhone(badge=badges[letter], locker=_locker(play, number)))
        admit(centre, guard, Admit(badge=badges[letter], door="D1", face=True, paper=True))
    play.house.react()  # the recording starts with the first badge inside


def _locker(play: Play, number: int) -> int:
    play.house.numbers = play.house.numbers % 180 + 1
    return play.house.numbers


def sit_down(play: Play) -> None:
    """The agent opens the session; identity, pledge, declaration, chair; the first review; sheets open."""
    centre = play.centre
    agent = Actor("person", play.agent.id, play.agent.org, "area")
    gather(centre, agent, Open(project=play.project, network_cut=True))
    play.house.react()
    with centre.reading() as session:
        project = session.get_one(Project, play.project)
        shown = list_digest(contenders(session, project))
        digest = frozen_scheme(session, project)[1]
        grounds = clause(project, f"grounds.rejection.{project.field}", centre.now()).value
        found = criteria(project, grounds)
        bids = [c.bid for c in contenders(session, project)]
        kinds = {s.letter: s.kind for s in seats(session, play.project)}
    for letter, member in play.members.items():
        paper = "aa" * 32 if kinds[letter] == "buyer_rep" else ""
        verify_member(centre, agent, VerifyMember(project=play.project, seat=letter, face=True, paper=True, authorisation=paper))
        pledge(centre, member, Pledge(project=play.project))
        declare_no_interest(centre, member, DeclareNoInterest(project=play.project, bidders=shown))
    chair = next(letter for letter in sorted(play.members) if kinds[letter] == "expert")
    for letter in sorted(play.members)[:3]:
        elect_chair(centre, play.members[letter], ElectChair(project=play.project, seat=chair))
    play.chair = chair
    start(centre, play.members[chair], Start(project=play.project, scheme=digest))
    for letter, member in play.members.items():
        for bid in bids:
            judge_conformity(centre, member, JudgeConformity(
                project=play.project, seat=letter, bid=bid, findings=tuple(Finding(criterion=c, passed=True) for c in found)))
    play.house.react()
    begin_scoring(centre, play.members[chair], BeginScoring(project=play.project))


def score_all(play: Play) -> None:
    """Each member fills and hands in the own sheet: the bidders in the order of the play, a little apart by member."""
    centre = play.centre
    order = [b.bid for b in play.bidders]
    for n, (letter, member) in enumerate(sorted(play.members.items())):
        with centre.reading() as session:
            grid = scoring_grid(session, centre.secret("masks"), member, play.project, centre.now())
        marks = tuple(given for item in grid.items for given in _marks(item, [c.bid for c in grid.columns], order, n))
        if marks:
            score(centre, member, Score(project=play.project, sheet=grid.sheet, marks=marks))
            with centre.reading() as session:
                grid = scoring_grid(session, centre.secret("masks"), member, play.project, centre.now())
        hand_in(centre, member, HandIn(project=play.project, sheet=grid.sheet, content=grid.content, objective_confirmed=True))
    play.house.react()


def _marks(item: Item, bids: list[str], order: list[str], member: int) -> list[Given]:
    """Objective items alike for all members; subjective ones a point apart."""
    given = []
    for bid in bids:
        share = Decimal("0.95") - Decimal("0.06") * order.index(bid)
        value = (item.high * share).quantize(Decimal(1))
        if item.kind == "subjective":
            value = min(item.high, value + member % 2)
        given.append(Given(bid=bid, item=item.code, score=str(value)))
    return given


def conclude(play: Play) -> None:
    """The chair's proposal is voted, the report signed by all; everybody leaves with the phone."""
    centre = play.centre
    chair = play.members[play.chair]
    with centre.reading() as session:
        room = session.scalars(select(Session).where(Session.project == play.project)).one()
        ranked = tuple(t.bid for t in session.scalars(select(Total).where(Total.session == room.id).order_by(Total.rank)) if t.rank)[:3]
    cmd = Recommend(project=play.project, lots=(OfLot(lot=play.lot, bids=ranked),))
    for letter in sorted(play.members)[:3]:
        vote(centre, play.members[letter], Vote(
            project=play.project, seat=letter, act="evaluation.recommend", proposal=canon(plain(cmd)).decode(), yes=True))
    recommend(centre, chair, cmd)
    with centre.reading() as session:
        digest = session.scalars(select(Session.report_digest).where(Session.project == play.project)).one()
    for member in play.members.values():
        sign(centre, member, Sign(project=play.project, report=digest))
    play.house.react()


def walk_out(play: Play) -> None:
    centre, guard = play.centre, play.house.people["zhishou1"]
    with centre.reading() as session:
        badges = [b.code for b in session.scalars(select(Badge).where(Badge.project == play.project))]
    for badge in badges:
        leave(centre, guard, Leave(badge=badge, door="D1"))
        return_phone(centre, guard, ReturnPhone(badge=badge))
