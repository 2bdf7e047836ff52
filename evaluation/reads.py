"""What a person may see of a session, already masked. An absent value is None and means: not for you, not now.

Inside the evaluation a member's own things are shown at a terminal of the area only (电子招标投标办法 第三十三条).
"""
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from evaluation.bids import contenders, frozen_scheme, list_digest, shut, valid
from evaluation.desk import members
from evaluation.procedure import SESSION
from evaluation.records import Flag, Member, Motion, Question, ReportSignature, Session, Total, Vote
from evaluation.rules.scheme import Item
from evaluation.sheets import current, digest, marks, open_cells, scored_items
from kernel.command import Actor
from kernel.errors import NotYours, Text
from kernel.machine import Move
from law.masks import bidder_numbers
from law.secrecy import form
from law.stages import at_or_after
from trading.bids.records import Bid
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations

PHASES = {
    "booked": Text("待开始", "Not begun"), "gathered": Text("签到与声明", "Gathering"), "sworn": Text("签到与声明", "Gathering"),
    "reviewing": Text("初步评审", "First review"), "scoring": Text("详细评审", "Scoring"), "summing": Text("汇总", "Adding up"),
    "signing": Text("签署报告", "Signing"), "sealed": Text("已封存", "Sealed"),
}
STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class Viewer:
    """roles towards the tender, its stage, and where the viewer sits (law.secrecy.PLACES)."""

    project: Project
    roles: set[str]
    stage: str
    at: str

    def form(self, information: str) -> str:
        return form(information, self.roles, self.project.field, self.stage, self.project.stopped_at, at=self.at)


def viewer(session: Database, actor: Actor, project_id: str, now: int) -> Viewer:
    """NotYours where there is no such tender."""
    project = session.get(Project, project_id)
    if project is None:
        raise NotYours
    at = "seat" if actor.channel == "area" else "outside"
    return Viewer(project, relations(session, actor, project, now), stage_at(project, now), at)


def room_of(session: Database, project: str) -> Session:
    room = session.scalar(select(Session).where(Session.project == project))
    if room is None:
        raise NotYours
    return room


def mine(session: Database, actor: Actor, room: Session) -> Member:
    """The caller's seat, at a terminal of the area. NotYours elsewhere."""
    found = session.scalar(select(Member).where(Member.session == room.id, Member.person == actor.id, Member.recused.is_(None)))
    if found is None or (actor.channel != "area" and room.stage != "sealed"):
        raise NotYours
    return found


@dataclass(frozen=True)
class Progress:
    """phase: of the whole committee · handed_in, of: counts for the chair alone · own: state of the caller's sheet."""

    code: str
    phase: Text | None
    handed_in: int | None = None
    of: int | None = None
    own: str | None = None
    halted: str = ""


def progress(session: Database, actor: Actor, project_id: str, now: int) -> Progress:
    """NotYours for whoever may not even know the phase. No letters, no counts, save the chair's count of sheets."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    shown = who.form("score_progress")
    if shown == "none":
        raise NotYours
    member = session.scalar(select(Member).where(Member.session == room.id, Member.person == actor.id, Member.recused.is_(None)))
    sheet = current(session, member) if member else None
    own = sheet.state if sheet else None
    if "chair" in who.roles and form("score_progress", {"chair"}, who.project.field, who.stage, who.project.stopped_at, at=who.at) != "none":
        sheets = [current(session, m) for m in members(session, room)]
        return Progress(room.code, PHASES[room.stage], sum(s is not None and s.state == "handed_in" for s in sheets), len(sheets), own, room.halted)
    return Progress(room.code, PHASES[room.stage], own=own, halted=room.halted)


def arranged(session: Database, actor: Actor, project_id: str, now: int) -> str:
    """How far the agency has come with the session: "" nothing yet, booked, or begun; no more than that. NotYours for others."""
    who = viewer(session, actor, project_id, now)
    if not who.roles & {"agent", "buyer"}:
        raise NotYours
    stage = session.scalar(select(Session.stage).where(Session.project == project_id))
    return "" if stage is None else "booked" if stage == "booked" else "begun"


@dataclass(frozen=True)
class OwnSeat:
    """A member's own place: letter, what is done, what may be done next (moves with their names for buttons). prices: of two
    envelopes shut, called or read; "" with one."""

    seat: str
    code: str
    chair: bool
    stage: str
    verified: bool
    pledged: bool
    declared: bool
    bidders: tuple[tuple[str, str], ...] | None
    bidders_digest: str | None
    scheme_digest: str
    report_digest: str | None
    report_blob: str | None
    stands: str
    next: tuple[Move, ...]
    halted: str = ""
    prices: str = ""


def own_seat(session: Database, actor: Actor, project_id: str, now: int) -> OwnSeat:
    """The list of bidders appears only after the pledge, in the area; the report only while it is signed and afterwards."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    member = mine(session, actor, room)
    bids = contenders(session, who.project) if member.pledged is not None and who.form("bidder_identities") == "full" else None
    shown = room.stage in ("signing", "sealed") and who.form("report") == "full"
    stands = session.scalar(select(ReportSignature.kind).where(ReportSignature.member == member.id)) or ""
    return OwnSeat(
        member.seat, room.code, room.chair == member.id, room.stage, member.verified is not None, member.pledged is not None, member.declared is not None,
        tuple((c.bid, c.name) for c in bids) if bids is not None else None, list_digest(bids) if bids is not None else None,
        frozen_scheme(session, who.project)[1], room.report_digest if shown else None, room.report_blob if shown else None, stands,
        tuple(SESSION.open_moves(room.stage, who.roles)), room.halted,
        "" if who.project.envelopes == 1 else "read" if not shut(session, who.project) else "called" if room.price_called else "shut",
    )


