"""The seat's screen: what a member of the committee reads and has before him, at a terminal of the area and nowhere else.

Everything begins with the caller's own seat (evaluation.reads.mine); matters of the whole committee open stage by stage.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.bids import Contender, contenders, criteria, frozen_scheme, valid
from evaluation.desk import clause, members
from evaluation.reads import _stem, mine, room_of, viewer
from evaluation.records import (
    Ballot,
    Conformity,
    Flag,
    Member,
    Motion,
    Question,
    Recommendation,
    Rejection,
    ReportSignature,
    Session,
    Sheet,
    Vote,
)
from evaluation.sheets import current, marks
from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import NotYours, Text
from law.grounds import LABELS
from law.masks import bidder_numbers
from rooms.records import Booking, Room
from trading.bids.packing import index_of
from trading.opening.reads import part
from trading.opening.records import Opened
from trading.projects.records import Lot, Project

FRONT = 4 + (1 << 20)  # bytes of a part in which the list of its files stands
PARTS = ("technical", "commercial")


@dataclass(frozen=True)
class Sitting:
    """A session in which the caller sits. id names it in addresses, so that no tender stands there."""

    id: str
    project: str
    code: str
    room: Text
    seat: str
    stage: str
    starts: int


def sittings(session: Database, actor: Actor, now: int) -> tuple[Sitting, ...]:
    """At a terminal of the area, not sealed first. Empty elsewhere: outside nobody learns where somebody sits."""
    if actor.kind != "person" or actor.channel != "area":
        return ()
    query = select(Session, Member.seat, Room.name, Room.name_en).join(Member, Member.session == Session.id).outerjoin(Booking, Booking.id == Session.booking).outerjoin(
        Room, Room.id == Booking.room).where(Member.person == actor.id, Member.recused.is_(None)).order_by((Session.stage == "sealed"), Session.starts)
    return tuple(Sitting(s.id, s.project, s.code, Text(name or "评标室", name_en or "Room"), seat, s.stage, s.starts) for s, seat, name, name_en in session.execute(query))


def sitting(session: Database, actor: Actor, id: str, now: int) -> Sitting:
    """NotYours where the caller does not sit in it at a terminal of the area."""
    found = next((one for one in sittings(session, actor, now) if one.id == id), None)
    if found is None:
        raise NotYours
    return found


@dataclass(frozen=True)
class Colleague:
    seat: str
    kind: str
    declared: bool
    chair: bool
    me: bool
    stands: bool


@dataclass(frozen=True)
class Bidder:
    """stem: 甲, 乙 … in an order that follows no price. rejected: words and reason, None while the bid stands."""

    bid: str
    lot: str
    stem: str
    name: str
    amount: int | None
    rejected: str | None


@dataclass(frozen=True)
class Proposal:
    """yes: voices in favour, the chair's own included · mine: the caller's voice, None before he gave one · enough: a majority agrees."""

    id: str
    act: str
    command: dict[str, object]
    yes: int
    mine: bool | None
    enough: bool
    done: bool


@dataclass(frozen=True)
class Table:
    """What lies on the committee's table at this moment; empty where it is not the time for it. judged: the caller's own findings ·
    sheets: by letter, after the last one is in · flags: (seat, flag) · decided: question → kept, unproved or "".
    Totals and questions: evaluation.reads."""

    colleagues: tuple[Colleague, ...]
    ballot: str
    bidders: tuple[Bidder, ...]
    criteria: tuple[tuple[str, str, str], ...]
    judged: dict[str, dict[str, tuple[bool, str]]]
    proposals: tuple[Proposal, ...]
    decided: dict[str, str]
    sheets: dict[str, dict[tuple[str, str], Decimal]]
    flags: tuple[tuple[str, Flag], ...]
    recommended: tuple[tuple[str, int, str], ...]
    lots: dict[str, str]
    outcome: str


def table(centre: Centre, session: Database, actor: Actor, project_id: str, now: int) -> Table:
    """NotYours without a seat. Names of colleagues are not shown: letters are enough (secrecy.csv seat_map)."""
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    member, project, sitting_now = mine(session, actor, room), who.project, members(session, room)
    stands = set(session.scalars(select(ReportSignature.member).where(ReportSignature.session == room.id)))
    colleagues = tuple(Colleague(m.seat, m.kind, m.declared is not None, m.id == room.chair, m.id == member.id, m.id in stands) for m in sitting_now)
    choice = session.scalar(select(Member.seat).join(Ballot, Ballot.choice == Member.id).where(Ballot.member == member.id)) or ""
    working = room.stage not in ("booked", "gathered", "sworn") and member.declared is not None and who.form("bidder_identities") == "full"
    found = contenders(session, project) if working else ()
    gone = {r.bid: r for r in session.scalars(select(Rejection).where(Rejection.session == room.id))} if who.form("veto_reasons") == "full" else {}
    grounds = clause(project, f"grounds.rejection.{project.field}", now).value
    rules = tuple((c, *LABELS.get(c, (c, c))) for c in criteria(project, grounds)) if working else ()
    added = room.stage in ("summing", "signing", "sealed") and who.form("totals") == "full" and working
    return Table(
        colleagues, choice, _bidders(centre, session, project, found, gone), rules, _judged(session, room, member) if working else {},
        _proposals(session, room, member, sitting_now) if working and who.form("discussion") == "full" else (),
        dict(session.execute(select(Question.id, Question.decided).where(Question.session == room.id)).all()) if working else {},
        _sheets(session, sitting_now) if added else {}, _flags(session, room, member, added),
        tuple(session.execute(select(Recommendation.lot, Recommendation.rank, Recommendation.bid).where(
            Recommendation.session == room.id).order_by(Recommendation.lot, Recommendation.rank)).all()) if added else (),
        {id: title for id, title in session.execute(select(Lot.id, Lot.title).where(Lot.project == project.id))}, room.outcome,
    )


def _bidders(centre: Centre, session: Database, project: Project, found: tuple[Contender, ...], gone: dict[str, Rejection]) -> tuple[Bidder, ...]:
    """The letters are those of the scoring grid: over the bids that stand, the rejected behind them."""
    standing = {c.bid for c in valid(session, project, found)}
    numbers = bidder_numbers(centre.secret("masks"), project.id, standing)
    rows = [
        Bidder(c.bid, c.lot, _stem(numbers[c.bid]) if c.bid in numbers else "", c.name, c.amount,
               f"{LABELS.get(gone[c.bid].ground, (gone[c.bid].ground,))[0]}：{gone[c.bid].reason}" if c.bid in gone else None) for c in found]
    return tuple(sorted(rows, key=lambda row: (row.bid not in numbers, numbers.get(row.bid, 0), row.bid)))


def _judged(session: Database, room: Session, member: Member) -> dict[str, dict[str, tuple[bool, str]]]:
    """The caller's own findings: bid → criterion → (passed, reason)."""
    own: dict[str, dict[str, tuple[bool, str]]] = {}
    for row in session.scalars(select(Conformity).where(Conformity.session == room.id, Conformity.member == member.id)):
        own.setdefault(row.bid, {})[row.criterion] = (bool(row.passed), row.reason)
    return own


