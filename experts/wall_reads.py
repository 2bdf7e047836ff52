"""A draw as the screen of the drawing room shows it: who contributed, in which order experts are called, how the seats fill."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.desk import contributions_of, order_of, quota
from experts.reads import DrawView, draw_view
from experts.records import Call, Draw, Seat
from kernel.command import Actor
from kernel.ledger.entries import Entry
from law.masks import pid_prefix

LINES, CALLED = 14, 10  # places shown, and how many of them at most have been called


@dataclass(frozen=True)
class Line:
    """A place in the order. category: the one for which it is or would be called · outcome: "" waiting, "calling" since `at`."""

    number: int
    pid: str
    category: str
    outcome: str
    at: int | None


@dataclass(frozen=True)
class Step:
    """What has been done and stands in the ledger. place: number there, None while it waits."""

    tag: str
    at: int
    place: int | None


@dataclass(frozen=True)
class Screen:
    """lines: the newest calls and who would be next, in their order, None where the viewer may not know it · seats: (category, taken, wanted)."""

    draw: DrawView
    lines: tuple[Line, ...] | None
    seats: tuple[tuple[str, int, int], ...]
    steps: tuple[Step, ...]


def screen(session: Session, actor: Actor, draw_id: str, now: int) -> Screen:
    """NotYours where there is no such draw or none for this viewer."""
    view = draw_view(session, actor, draw_id, now)
    draw = session.get_one(Draw, draw_id)
    lines = _lines(session, draw) if view.order is not None else None
    return Screen(view, lines, _seats(session, draw) if view.seats is not None else (), _steps(session, draw) if view.roots is not None else ())


def _lines(session: Session, draw: Draw) -> tuple[Line, ...]:
    wanted = [category for category, _ in quota(draw)]
    calls = {call.pid: call for call in session.scalars(select(Call).where(Call.draw == draw.id))}
    found = []
    for number, entry in enumerate(order_of(session, draw), 1):
        call = calls.get(entry.pid)
        category = call.category if call else next((c for c in wanted if c in entry.cats), "")
        outcome = (call.outcome or "calling") if call else ""
        found.append(Line(number, pid_prefix(entry.pid), category, outcome, call.at if call else None))
    called = sorted((line for line in found if line.outcome), key=lambda line: line.at or 0)[-CALLED:]
    reserve = [line for line in found if not line.outcome][: LINES - len(called)]
    return tuple(sorted((*called, *reserve), key=lambda line: line.number))


def _seats(session: Session, draw: Draw) -> tuple[tuple[str, int, int], ...]:
    taken = list(session.scalars(select(Seat.category).where(Seat.draw == draw.id, Seat.out.is_(None), Seat.kind == "expert")))
    return tuple((category, taken.count(category), wanted) for category, wanted in quota(draw))


def _steps(session: Session, draw: Draw) -> tuple[Step, ...]:
    commits = [given.commit_entry for given in contributions_of(session, draw).values()]
    keys = {"experts.pool": draw.pool_entry, "experts.fix_rules": draw.rules_entry, "experts.commit": commits[-1] if len(commits) == len(draw.parties) else "",
            "experts.reveal": draw.seed_entry}
    rows = {row.key: row for row in session.scalars(select(Entry).where(Entry.key.in_([key for key in keys.values() if key])))}
    return tuple(Step(tag, rows[key].moment, rows[key].position) for tag, key in keys.items() if key in rows)
