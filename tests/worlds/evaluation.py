"""A tender about to be evaluated: opened bids, a scheme, a room, five named seats. Everything of the committee is done by its acts."""
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from evaluation.area.admit import Admit, admit
from evaluation.area.records import Badge
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
from evaluation.rules.scheme import parse
from evaluation.score import Given, Score, score
from evaluation.sign import Sign, sign
from evaluation.start import Start, start
from evaluation.verify_member import VerifyMember, verify_member
from evaluation.vote import Vote, vote
from experts.records import Draw, Seat
from kernel.canonical import canon, plain, sha256
from kernel.centre import Centre
from kernel.command import Actor, Cmd
from kernel.identity.records import Person
from kernel.ticker import settle
from kernel.values import HOUR, new_id
from rooms.records import Booking, Room
from tests.world import staff
from tests.worlds.awards import Tender
from tests.worlds.awards import tender as opened_tender
from tests.worlds.kept import kept
from trading.opening.records import Judgement, Opening
from trading.projects.records import Project, Scoring
from trading.sealing.records import Ceremony

LETTERS = "ABCDE"
SCHEMES: dict[str, dict[str, Any]] = {
    "comprehensive": {
        "field": "procurement", "subject": "services", "places": 2, "items": [
            {"code": "T1", "zh": "实施方案", "section": "technical", "kind": "subjective", "high": "50", "weight": "0.50", "step": "0.5",
             "levels": [{"low": "0", "high": "9.5", "zh": "差", "reason": 1}]},
            {"code": "C1", "zh": "业绩", "section": "commercial", "kind": "objective", "high": "20", "weight": "0.20"},
            {"code": "P", "zh": "价格", "section": "price", "kind": "objective", "high": "30", "weight": "0.30"}]},
    "lowest_price": {"field": "works", "subject": "works", "items": [
        {"code": "P", "zh": "价格", "section": "price", "kind": "objective", "high": "100", "weight": "1"}]},
    "benchmark": {
        "field": "works", "subject": "works", "places": 2,
        "benchmark": {"above": "1", "below": "0.5", "k": "0.03"}, "items": [
            {"code": "T1", "zh": "施工组织设计", "section": "technical", "kind": "subjective", "high": "40", "weight": "0.40"},
            {"code": "P", "zh": "投标报价", "section": "price", "kind": "objective", "high": "60", "weight": "0.60"}]},
}


@dataclass
class Hall:
    """people: letter → member at a terminal of the area."""

    tender: Tender
    people: dict[str, Actor]
    guard: Actor
    agent: Actor
    chair: Actor = field(default=Actor("person", ""))

    @property
    def centre(self) -> Centre:
        return self.tender.centre

    @property
    def project(self) -> str:
        return self.tender.project

    @property
    def room(self) -> Session:
        with self.centre.reading() as session:
            return session.scalars(select(Session).where(Session.project == self.project)).one()

    def totals(self) -> list[Total]:
        with self.centre.reading() as session:
            return list(session.scalars(select(Total).where(Total.session == self.room.id).order_by(Total.rank, Total.bid)))

    def badge(self, letter: str) -> str:
        with self.centre.reading() as session:
            return session.scalars(select(Badge.code).where(Badge.project == self.project, Badge.holder == letter)).one()

    def agreed(self, tag: str, cmd: Cmd, letters: str = LETTERS[:3]) -> None:
        """These seats vote for the chair's proposal."""
        for letter in letters:
            vote(self.centre, self.people[letter], Vote(project=self.project, seat=letter, act=tag, proposal=canon(plain(cmd)).decode(), yes=True))

    def criteria(self) -> tuple[str, ...]:
        with self.centre.reading() as session:
            project = session.get_one(Project, self.project)
            return criteria(project, clause(project, f"grounds.rejection.{project.field}", self.centre.now()).value)

    def grid(self, letter: str) -> Any:
        with self.centre.reading() as session:
            return scoring_grid(session, self.centre.secret("masks"), self.people[letter], self.project, self.centre.now())


@kept
def prepared(centre: Centre, method: str = "comprehensive", prices: tuple[int | None, ...] = (90_000_000, 95_000_000, 97_000_000), **scheme: Any) -> Hall:
    """A session is booked; five seats hold a badge each (by reaction)."""
    works = SCHEMES[method]["field"] == "works"
    made = opened_tender(centre, "works.open" if works else "procurement.open", stage="convening", prices=prices, evaluation=method)
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        session.scalars(select(Opening).where(Opening.project == made.project)).one().signed = now
        if not works:
            session.add_all(Judgement(project=made.project, bid=bid, passed=1, first="a", second="b", at=now) for bid in made.bids)
        session.add(Ceremony(id=new_id(), project=made.project, k=2, custodians=[], begun=now))
        session.commit()
    return seated(made, method, **scheme)