def _proposals(session: Database, room: Session, member: Member, sitting_now: list[Member]) -> tuple[Proposal, ...]:
    seated = {m.id for m in sitting_now}
    done = _carried_out(session, room)
    found = []
    for motion in session.scalars(select(Motion).where(Motion.session == room.id).order_by(Motion.at)):
        voices = {v.member: bool(v.yes) for v in session.scalars(select(Vote).where(Vote.motion == motion.id))}
        yes = len(({m for m, y in voices.items() if y} | {room.chair}) & seated)
        found.append(Proposal(motion.id, motion.act, dict(motion.command), yes, voices.get(member.id), 2 * yes > len(seated), done(motion)))
    return tuple(found)


def _carried_out(session: Database, room: Session) -> Callable[[Motion], bool]:
    """Tells of a motion whether what it proposed has been done, or can no longer be."""
    rejected = set(session.scalars(select(Rejection.bid).where(Rejection.session == room.id)))
    asked = set(session.execute(select(Question.bid, Question.question).where(Question.session == room.id, Question.kind == "clarify")).all())
    decided = set(session.scalars(select(Question.id).where(Question.session == room.id, Question.decided != "")))
    reported = room.signing_at is not None

    def done(motion: Motion) -> bool:
        given = motion.command
        return {
            "evaluation.reject": given.get("bid") in rejected, "evaluation.ask_bidder": (given.get("bid"), given.get("question")) in asked,
            "evaluation.decide_low_price": given.get("question") in decided,
        }.get(motion.act, False) or reported

    return done


