"""The opening hall and its record, as this viewer may see them at this moment."""
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import NotYours
from kernel.identity.reads import holders
from kernel.identity.records import Person
from law.citation import Citation
from law.masks import bidder_name, bidder_numbers
from law.separation import conflicts
from trading.bids.records import Bid, Closing
from trading.opening.envelopes import prices_shut, seen_as
from trading.opening.locks import lock_until, locked
from trading.opening.plain import read_plain
from trading.opening.record import Line, record_lines
from trading.opening.records import Attendance, Coefficient, GateReport, Judgement, Opened, Opening, OpeningObjection
from trading.opening.state import awaited, batches, called, choices, minimum, opening_of, turn, undecided, window_ends
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.sealing.gates import GATES
from trading.sealing.reads import ready_ceremony
from trading.sealing.records import Custodian


@dataclass(frozen=True)
class CustodianState:
    """posted: when its batch came, None before · gates: what it reported as failed, in both languages."""

    number: int
    name: str
    posted: int | None
    gates: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Hall:
    """None in a field = not for this viewer now; the page draws a sealed placeholder.

    called: when the committee called for the second of two envelopes · prices_read, prices_signed, price_record: when those were
    read out, when the record of it was signed, and the record. lines: all at once after the read-out · decrypted, unlocked: (n, m) · lock_until: end of the window for bidders' locks,
    None where there are none · bids: their number · present: organisations signed in. too_few: what the law says where so few bid that nothing is opened, empty otherwise.
    """

    project: str
    stage: str
    host: str
    deadline: int | None
    started: int | None
    window_ends: int | None
    read_out: int | None
    confirm_until: int | None
    signed: int | None
    record: str | None
    custodians: tuple[CustodianState, ...]
    bids: int | None
    decrypted: tuple[int, int] | None
    lock_until: int | None
    unlocked: tuple[int, int] | None
    undecided: tuple[str, ...] | None
    lines: tuple[Line, ...] | None
    present: tuple[str, ...] | None
    objections: tuple[tuple[str, str, str], ...] | None
    choices: tuple[str, ...] | None
    coefficient: str | None
    envelopes: int
    called: int | None
    prices_read: int | None
    prices_signed: int | None
    price_record: str | None
    too_few: tuple[Citation, ...]


class _Eye:
    """One viewer of one tender: asks the matrix."""

    def __init__(self, session: Session, actor: Actor, project: Project, now: int, opening: Opening | None) -> None:
        self.held = relations(session, actor, project, now)
        self._project, self._opening = project, opening
        self.stage = stage_at(project, now)

    def form(self, information: str, at: str = "outside") -> str:
        return seen_as(information, self.held, self._project, self._opening, self.stage, at=at)


def hall(centre: Centre, session: Session, actor: Actor, id: str, now: int) -> Hall:
    """NotYours before the notice. Everything else is decided field by field."""
    project = session.get(Project, id)
    if project is None or project.published_at is None:
        raise NotYours
    opening = opening_of(session, id)
    eye, call = _Eye(session, actor, project, now, opening), called(session, project)
    lines = _lines(centre, session, eye, actor, project) if opening and opening.read_out else None
    confirm = (opening.prices_read or opening.read_out) + project.confirm_minutes * 60_000 if opening and opening.read_out else None
    record = opening.record_blob if opening and opening.signed and eye.form("opening_record") == "full" else None
    prices = opening.price_blob if opening and opening.prices_signed and eye.form("opening_record") == "full" else None
    host = session.get(Person, opening.host) if opening and eye.stage not in ("inviting",) else None
    return Hall(
        id, eye.stage, host.name if host else "", project.deadline, opening.started if opening else None,
        window_ends(session, project, opening) if opening and opening.started else None, opening.read_out if opening else None, confirm,
        opening.signed if opening else None, record, _custodians(session, id, 2 if call else 1), _count(session, eye, id), _decrypted(session, eye, project),
        lock_until(session, project, opening), _unlocked(session, eye, project),
        tuple(undecided(session, id)) if eye.form("decryption_state") == "full" and turn(session, project) else None, lines,
        _present(session, eye, actor, id), _objections(session, eye, id), choices(session, id) if eye.form("coefficient") == "full" else None,
        _coefficient(session, eye, id, opening is not None and opening.read_out is not None),
        project.envelopes, call.at if call else None, opening.prices_read if opening else None, opening.prices_signed if opening else None, prices,
        minimum(project, now).under if project.stop_cause == "fewer_than_three_bidders" and not (opening and opening.started) else (),
    )