@dataclass(frozen=True)
class Column:
    """One bid over the grid: 甲, 乙 … in an order that follows no price and no alphabet."""

    bid: str
    stem: str
    name: str


@dataclass(frozen=True)
class Cell:
    score: Decimal
    reason: str


@dataclass(frozen=True)
class Grid:
    """The caller's own sheet. content: the digest that hand_in signs · open_items: what a returned sheet may change, empty for all."""

    sheet: str
    state: str
    version: int
    columns: tuple[Column, ...]
    items: tuple[Item, ...]
    cells: dict[tuple[str, str], Cell]
    open: int
    content: str
    open_items: tuple[str, ...]
    flags: tuple[Flag, ...] = field(default=())


def scoring_grid(session: Database, key: bytes, actor: Actor, project_id: str, now: int) -> Grid:
    """key: the centre's secret for masks (centre.secret("masks")). NotYours before sheets are open."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    member = mine(session, actor, room)
    sheet = current(session, member)
    if sheet is None or who.form("individual_scores") not in ("own", "full"):
        raise NotYours
    bids = valid(session, who.project)
    numbers = bidder_numbers(key, project_id, [c.bid for c in bids])
    named = who.form("bidder_identities") == "full"  # at home a member keeps his marks, without the names
    columns = tuple(Column(c.bid, _stem(numbers[c.bid]), c.name if named else "") for c in sorted(bids, key=lambda c: numbers[c.bid]))
    items = scored_items(who.project, frozen_scheme(session, who.project)[0])
    inside = {c.bid for c in bids}
    given = {cell: mark for cell, mark in marks(session, sheet).items() if cell[0] in inside}
    flags = session.scalars(select(Flag).where(Flag.sheet == sheet.id, Flag.settled.is_(None)).order_by(Flag.bid, Flag.item))
    return Grid(
        sheet.id, sheet.state, sheet.version, columns, items, {cell: Cell(Decimal(str(m.score)), m.reason) for cell, m in given.items()},
        open_cells(given, bids, items), digest(sheet, given, bids), tuple(sheet.open_items), tuple(flags),
    )


def _stem(number: int) -> str:
    return STEMS[number - 1] if number <= len(STEMS) else str(number)


@dataclass(frozen=True)
class TotalLine:
    bid: str
    name: str
    amount: int
    evaluated: str
    technical: Decimal | None
    commercial: Decimal | None
    price: Decimal | None
    total: Decimal | None
    rank: int
    tie: str


def totals(session: Database, actor: Actor, project_id: str, now: int) -> tuple[TotalLine, ...] | None:
    """None before they exist and for whoever may not see them all. Members see them at their seats once the last sheet is in."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    if who.form("totals") != "full" or room.stage not in ("summing", "signing", "sealed"):
        return None
    if room.stage == "sealed" and who.stage == "evaluating" and not who.roles & {"expert_seated", "buyer_rep"}:
        return None
    names = {c.bid: c.name for c in contenders(session, who.project)}
    rows = session.scalars(select(Total).where(Total.session == room.id, Total.rank > 0).order_by(Total.lot, Total.rank, Total.bid))
    return tuple(
        TotalLine(t.bid, names[t.bid], t.amount, t.evaluated, _score(t.technical), _score(t.commercial), _score(t.price), _score(t.total), t.rank, t.tie)
        for t in rows)


def _score(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


@dataclass(frozen=True)
class MotionView:
    digest: str
    act: str
    command: dict[str, object]
    yes: int
    no: int
    own: int | None


def motions(session: Database, actor: Actor, project_id: str, now: int) -> tuple[MotionView, ...]:
    """Proposals before the committee with their voices, for members at their seats while they evaluate; nothing afterwards."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    member = mine(session, actor, room)
    if who.form("discussion") != "full":
        return ()
    found = []
    for motion in session.scalars(select(Motion).where(Motion.session == room.id).order_by(Motion.at)):
        voices = {v.member: v.yes for v in session.scalars(select(Vote).where(Vote.motion == motion.id))}
        found.append(MotionView(motion.digest, motion.act, motion.command, sum(voices.values()), len(voices) - sum(voices.values()), voices.get(member.id)))
    return tuple(found)


@dataclass(frozen=True)
class QuestionView:
    """bid is None for whoever may only know that a question was sent; the words as well."""

    id: str
    kind: str
    due: int
    bid: str | None = None
    question: str | None = None
    answer: str | None = None
    answered: int | None = None


def questions(session: Database, actor: Actor, project_id: str, now: int) -> tuple[QuestionView, ...]:
    """A bidder's own; all of them for the committee and, after the report, for agent, buyer and regulator."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    found = []
    for q in session.scalars(select(Question).where(Question.session == room.id).order_by(Question.asked)):
        shown = who.form("low_price_papers" if q.kind == "low_price" else "committee_questions")
        own = bool(actor.org) and session.scalar(select(func.count()).select_from(Bid).where(Bid.id == q.bid, Bid.org == actor.org)) == 1
        if shown == "full" or (shown == "own" and own):
            found.append(QuestionView(q.id, q.kind, q.due, q.bid, q.question, q.answer or None, q.answered))
        elif shown == "exists":
            found.append(QuestionView(q.id, q.kind, q.due))
    return tuple(found)


def report_file(session: Database, actor: Actor, project_id: str, now: int) -> tuple[str, str] | None:
    """(blob key, digest) of the sealed report for whoever may read it whole; None before, and for everybody else."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    if room.stage != "sealed" or who.form("report") != "full" or not at_or_after(who.stage, "evaluating", who.project.stopped_at):
        return None
    return room.sealed_blob, room.sealed_digest