def seated(made: Tender, method: str, **scheme: Any) -> Hall:
    """A tender that waits for its committee gets a scheme, a room and five seats."""
    centre, people = made.centre, {}
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        project = session.get_one(Project, made.project)
        parsed = parse(SCHEMES[method] | scheme)
        session.add(Scoring(project=project.id, scheme=parsed.plain(), digest=parsed.digest()))
        room = Room(id=new_id(), kind="evaluation", number=1, name="评标室一", name_en="Room 1", seats=9, hours={}, late=[0, 1440], buffer_ms=0)
        ceremony = session.scalars(select(Ceremony).where(Ceremony.project == project.id)).one()
        session.add(room)
        session.flush()
        session.add(Booking(room=room.id, project=project.id, kind="evaluation", code="A1B2", from_ms=now, to_ms=now + 8 * HOUR, busy_from=now,
                            busy_to=now + 8 * HOUR, stage="held", seats=9, booked_by=made.agent.id, asked=now))
        draw = Draw(id=new_id(), project=project.id, number=1, stage="briefed", quota=[], members=5, representatives=1, evaluation_at=now,
                    hours=8, parties=[], ceremony=ceremony.id, briefed_by=made.agent.id, snapshot_at=now)
        session.add(draw)
        for letter in LETTERS:
            person = Person(id=new_id(), login=f"member-{letter}{new_id()[:4]}", name=f"评委甄{letter}", created=now)
            session.add(person)
            session.flush()
            kind = "buyer_rep" if letter == "E" else "expert"
            session.add(Seat(project=project.id, draw=draw.id, kind=kind, person=person.id, expert="" if kind == "buyer_rep" else new_id(),
                             pid=sha256(person.id.encode()).hex(), letter=letter, accepted=now))
            people[letter] = Actor("person", person.id, channel="area")
        session.commit()
    guard = staff(centre, "area_guard")
    hall = Hall(made, people, Actor("person", guard.id, channel="area"), Actor("person", made.agent.id, made.agent.org, "area"))
    prepare(centre, made.agent, Prepare(project=made.project, hours=8))
    settle(centre)
    return hall


def inside(hall: Hall, letters: str = LETTERS) -> Hall:
    """Phones are stored, the seats have walked in; the recording started with the first."""
    for number, letter in enumerate(letters, 1):
        code = hall.badge(letter)
        store_phone(hall.centre, hall.guard, StorePhone(badge=code, locker=number))
        admit(hall.centre, hall.guard, Admit(badge=code, door="D1", face=True, paper=True))
    settle(hall.centre)
    return hall


def gathered(hall: Hall) -> Hall:
    gather(hall.centre, hall.agent, Open(project=hall.project, network_cut=True))
    settle(hall.centre)
    return hall


def declared(hall: Hall) -> Hall:
    with hall.centre.reading() as session:
        shown = list_digest(contenders(session, session.get_one(Project, hall.project)))
    for letter, member in hall.people.items():
        letter_of = "aa" * 32 if letter == "E" else ""
        verify_member(hall.centre, hall.agent, VerifyMember(project=hall.project, seat=letter, face=True, paper=True, authorisation=letter_of))
        pledge(hall.centre, member, Pledge(project=hall.project))
        declare_no_interest(hall.centre, member, DeclareNoInterest(project=hall.project, bidders=shown))
    return hall


def reviewing(hall: Hall) -> Hall:
    for letter in LETTERS[:3]:
        elect_chair(hall.centre, hall.people[letter], ElectChair(project=hall.project, seat="B"))
    hall.chair = hall.people["B"]
    with hall.centre.reading() as session:
        digest = frozen_scheme(session, session.get_one(Project, hall.project))[1]
    start(hall.centre, hall.chair, Start(project=hall.project, scheme=digest))
    return hall


def judged(hall: Hall, failed: dict[str, str] | None = None) -> Hall:
    """Every member passes every criterion of every bid; failed: bid → the first criterion is failed with this reason."""
    for letter, member in hall.people.items():
        for bid in hall.tender.bids:
            reason = (failed or {}).get(bid, "")
            findings = tuple(Finding(criterion=c, passed=bool(n) or not reason, reason="" if n else reason) for n, c in enumerate(hall.criteria()))
            judge_conformity(hall.centre, member, JudgeConformity(project=hall.project, seat=letter, bid=bid, findings=findings))
    settle(hall.centre)
    return hall


def scoring(hall: Hall) -> Hall:
    begin_scoring(hall.centre, hall.chair, BeginScoring(project=hall.project))
    return hall


def fill_sheet(hall: Hall, letter: str, values: dict[str, tuple[str, ...]]) -> None:
    """values: item → one score for each bid, in the order of the tender's bids."""
    given = tuple(Given(bid=bid, item=item, score=s[n]) for item, s in values.items() for n, bid in enumerate(hall.tender.bids) if s[n])
    score(hall.centre, hall.people[letter], Score(project=hall.project, sheet=hall.grid(letter).sheet, marks=given))


def give_in(hall: Hall, letter: str) -> None:
    grid = hall.grid(letter)
    hand_in(hall.centre, hall.people[letter], HandIn(project=hall.project, sheet=grid.sheet, content=grid.content, objective_confirmed=True))


@kept
def ready(centre: Centre, method: str = "comprehensive", **more: Any) -> Hall:
    """Up to the open sheets."""
    return scoring(judged(reviewing(declared(gathered(inside(prepared(centre, method, **more)))))))


def proposal(hall: Hall) -> Recommend:
    order = tuple(t.bid for t in hall.totals() if t.rank)[:3]
    return Recommend(project=hall.project, lots=(OfLot(lot=hall.tender.lot, bids=order),))


def recommended(hall: Hall) -> Hall:
    cmd = proposal(hall)
    hall.agreed("evaluation.recommend", cmd)
    recommend(hall.centre, hall.chair, cmd)
    return hall


def signed(hall: Hall, letters: str = LETTERS) -> Hall:
    for letter in letters:
        sign(hall.centre, hall.people[letter], Sign(project=hall.project, report=hall.room.report_digest))
    settle(hall.centre)
    return hall