def _custodians(session: Session, project: str, envelope: int) -> tuple[CustodianState, ...]:
    """Who has answered is public: it is the promise that nobody opened alone."""
    ceremony = ready_ceremony(session, project)
    if ceremony is None:
        return ()
    names = dict(session.execute(select(Custodian.id, Custodian.name).where(Custodian.id.in_(ceremony.custodians))).all())
    posted = {row.number: row.at for row in batches(session, project, envelope)}
    gates: dict[int, list[tuple[str, str]]] = {}
    for row in session.scalars(select(GateReport).where(GateReport.project == project)):
        gates.setdefault(row.number, []).append(GATES[row.gate])
    return tuple(CustodianState(n, names.get(c, ""), posted.get(n), tuple(gates.get(n, ()))) for n, c in enumerate(ceremony.custodians, 1))


def _count(session: Session, eye: _Eye, project: str) -> int | None:
    if eye.form("bid_count") not in ("count", "full"):
        return None
    return session.scalar(select(func.sum(Closing.count)).where(Closing.project == project))


def _decrypted(session: Session, eye: _Eye, project: Project) -> tuple[int, int] | None:
    if eye.form("decryption_state") == "none" or eye.stage in ("inviting", "closed"):
        return None
    whole = len(awaited(session, project))
    return whole - len(undecided(session, project.id)), whole


def _unlocked(session: Session, eye: _Eye, project: Project) -> tuple[int, int] | None:
    """How many secrets are in: part of how far the decryption is."""
    seen = _decrypted(session, eye, project) if project.mode == "M2" else None
    return (seen[1] - len(locked(session, project)), seen[1]) if seen else None


def _lines(centre: Centre, session: Session, eye: _Eye, actor: Actor, project: Project) -> tuple[Line, ...] | None:
    """Full lines, numbered ones, or the own line alone; None where the viewer sees none."""
    price, names = eye.form("price_part"), eye.form("bidder_identities")
    lines = record_lines(session, project.id)
    if names == "full" and (price == "full" or prices_shut(project, opening_of(session, project.id))):  # then the lines hold no price
        times = eye.form("bid_times") == "full"
        return tuple(line if times or line.org == actor.org else replace(line, received=0) for line in lines)
    if price in ("full", "masked"):
        numbers = bidder_numbers(centre.secret("masks"), project.id, (line.org for line in lines))
        masked = [replace(line, bid="", org="", name=" ".join(bidder_name(numbers[line.org])), received=0, digest="") for line in lines]
        return tuple(line for _, line in sorted(zip((numbers[line.org] for line in lines), masked, strict=True), key=lambda pair: pair[0]))
    own = tuple(line for line in lines if actor.org and line.org == actor.org)
    return own if price == "own" and own else None


def _present(session: Session, eye: _Eye, actor: Actor, project: str) -> tuple[str, ...] | None:
    seen = eye.form("opening_attendance")
    orgs = tuple(sorted(set(session.scalars(select(Attendance.org).where(Attendance.project == project)))))
    if seen == "full":
        return orgs
    return tuple(org for org in orgs if org == actor.org) if seen == "own" else None


