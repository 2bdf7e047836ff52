"""What the record of an opening says (87号令 第四十二条; 电子招标投标办法 第三十二条): plain data for the document and for pages."""
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.identity.records import Person
from kernel.values import capitals, show_time, yuan
from trading.asks import opening_place
from trading.bids.records import Bid, Closing, Envelope
from trading.opening.envelopes import prices_shut
from trading.opening.records import Attendance, Coefficient, Failure, Opened, Opening, OpeningObjection
from trading.opening.state import FIRST, batches, opening_of
from trading.projects.records import Lot, Project
from trading.sealing.reads import ready_ceremony
from trading.sealing.records import Custodian
from trading.subjects.records import Subject

METHODS = {"comprehensive": ("综合评分法", "comprehensive"), "lowest_price": ("最低价法", "lowest price"), "benchmark": ("综合评估法", "benchmark")}
STATES = {
    "rubbish": ("封存内容无法读取", "sealed content unreadable"), "revoked": ("视为撤销", "counts as revoked"),
    "withdrawn": ("视为撤回", "counts as withdrawn"), "sealed": ("报价未开启", "price not opened"),
}


@dataclass(frozen=True)
class Line:
    """One bid as read out. state: opened | rubbish | revoked | withdrawn, of two envelopes also sealed · amount: smallest unit, None where the form has none."""

    bid: str
    org: str
    name: str
    lot: int
    state: str
    amount: int | None
    items: tuple[tuple[str, str | int], ...]
    received: int
    confirmed: bool
    digest: str = ""


def record_lines(session: Session, project: str) -> tuple[Line, ...]:
    """Every bid of the closing list, by lot and then by the supplier's credit code, which is no order of arrival or price."""
    query = (
        select(Bid, Subject, Lot.number, Opened, Failure, Envelope.digest)
        .join(Subject, Subject.id == Bid.org).join(Lot, Lot.id == Bid.lot)
        .join(Envelope, (Envelope.bid == Bid.id) & (Envelope.part == "price"))
        .outerjoin(Opened, (Opened.bid == Bid.id) & (Opened.part == "price")).outerjoin(Failure, Failure.bid == Bid.id)
        .where(Bid.project == project).order_by(Lot.number, Subject.code)
    )
    opening = opening_of(session, project)
    shut, said = prices_shut(session.get_one(Project, project), opening), _confirmed(opening)
    confirmed = set(session.scalars(select(Attendance.org).where(Attendance.project == project, said.is_not(None))))
    first = _first_envelopes(session, project)
    lines = []
    for bid, subject, lot, found, failure, digest in session.execute(query):
        opened = None if shut else found
        if opened is None and failure is None and bid.id not in first:
            continue  # replaced or withdrawn before the deadline, or revoked before it was opened
        state = ("revoked" if failure.cause == "bidder" else "withdrawn") if failure else opened.state if opened else first[bid.id]
        items = tuple((name, value) for name, value in opened.form.get("items", ())) if opened else ()
        lines.append(Line(bid.id, bid.org, subject.name, lot, state, opened.amount if opened else None, items, bid.moment, bid.org in confirmed, digest))
    return tuple(lines)


def _confirmed(opening: Opening | None) -> Any:
    """When a bidder confirmed what was read out last."""
    return Attendance.confirmed if opening is None or opening.prices_read is None else Attendance.prices_confirmed


def _first_envelopes(session: Session, project: str) -> dict[str, str]:
    """bid → rubbish, or sealed where its price is still to come; empty for a tender with one envelope."""
    if session.get_one(Project, project).envelopes == 1:
        return {}
    found: dict[str, str] = {}
    for bid, state in session.execute(select(Opened.bid, Opened.state).where(Opened.project == project, Opened.part.in_(FIRST))):
        found[bid] = "rubbish" if "rubbish" in (state, found.get(bid)) else "sealed"
    return found


def record_data(session: Session, project: Project, opening: Opening, now: int) -> dict[str, Any]:
    """For the template `opening_record`: texts as they are printed, times of Asia/Shanghai."""
    host = session.get(Person, opening.host)
    buyer, agent = session.get(Subject, project.buyer), session.get(Subject, project.agent) if project.agent else None
    coefficient = session.scalar(select(Coefficient.value).where(Coefficient.project == project.id))
    closed = list(session.scalars(select(Closing).where(Closing.project == project.id).order_by(Closing.lot)))
    data = {
        "moment": now, "code": project.code, "project": project.title, "buyer": buyer.name if buyer else "", "agent": agent.name if agent else "",
        "method": "、".join(METHODS.get(project.evaluation, ("",))[:1]), "place": opening_place(session, project.id) or "在线开标 on line",
        "host": host.name if host else "", "deadline": show_time(project.deadline or 0), "opened": show_time(opening.started or 0),
        "envelope": "" if project.envelopes == 1 else " · ".join(("第一信封（技术、商务）", "First: technical and commercial") if opening.prices_read is None
                                                             else ("第二信封（报价）", "Second: prices")),
        "ceiling": yuan(project.ceiling) if project.ceiling is not None else "", "bid_count": str(sum(c.count for c in closed)),
        "root": closed[0].root if len(closed) == 1 else "", "coefficient": coefficient or "",
        "lines": [_printed(n, line) for n, line in enumerate(record_lines(session, project.id), 1)],
        "custodians": _custodians(session, project.id, 1 if opening.prices_read is None else 2), "attendance": _attendance(session, opening),
        "objections": _objections(session, project.id, opening.prices_read or 0),
    }
    return {key: value for key, value in data.items() if value not in ("", []) or key == "lines"}


def _printed(n: int, line: Line) -> dict[str, str]:
    row = {"n": str(n), "name": line.name, "digest": line.digest}
    if line.amount is not None:
        row |= {"price": yuan(line.amount), "capitals": capitals(line.amount)}
    note = [*([" ".join(STATES[line.state])] if line.state in STATES else []), *(f"{name}：{value}" for name, value in line.items)]
    return row | ({"note": "；".join(note)} if note else {})


def _custodians(session: Session, project: str, envelope: int) -> list[dict[str, str]]:
    ceremony = ready_ceremony(session, project)
    names = dict(session.execute(select(Custodian.id, Custodian.name)).all())
    rows = batches(session, project, envelope)
    return [{"name": names[ceremony.custodians[row.number - 1]], "at": show_time(row.at, seconds=True)} for row in rows] if ceremony else []


def _attendance(session: Session, opening: Opening) -> list[dict[str, str]]:
    query = select(Attendance.at, _confirmed(opening), Subject.name).join(Subject, Subject.id == Attendance.org).where(
        Attendance.project == opening.project).order_by(Subject.code, Attendance.at)
    return [{"name": name, "at": show_time(at)} | ({"confirmed": show_time(said)} if said else {}) for at, said, name in session.execute(query)]


def _objections(session: Session, project: str, since: int) -> list[dict[str, str]]:
    query = select(OpeningObjection, Subject.name).join(Subject, Subject.id == OpeningObjection.org).where(
        OpeningObjection.project == project, OpeningObjection.at >= since)
    return [{"who": name, "text": row.text, "answer": row.answer} for row, name in session.execute(query.order_by(OpeningObjection.at))]
