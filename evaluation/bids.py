"""The bids a committee has before it: opened, qualified, not rejected. One place decides who is in and at which price."""
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.records import Rejection
from evaluation.rules.price import Shares
from evaluation.rules.ranking import brand_units
from evaluation.rules.scheme import Scheme, parse
from kernel.canonical import canon, sha256
from trading.bids.records import Bid
from trading.opening.envelopes import prices_shut
from trading.opening.records import Judgement, Opened, Opening
from trading.projects.records import Project, Scoring
from trading.subjects.records import Subject

SMALL_FIRM = "small_firm"


@dataclass(frozen=True)
class Contender:
    """amount: the quotation read out, fen; None where the price part states none. opened: no part waits for its key; what its bidder
    sealed as rubbish is the committee's to reject. items: the other lines of the price form."""

    bid: str
    lot: str
    org: str
    name: str
    amount: int | None
    opened: bool
    items: tuple[tuple[str, str | int], ...] = ()


def contenders(session: Database, project: Project) -> tuple[Contender, ...]:
    """Every live bid whose parts were opened and, in procurement, that passed the qualification review; by id."""
    query = select(Bid, Subject.name).join(Subject, Subject.id == Bid.org).where(Bid.project == project.id, Bid.state == "live").order_by(Bid.id)
    if project.field == "procurement":
        query = query.join(Judgement, Judgement.bid == Bid.id).where(Judgement.passed == 1)
    parts: dict[str, list[Opened]] = {}
    shown = select(Opened).where(Opened.project == project.id)
    for part in session.scalars(shown.where(Opened.part != "price") if shut(session, project) else shown):
        parts.setdefault(part.bid, []).append(part)
    found = []
    for bid, name in session.execute(query):
        own = parts.get(bid.id, [])
        if not any(p.state == "opened" for p in own):
            continue
        price = next((p for p in own if p.part == "price" and p.state == "opened"), None)
        listed = price.form.get("items") if price else None
        items = tuple((str(k), v) for k, v in listed) if isinstance(listed, list) else ()
        found.append(Contender(bid.id, bid.lot, bid.org, name, price.amount if price else None, all(p.state in ("opened", "rubbish") for p in own), items))
    return tuple(found)


def shut(session: Database, project: Project) -> bool:
    """Is the second of two envelopes still to be read out? Then nobody in the room has a price."""
    return prices_shut(project, session.scalar(select(Opening).where(Opening.project == project.id)))


def inadmissible(project: Project, found: Iterable[Contender]) -> tuple[Contender, ...]:
    """Bids that cannot be scored: no price that can be read, or one above the ceiling."""
    return tuple(c for c in found if c.amount is None or (project.ceiling is not None and c.amount > project.ceiling))


def valid(session: Database, project: Project, before: Iterable[Contender] | None = None) -> tuple[Contender, ...]:
    """The contenders that the committee has not rejected."""
    found = contenders(session, project) if before is None else tuple(before)
    gone = set(session.scalars(select(Rejection.bid).where(Rejection.bid.in_([c.bid for c in found]))))
    return tuple(c for c in found if c.bid not in gone)


def counted(found: Iterable[Contender]) -> int:
    """How many bidders these are when bids of one brand count once (87号令 第三十一条). The brand stands in the price form."""
    return brand_units({c.bid: next((str(v) for k, v in c.items if k == "brand"), None) for c in found})


def list_digest(found: Iterable[Contender]) -> str:
    """Digest of the list of bidders as a member reads it before declaring."""
    return sha256(canon([[c.bid, c.name] for c in sorted(found, key=lambda c: c.bid)])).hex()


def frozen_scheme(session: Database, project: Project) -> tuple[Scheme, str]:
    """The scheme as issued with the document, and its digest."""
    row = session.scalar(select(Scoring).where(Scoring.project == project.id))
    assert row is not None, "a published tender has its scheme"
    return parse(row.scheme), row.digest


def deductions(project: Project, found: Iterable[Contender]) -> dict[str, Shares]:
    """Policy deductions by bid: the share the document fixed, for bidders whose price form declares a small firm (财库〔2022〕19号).

    Procurement only, and only where the low price decides or is scored (46号 第九条).
    """
    rate = project.details.get("small_firm_deduction", "")
    if project.field != "procurement" or not rate:
        return {}
    return {c.bid: {SMALL_FIRM: Decimal(rate)} for c in found if (SMALL_FIRM, 1) in c.items}


def criteria(project: Project, grounds: tuple[str, ...]) -> tuple[str, ...]:
    """What conformity is judged by: the document's list, or the statutory grounds where it names none of its own."""
    listed = tuple(word.strip() for word in project.details.get("conformity", "").split(";") if word.strip())
    return listed or grounds