def _sheets(session: Database, sitting_now: list[Member]) -> dict[str, dict[tuple[str, str], Decimal]]:
    """After the last sheet is in, every member sees every sheet by its letter."""
    sheets = {m.seat: current(session, m) for m in sitting_now}
    return {seat: {cell: Decimal(str(mark.score)) for cell, mark in marks(session, sheet).items()} for seat, sheet in sheets.items() if sheet is not None}


def _flags(session: Database, room: Session, member: Member, added: bool) -> tuple[tuple[str, Flag], ...]:
    """(seat, flag): a member's own; the chair's view has all of them by letter, after the totals."""
    if not added:
        return ()
    query = select(Member.seat, Flag).join(Sheet, Sheet.id == Flag.sheet).join(Member, Member.id == Sheet.member).where(
        Flag.session == room.id, Flag.settled.is_(None)).order_by(Member.seat, Flag.item)
    rows = [(seat, flag) for seat, flag in session.execute(query)]
    return tuple(row for row in rows if room.chair == member.id or row[0] == member.seat)


@dataclass(frozen=True)
class BidFile:
    """One file inside an opened part. number: its place in the part, which names it in addresses."""

    bid: str
    part: str
    number: int
    name: str
    size: int


def files(centre: Centre, session: Database, actor: Actor, project_id: str, bid: str, now: int) -> tuple[BidFile, ...]:
    """The files of a bid for a member who has declared. Parts of another form than a pack count as one file."""
    _may_read(session, actor, project_id, bid, now)
    found: list[BidFile] = []
    for name in PARTS:
        if session.scalar(select(Opened.plain).where(Opened.bid == bid, Opened.part == name, Opened.state == "opened")):
            rows = index_of(_front(part(centre, session, actor, bid, name, now, at="seat")))
            found += [BidFile(bid, name, n, label, size) for n, (label, _, size) in enumerate(rows)]
    return tuple(found)


def file(centre: Centre, session: Database, actor: Actor, project_id: str, bid: str, name: str, number: int, now: int) -> tuple[BidFile, Iterator[bytes]]:
    """One of them, in pieces. NotYours where there is none of this number."""
    wanted = next((f for f in files(centre, session, actor, project_id, bid, now) if f.part == name and f.number == number), None)
    if wanted is None:
        raise NotYours
    _, start, size = index_of(_front(part(centre, session, actor, bid, name, now, at="seat")))[number]
    return wanted, _cut(part(centre, session, actor, bid, name, now, at="seat"), start, size)


def _may_read(session: Database, actor: Actor, project_id: str, bid: str, now: int) -> None:
    who, room = viewer(session, actor, project_id, now), room_of(session, project_id)
    if actor.channel != "area" or mine(session, actor, room).declared is None or bid not in {c.bid for c in contenders(session, who.project)}:
        raise NotYours


def _front(parts: Iterator[bytes]) -> bytes:
    """Enough of a part to read its index."""
    data = b""
    for block in parts:
        data += block
        if len(data) >= FRONT or len(data) >= 4 + int.from_bytes(data[:4], "big"):
            break
    return data


def _cut(parts: Iterator[bytes], start: int, size: int) -> Iterator[bytes]:
    at = 0
    for block in parts:
        begin, end = max(start - at, 0), min(start + size - at, len(block))
        if begin < end:
            yield block[begin:end]
        at += len(block)
        if at >= start + size:
            return


def scheme_lines(session: Database, project_id: str) -> tuple[tuple[str, str, str, str], ...]:
    """(code, zh, en, most points) of every item of the scheme, which is public with the document."""
    project = session.get_one(Project, project_id)
    return tuple((item.code, item.zh, item.en or item.zh, f"{item.high.normalize():f}") for item in frozen_scheme(session, project)[0].items)
