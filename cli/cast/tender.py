"""One tender played by its parties, from entry to contract, through the acts of production.

Each function takes the tender one stage further and needs nothing but what the earlier ones left. The play decides what
people would decide: prices, scores, who wins. Amounts in fen, times by the centre's clock.
"""
import os
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from cli.cast.house import House
from kernel.command import SYSTEM, Actor
from kernel.values import HOUR, day_of
from rooms.book import Book, Slot, book
from trading.bids.records import Bid
from trading.bids.sealer import seal_bid
from trading.bids.submit import PartRef, Submit, submit
from trading.bids.uploads import store
from trading.notices.publish import Publish, publish
from trading.notices.record_media_time import RecordMediaTime, record_media_time
from trading.opening.close_qualification import CloseQualification, close_qualification
from trading.opening.confirm import Confirm, confirm
from trading.opening.convene import Convene, convene
from trading.opening.judge_qualification import JudgeQualification, judge_qualification
from trading.opening.name_host import NameHost, name_host
from trading.opening.qualify import Qualify, qualify
from trading.opening.read_out import ReadOut, read_out
from trading.opening.sign_in import SignIn, sign_in
from trading.opening.sign_record import SignRecord, sign_record
from trading.opening.start import Start, start
from trading.projects.accept_mandate import AcceptMandate, accept_mandate
from trading.projects.choose_method import ChooseMethod, choose_method
from trading.projects.confirm_document import ConfirmDocument, confirm_document
from trading.projects.dossier import dossier
from trading.projects.draft import Draft, draft
from trading.projects.mandate import GiveMandate, mandate
from trading.projects.records import Lot, Project
from trading.projects.set_calendar import SetCalendar, set_calendar
from trading.projects.set_ceiling import SetCeiling, set_ceiling
from trading.projects.set_document import Paper, SetDocument, set_document
from trading.projects.set_scoring import SetScoring, set_scoring
from trading.projects.submit import Submit as SubmitProject
from trading.projects.submit import submit as submit_project
from trading.sealing.reads import ready_ceremony
from trading.sealing.rules.price import PriceForm

WORDS = {
    "requirements": "具备相应资质和履约能力", "consortium": "不接受联合体", "subject": "详见招标文件", "contact": "示例联系人 010-00000000",
    "scope": "详见招标文件", "scale": "详见招标文件", "funds": "财政资金", "qualification": "营业执照有效\n具备相应资质",
}
MEDIA = {"works": "national_service_platform", "procurement": "ccgp_province"}
PRICE_ONLY = {"items": [{"code": "P", "zh": "价格", "en": "Price", "section": "price", "kind": "objective", "high": "100", "weight": "1"}]}
COMPREHENSIVE = {
    "works": [("T1", "施工组织设计", "Method statement", "technical", "subjective", "40"), ("C1", "类似业绩", "Track record", "commercial", "objective", "10"),
              ("P", "投标报价", "Price", "price", "objective", "50")],
    "goods": [("T1", "技术响应", "Technical response", "technical", "subjective", "50"), ("C1", "同类业绩", "Track record", "commercial", "objective", "20"),
              ("P", "价格", "Price", "price", "objective", "30")],
    "services": [("T1", "实施方案", "Method", "technical", "subjective", "60"), ("C1", "同类业绩", "Track record", "commercial", "objective", "20"),
                 ("P", "价格", "Price", "price", "objective", "20")],
}


@dataclass
class Bidder:
    actor: Actor
    code: str
    amount: int | None
    bid: str = ""


@dataclass
class Play:
    """evaluation: lowest_price, comprehensive or benchmark. bidders: in the order in which they shall rank."""

    house: House
    field: str
    kind: str
    evaluation: str
    title: str
    title_en: str
    budget: int
    buyer: Actor
    agent: Actor
    deadline: int = 0
    ceiling: int = 0
    project: str = ""
    lot: str = ""
    deposit: int = 0
    bidders: list[Bidder] = field(default_factory=list)
    members: dict[str, Actor] = field(default_factory=dict)
    representative: Actor | None = None
    coefficient: dict[str, str] = field(default_factory=dict)
    chair: str = ""
    outcome: str = "awarded"
    publicity_until: int = 0
    experts: int = 4
    late: bool = False
    sector: str = ""

    @property
    def centre(self) -> Any:
        return self.house.centre

    @property
    def host(self) -> Actor:
        return self.house.people["zhuchi1"]

    def row(self) -> Project:
        with self.centre.reading() as session:
            return session.get_one(Project, self.project)


