"""A bidder's workspace in one tender: what is done, what is missing, how long there is. Only ever its own affairs."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours, Text
from trading.bids.records import Attempt, Bid, Deposit, Envelope, Guarantee, Upload
from trading.bids.rules import required_parts
from trading.notices.records import Take
from trading.opening.locks import lock_until, locked
from trading.opening.records import Attendance, Opening
from trading.opening.state import awaited, batches, opening_of, parts_of, turn, undecided
from trading.projects.reads import shown_stage
from trading.projects.records import Lot, Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.sealing.reads import ready_ceremony


@dataclass(frozen=True)
class Task:
    """state: done | now | later | missed. until: ms, None where there is no end."""

    code: str
    name: Text
    state: str
    until: int | None = None


@dataclass(frozen=True)
class OwnBid:
    id: str
    lot: str
    version: int
    state: str
    received: int
    digests: dict[str, str]


@dataclass(frozen=True)
class OwnUpload:
    """One file on its way: state open | whole | used."""

    id: str
    part: str
    size: int
    state: str
    digest: str


@dataclass(frozen=True)
class Workspace:
    """key: hex u(Y) to seal to, empty before the notice · left: ms to the deadline, never below 0 · deposit: own account, or None.

    mode: of sealing, M1 or M2 · lock_until: end of the running window for the own locks · locked: own bids whose lock is still shut ·
    rescuable: own bids not opened yet, which the document lets their file keys open while custodians are too few · due: the parts
    whose turn it is; no other key is to leave the bidder's machine.
    """

    project: str
    code: str
    title: str
    stage: str
    deadline: int | None
    left: int
    key: str
    lots: tuple[tuple[str, int, str], ...]
    parts: tuple[str, ...]
    tasks: tuple[Task, ...]
    bids: tuple[OwnBid, ...]
    uploads: tuple[OwnUpload, ...]
    account: str | None
    paid: bool
    attempts: tuple[tuple[str, int], ...]
    mode: str
    lock_until: int | None
    locked: frozenset[str]
    rescuable: frozenset[str]
    envelopes: int
    due: tuple[str, ...]


@dataclass(frozen=True)
class MyTender:
    """A tender the own organisation has begun something in.

    stage: as anybody may know it · state: live | replaced | withdrawn | revoked of its newest bid, "" before one."""

    project: str
    code: str
    title: str
    title_en: str
    stage: str
    deadline: int | None
    state: str
    version: int


def mine(session: Session, actor: Actor, now: int) -> tuple[MyTender, ...]:
    """Tenders where the own organisation took the document, opened an account, uploaded or bid; open ones first, the nearest deadline on top."""
    if not actor.org:
        return ()
    touched: set[str] = set()
    for table in (Take, Deposit, Guarantee, Upload, Bid):
        touched |= set(session.scalars(select(table.project).where(table.org == actor.org)))
    newest: dict[str, Bid] = {}
    for bid in session.scalars(select(Bid).where(Bid.org == actor.org).order_by(Bid.moment, Bid.version)):
        newest[bid.project] = bid
    rows = session.scalars(select(Project).where(Project.id.in_(touched), Project.published_at.is_not(None)))
    found = [MyTender(row.id, row.code, row.title, row.title_en, shown_stage(row, {"public"}, now), row.deadline,
                      newest[row.id].state if row.id in newest else "", newest[row.id].version if row.id in newest else 0) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.stage != "inviting", one.deadline or 0 if one.stage == "inviting" else -(one.deadline or 0), one.code)))


def workspace(session: Session, actor: Actor, id: str, now: int) -> Workspace:
    """NotYours for whoever is no supplier towards this tender, or before its notice."""
    project = session.get(Project, id)
    if project is None or project.published_at is None or "supplier" not in relations(session, actor, project, now):
        raise NotYours
    org, stage = actor.org, stage_at(project, now)
    bids = list(session.scalars(select(Bid).where(Bid.project == id, Bid.org == org).order_by(Bid.version.desc(), Bid.moment.desc())))
    digests: dict[str, dict[str, str]] = {}
    for row in session.scalars(select(Envelope).where(Envelope.bid.in_([bid.id for bid in bids]))):
        digests.setdefault(row.bid, {})[row.part] = row.digest
    uploads = session.scalars(select(Upload).where(Upload.project == id, Upload.org == org, Upload.state.in_(["open", "whole"])).order_by(Upload.begun))
    deposit = session.scalar(select(Deposit).where(Deposit.project == id, Deposit.org == org))
    ceremony, opening, now_open = ready_ceremony(session, id), opening_of(session, id), turn(session, project)
    attempts = session.execute(select(Attempt.guard, Attempt.moment).where(Attempt.project == id, Attempt.org == org).order_by(Attempt.moment))
    return Workspace(
        project.id, project.code, project.title, stage, project.deadline, max(0, (project.deadline or now) - now), ceremony.key if ceremony else "",
        tuple((lot.id, lot.number, lot.title) for lot in session.scalars(select(Lot).where(Lot.project == id).order_by(Lot.number))),
        required_parts(project.procedure), _tasks(session, project, org or "", stage, bids, deposit, now),
        tuple(OwnBid(bid.id, bid.lot, bid.version, bid.state, bid.moment, digests.get(bid.id, {})) for bid in bids),
        tuple(OwnUpload(row.id, row.part, row.size, row.state, row.digest) for row in uploads),
        deposit.account if deposit else None, deposit is not None and deposit.paid_at is not None,
        tuple((guard, moment) for guard, moment in attempts),
        project.mode, lock_until(session, project, opening) if now_open else None,
        frozenset(locked(session, project) & {bid.id for bid in bids}) if project.mode == "M2" else frozenset(),
        frozenset(set(undecided(session, id)) & {bid.id for bid in bids}) if now_open and project.rescue and ceremony and len(batches(session, id, now_open)) < ceremony.k else frozenset(),
        project.envelopes, parts_of(project, now_open),
    )


def _tasks(session: Session, project: Project, org: str, stage: str, bids: list[Bid], deposit: Deposit | None, now: int) -> tuple[Task, ...]:
    live, inviting, end = any(bid.state == "live" for bid in bids), stage == "inviting", project.deadline
    taken = session.scalar(select(Take.id).where(Take.project == project.id, Take.org == org)) is not None
    tasks = [Task("take_document", Text("领取招标文件", "Take the document"), _state(taken, inviting), end)]
    if project.deposit:
        covered = (deposit is not None and deposit.paid_at is not None) or session.scalar(
            select(Guarantee.id).where(Guarantee.project == project.id, Guarantee.org == org)) is not None
        tasks.append(Task("deposit", Text("交纳保证金", "Pay the deposit"), _state(covered, inviting), end))
    tasks.append(Task("submit", Text("封装并递交投标", "Seal and submit the bid"), _state(live, inviting), end))
    if live or not inviting:
        opening = session.scalar(select(Opening).where(Opening.project == project.id))
        seen = list(session.scalars(select(Attendance).where(Attendance.project == project.id, Attendance.org == org)))
        hall = stage in ("closed", "opening") and live
        tasks.append(Task("sign_in", Text("开标签到", "Sign in at the opening"), "later" if inviting else _state(bool(seen), hall)))
        read_out = opening is not None and opening.read_out is not None
        prices = opening is not None and opening.prices_read is not None
        ends = (opening.prices_read or opening.read_out or 0) + project.confirm_minutes * 60_000 if opening and read_out else None
        confirmed = any(row.prices_confirmed if prices else row.confirmed for row in seen)
        if project.mode == "M2" and opening is not None:
            until, shut = lock_until(session, project, opening), locked(session, project) & {bid.id for bid in bids}
            open_now = until is not None and now < until
            tasks.append(Task("unlock", Text("解锁投标", "Unlock the bid"), _state(not shut, open_now) if until is not None else "later", until))
        waiting = inviting or (hall and not read_out)
        if prices and opening is not None:
            hall = opening.prices_signed is None and stage == "evaluating" and bool(set(awaited(session, project)) & {bid.id for bid in bids})
        tasks.append(Task("confirm", Text("确认开标记录", "Confirm the read-out"), "later" if waiting else _state(confirmed, hall), ends))
    return tuple(tasks)


def _state(done: bool, possible: bool) -> str:
    return "done" if done else "now" if possible else "missed"


def project_of(session: Session, actor: Actor, bid: str) -> str:
    """The tender of an own bid. NotYours for any other."""
    row = session.get(Bid, bid)
    if row is None or not actor.org or row.org != actor.org:
        raise NotYours
    return row.project
