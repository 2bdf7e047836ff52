"""The last sheet is in: the system adds up, ranks, and asks about figures that stand out. Nobody types a total."""
from collections.abc import Iterable
from decimal import Decimal

from pydantic import Field
from sqlalchemy import select

from evaluation.bids import Contender, contenders, deductions, frozen_scheme, inadmissible, shut, valid
from evaluation.desk import act, clause, hold, members
from evaluation.records import Flag, Session, Sheet, Total
from evaluation.rules.outcome import Line
from evaluation.rules.outcome import compute as outcome
from evaluation.rules.outliers import outliers
from evaluation.rules.scheme import OBJECTIVE, Item, Scheme
from evaluation.rules.totals import unequal_objective
from evaluation.sheets import by_bid, current, marks, scored_items
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from trading.opening.records import Coefficient
from trading.projects.records import Project

Sheets = dict[str, dict[str, dict[str, Decimal]]]


class Compute(Cmd):
    project: str = Field(max_length=32)


@command("evaluation.compute", opens="announced")
def compute(work: Work, cmd: Compute) -> list[Total]:
    """Guards: all_sheets_in, prices_read_out, prices_admissible, benchmark_fixed, unmasked. May run again after a return; then totals are overwritten."""
    project, room = hold(work, cmd.project)
    scheme, _ = frozen_scheme(work.session, project)
    bids = valid(work.session, project)
    sheets = {m.seat: current(work.session, m) for m in members(work.session, room)}
    drawn = work.session.scalar(select(Coefficient.value).where(Coefficient.project == project.id)) or ""
    due = scheme.benchmark is not None and scheme.benchmark.drawn != "none"
    act(
        work, project, room, sheets_out=sum(s is None or s.state != "handed_in" for s in sheets.values()),
        shut=shut(work.session, project), inadmissible=len(inadmissible(project, bids)),
        coefficient_due=due, coefficient=drawn, dark=False,
    )
    items = scored_items(project, scheme)
    given = {seat: by_bid(marks(work.session, sheet)) for seat, sheet in sheets.items() if sheet is not None}
    known = {t.bid: t for t in work.session.scalars(select(Total).where(Total.session == room.id))}
    rejected = tuple(c for c in contenders(work.session, project) if c.bid in known and c.bid not in {b.bid for b in bids})
    totals = []
    for lot in sorted({c.lot for c in bids}):
        lines = lot_lines(project, scheme, [c for c in bids if c.lot == lot], [c for c in rejected if c.lot == lot], given, Decimal(drawn) if due else None)
        totals += [keep(work, room, lot, line, known.get(line.bid)) for line in lines]
    for gone in rejected:
        known[gone.bid].rank, known[gone.bid].tie = 0, ""
    raise_flags(work, room, project, items, given, {seat: s for seat, s in sheets.items() if s is not None}, {c.bid for c in bids})
    room.totals_digest = salted(room.row_salt, [[t.lot, t.bid, t.rank, t.evaluated if t.total is None else str(t.total)] for t in totals])
    work.enter(project.id, totals=room.totals_digest, sheets=sorted(s.digest for s in sheets.values() if s is not None))
    return totals


def lot_lines(
    project: Project, scheme: Scheme, bids: list[Contender], rejected: list[Contender], given: Sheets, drawn: Decimal | None,
) -> tuple[Line, ...]:
    """A bid rejected after the totals still shapes a benchmark that was fixed with it, and has no line."""
    amounts = {c.bid: c.amount for c in (*bids, *rejected) if c.amount is not None}
    return outcome(
        scheme, project.evaluation, amounts, given, deductions(project, bids), project.ceiling, drawn, [c.bid for c in rejected])


def keep(work: Work, room: Session, lot: str, line: Line, row: Total | None) -> Total:
    if row is None:
        row = work.keep(Total(session=room.id, lot=lot, bid=line.bid))
    row.amount, row.evaluated, row.rank = line.amount, str(line.evaluated), line.rank
    row.technical, row.commercial, row.price, row.total = line.technical, line.commercial, line.price, line.total
    row.tie = "open" if line.tied else ""
    return row


def raise_flags(
    work: Work, room: Session, project: Project, items: tuple[Item, ...], given: Sheets, sheets: dict[str, Sheet], bids: set[str],
) -> None:
    """Flags of the current sheets; one that no longer holds is settled by the figures themselves."""
    inside = {seat: {bid: row for bid, row in by.items() if bid in bids} for seat, by in given.items()}
    objective = [item.code for item in items if item.kind == OBJECTIVE]
    found: dict[tuple[str, str, str, str], tuple[Decimal, Decimal]] = {}
    for bid, item in unequal_objective(inside, objective):
        for seat, by in inside.items():
            others = [other[bid][item] for name, other in inside.items() if name != seat]
            found[sheets[seat].id, bid, item, "objective_differs"] = by[bid][item], mean(others)
    scales = {item.code: item.scale for item in items if item.code not in objective}
    for flag in outliers(inside, scales, clause(project, "scoring.outlier_share", work.moment).value):
        found[sheets[flag.member].id, flag.bidder, flag.item, "outlier"] = flag.score, flag.others
    known = {(f.sheet, f.bid, f.item, f.rule): f for f in work.session.scalars(select(Flag).where(Flag.session == room.id))}
    for key, (score, rest) in found.items():
        if key not in known:
            sheet, bid, item, rule = key
            work.keep(Flag(session=room.id, sheet=sheet, bid=bid, item=item, rule=rule, score=score, others=rest))
    for key, row in known.items():
        if key not in found and row.settled is None:
            row.settled = work.moment


def mean(scores: Iterable[Decimal]) -> Decimal:
    values = list(scores)
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.0001")) if values else Decimal(0)