def scheme(play: Play) -> dict[str, Any]:
    """The scoring scheme of the tender's method."""
    subject = "works" if play.field == "works" else play.kind if play.kind in ("goods", "services") else "services"
    base: dict[str, Any] = {"field": play.field, "subject": subject, "places": 2, "tie": "draw" if play.field == "procurement" else "buyer"}
    if play.evaluation == "lowest_price":
        return base | PRICE_ONLY
    items = [{"code": c, "zh": zh, "en": en, "section": s, "kind": k, "high": high, "weight": str(Decimal(high) / 100)}
             for c, zh, en, s, k, high in COMPREHENSIVE[subject]]
    if play.evaluation == "benchmark":
        base["benchmark"] = {"above": "1", "below": "0.5", "drawn": "k", "choices": ["0.01", "0.02", "0.03", "0.04", "0.05"]}
    return base | {"items": items}


def enter(play: Play) -> None:
    """Draft by the buyer, mandate given and accepted."""
    centre = play.centre
    play.project = draft(centre, play.buyer, Draft(
        procedure=f"{play.field}.open", field=play.field, kind=play.kind, title=play.title, title_en=play.title_en, budget=play.budget,
        plan="示例批复〔2026〕1 号", region="110113", details={"sector": play.sector} if play.sector else {})).id
    contract = centre.blobs.put(b"%PDF-1.7\n% mandate\n%%EOF\n")
    mandate(centre, play.buyer, GiveMandate(project=play.project, agent=play.agent.org or "", contract=contract.key, digest=contract.digest))
    accept_mandate(centre, play.agent, AcceptMandate(project=play.project))
    with centre.reading() as session:
        play.lot = session.scalars(select(Lot.id).where(Lot.project == play.project)).one()


def prepare_file(play: Play, hours: int = 4, publish_on: Any = None) -> None:
    """Method, document, scoring, ceiling, rooms and calendar. The deadline is already chosen."""
    centre = play.centre
    choose_method(centre, play.agent, ChooseMethod(project=play.project, method="open", evaluation=play.evaluation))
    blob = centre.blobs.put(f"%PDF-1.7\n% 招标文件 {play.title}\n%%EOF\n".encode())
    paper = Paper(kind="tender_document", title="招标文件", blob=blob.key, digest=blob.digest, size=blob.size, media="application/pdf")
    set_document(centre, play.agent, SetDocument(project=play.project, papers=(paper,), deposit=play.deposit, fair_competition="示例审查表 1 号",
                                             details=WORDS | ({"sector": play.sector} if play.sector else {})))
    set_scoring(centre, play.agent, SetScoring(project=play.project, scheme=scheme(play), conditions=("营业执照有效",)))
    play.ceiling = play.ceiling or play.budget
    set_ceiling(centre, play.buyer, SetCeiling(project=play.project, ceiling=play.ceiling))
    evaluation = play.deadline + HOUR + HOUR // 2
    book(centre, play.agent, Book(project=play.project, slots=(
        Slot(kind="opening", start=play.deadline, end=play.deadline + HOUR, seats=12),
        Slot(kind="evaluation", start=evaluation, end=evaluation + hours * HOUR, seats=7, reason="延时服务" if play.late else ""))))
    play.house.react()
    set_calendar(centre, play.agent, SetCalendar(
        project=play.project, publish_on=publish_on or day_of(centre.now()), document_until=play.deadline - 4 * 24 * HOUR, deadline=play.deadline,
        opening=play.deadline, evaluation=evaluation))


def confirm_and_submit(play: Play) -> None:
    centre = play.centre
    with centre.reading() as session:
        digest = dossier(session, session.get_one(Project, play.project)).digest
    confirm_document(centre, play.buyer, ConfirmDocument(project=play.project, digest=digest))
    submit_project(centre, play.agent, SubmitProject(project=play.project))


