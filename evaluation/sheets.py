"""Sheets as the acts and reads of scoring need them: which is current, what stands in it, what is missing, its digest."""
from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.bids import Contender
from evaluation.records import Mark, Member, Sheet
from evaluation.rules.outcome import LOWEST_PRICE
from evaluation.rules.scheme import Item, Scheme
from kernel.canonical import salted
from trading.projects.records import Project


def current(session: Database, member: Member, lock: bool = False) -> Sheet | None:
    """The member's latest version."""
    query = select(Sheet).where(Sheet.member == member.id).order_by(Sheet.version.desc()).limit(1)
    return session.scalar(query.with_for_update() if lock else query)


def marks(session: Database, sheet: Sheet) -> dict[tuple[str, str], Mark]:
    """(bid, item) → mark."""
    return {(m.bid, m.item): m for m in session.scalars(select(Mark).where(Mark.sheet == sheet.id))}


def scored_items(project: Project, scheme: Scheme) -> tuple[Item, ...]:
    """What members score; nothing where price alone decides."""
    return () if project.evaluation == LOWEST_PRICE else scheme.scored()


def open_cells(given: Iterable[tuple[str, str]], bids: Iterable[Contender], items: Iterable[Item]) -> int:
    return len({(c.bid, item.code) for c in bids for item in items} - set(given))


def digest(sheet: Sheet, given: dict[tuple[str, str], Mark], bids: Iterable[Contender]) -> str:
    """What the member signs and the leaf holds: every score and reason and every price, salted, since scores can be guessed.

    Scores are written without trailing zeros, so that a database that pads them gives the same digest.
    """
    lines = [[bid, item, f"{Decimal(str(mark.score)).normalize():f}", mark.reason] for (bid, item), mark in sorted(given.items())]
    prices = [[c.bid, c.amount or 0] for c in sorted(bids, key=lambda c: c.bid)]
    return salted(sheet.row_salt, {"version": sheet.version, "marks": lines, "prices": prices})


def by_bid(given: dict[tuple[str, str], Mark]) -> dict[str, dict[str, Decimal]]:
    """bid → item → score, as the pure rules take it."""
    found: dict[str, dict[str, Decimal]] = {}
    for (bid, item), mark in given.items():
        found.setdefault(bid, {})[item] = Decimal(str(mark.score))
    return found