def _objections(session: Session, eye: _Eye, project: str) -> tuple[tuple[str, str, str], ...] | None:
    """(id, text, answer); who objected is not shown."""
    if eye.form("opening_objection") not in ("full", "masked"):
        return None
    rows = session.scalars(select(OpeningObjection).where(OpeningObjection.project == project).order_by(OpeningObjection.at))
    return tuple((row.id, row.text, row.answer) for row in rows)


def _coefficient(session: Session, eye: _Eye, project: str, read_out: bool) -> str | None:
    if not read_out or eye.form("coefficient") != "full":
        return None
    return session.scalar(select(Coefficient.value).where(Coefficient.project == project)) or None


def part(centre: Centre, session: Session, actor: Actor, bid: str, name: str, now: int, at: str = "outside") -> Iterator[bytes]:
    """An opened part in clear, for a member at a seat (at="seat") or its own bidder. NotYours where the matrix gives nothing.

    A regulator's look is a watched read of the area and comes through there.
    """
    row = session.get(Bid, bid)
    opened = session.scalar(select(Opened).where(Opened.bid == bid, Opened.part == name, Opened.state == "opened"))
    if row is None or opened is None or not opened.plain:
        raise NotYours
    project = session.get_one(Project, row.project)
    eye = _Eye(session, actor, project, now, opening_of(session, project.id))
    seen = eye.form(f"{name}_part", at)
    if not (seen == "full" or (seen == "own" and actor.org == row.org)):
        raise NotYours
    return read_plain(centre, project.id, opened.plain)


def qualifications(session: Session, actor: Actor, id: str, now: int) -> dict[str, tuple[bool, str, str]] | None:
    """bid → (passed, clause, reason) for those who may know; a bidder after the result gets its own."""
    project = session.get(Project, id)
    if project is None:
        raise NotYours
    eye = _Eye(session, actor, project, now, opening_of(session, id))
    seen = eye.form("qualification_result")
    if seen not in ("full", "own"):
        return None
    rows = session.execute(select(Judgement, Bid.org).join(Bid, Bid.id == Judgement.bid).where(Judgement.project == id)).all()
    return {row.bid: (bool(row.passed), row.clause, row.reason) for row, org in rows if seen == "full" or org == actor.org}


STAFF_SIDE = ("registrar", "reviewer1", "reviewer2", "room_manager", "area_guard", "cashier", "archivist")


def possible_hosts(session: Session, now: int) -> tuple[tuple[str, str], ...]:
    """(id, name) of the centre's own people, from whom buyer or agency names the host. The act itself looks at each more closely."""
    found = {person.id: person.name for role in STAFF_SIDE if not conflicts({(role, "tender")}, ("host", "tender")) for person in holders(session, role, now)}
    return tuple(sorted(found.items(), key=lambda one: (one[1], one[0])))


@dataclass(frozen=True)
class Hosted:
    project: str
    code: str
    title: str
    stage: str
    deadline: int


def hosted(session: Session, actor: Actor, now: int) -> tuple[Hosted, ...]:
    """Openings that the actor hosts and that wait for him, the earliest first: the record is not signed, or prices are called for."""
    query = select(Project).join(Opening, Opening.project == Project.id).where(Opening.host == actor.id, Project.published_at.is_not(None), or_(
        Opening.signed.is_(None) & Project.stage.in_(("inviting", "closed", "opening")), (Project.stage == "evaluating") & (Project.envelopes == 2) & Opening.prices_signed.is_(None)))
    rows = [row for row in session.scalars(query.order_by(Project.deadline)) if row.stage != "evaluating" or called(session, row)]
    return tuple(Hosted(row.id, row.code, row.title, stage_at(row, now), row.deadline or 0) for row in rows)


def host_of(session: Session, actor: Actor, id: str, now: int) -> str | None:
    """Name of the host, for buyer and agency; None while there is none. NotYours for others."""
    project = session.get(Project, id)
    if project is None or not relations(session, actor, project, now) & {"buyer", "agent"}:
        raise NotYours
    return session.scalar(select(Person.name).join(Opening, Opening.host == Person.id).where(Opening.project == id))