def go_public(play: Play) -> None:
    centre = play.centre
    publish(centre, play.agent, Publish(project=play.project))
    record_media_time(centre, SYSTEM, RecordMediaTime(project=play.project, medium=MEDIA[play.field], moment=centre.now(), proof="示例页面 1"))
    name_host(centre, play.agent, NameHost(project=play.project, person=play.host.id))


def hand_in(play: Play, bidder: Bidder) -> None:
    """Seals price, commercial and technical parts and submits them."""
    centre = play.centre
    with centre.reading() as session:
        ceremony = ready_ceremony(session, play.project)
    assert ceremony is not None
    salt = os.urandom(32)
    files = {"commercial": {"商务.pdf": b"%PDF-1.7\n% commercial\n%%EOF\n"}, "technical": {"技术.pdf": b"%PDF-1.7\n% technical\n%%EOF\n"}}
    parts = seal_bid(play.project, play.lot, bytes.fromhex(ceremony.key), bidder.code, PriceForm("CNY", bidder.amount), salt, os.urandom,
                     files=files, signer=centre.rehearsal_seed(bidder.actor.id))
    refs = tuple(PartRef(part=part, upload=store(centre, bidder.actor, play.project, play.lot, part, sealed.data).id, digest=sealed.digest)
                 for part, sealed in parts.items())
    bidder.bid = submit(centre, bidder.actor, Submit(project=play.project, lot=play.lot, parts=refs, salt=salt.hex())).id


def begin_opening(play: Play, with_sign_in: bool = True) -> None:
    centre = play.centre
    if with_sign_in:
        for bidder in play.bidders:
            sign_in(centre, bidder.actor, SignIn(project=play.project))
    start(centre, play.host, Start(project=play.project))
    if play.evaluation == "benchmark":
        commit_coefficient(play)


def commit_coefficient(play: Play) -> None:
    from experts.contribution import contribute
    from trading.opening.commit_coefficient import CommitCoefficient
    from trading.opening.commit_coefficient import commit_coefficient as act

    with play.centre.reading() as session:
        ceremony = ready_ceremony(session, play.project)
    assert ceremony is not None
    for party, actor in (("agent", play.agent), ("host", play.host), ("regulator", play.house.people["jiandu1"])):
        made = contribute(play.project, party, ceremony.key, os.urandom)
        play.coefficient[party] = made.value
        act(play.centre, actor, CommitCoefficient(project=play.project, commit=made.commit, blob=play.centre.blobs.put(made.sealed).key))


def finish_opening(play: Play) -> None:
    """Read out, coefficient where there is one, every bidder confirms, the record is signed; then qualification or convening."""
    centre = play.centre
    read_out(centre, play.host, ReadOut(project=play.project))
    if play.evaluation == "benchmark":
        from trading.opening.draw_coefficient import DrawCoefficient, draw_coefficient
        from trading.opening.reveal_coefficient import RevealCoefficient, reveal_coefficient

        for party, actor in (("agent", play.agent), ("host", play.host), ("regulator", play.house.people["jiandu1"])):
            reveal_coefficient(centre, actor, RevealCoefficient(project=play.project, contribution=play.coefficient[party]))
        draw_coefficient(centre, play.host, DrawCoefficient(project=play.project))
    for bidder in play.bidders:
        confirm(centre, bidder.actor, Confirm(project=play.project))
    sign_record(centre, play.host, SignRecord(project=play.project))


def review_qualification(play: Play) -> None:
    """Procurement: agent and buyer judge every bid together. Works: the committee is convened."""
    centre = play.centre
    if play.field == "works":
        convene(centre, play.agent, Convene(project=play.project))
        return
    qualify(centre, play.agent, Qualify(project=play.project))
    with centre.reading() as session:
        bids = list(session.scalars(select(Bid.id).where(Bid.project == play.project, Bid.state == "live")))
    for bid in bids:
        for actor in (play.agent, play.buyer):
            judge_qualification(centre, actor, JudgeQualification(project=play.project, bid=bid, passed=True))
    close_qualification(centre, play.agent, CloseQualification(project=play.project))

