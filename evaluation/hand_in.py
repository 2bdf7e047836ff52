"""A member signs his sheet and gives it away; from then on only one of four grounds brings it back (87号令 第六十四条)."""
from decimal import Decimal

from pydantic import Field

from evaluation.bids import frozen_scheme, valid
from evaluation.desk import act, hold, own
from evaluation.records import Sheet
from evaluation.rules.scheme import OBJECTIVE
from evaluation.sheets import current, digest, marks, open_cells, scored_items
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale


class HandIn(Cmd):
    """content: digest of the sheet as the member read it; the signature covers it. Where price alone decides, it covers the prices."""

    project: str = Field(max_length=32)
    sheet: str = Field(max_length=32)
    content: str = Field(pattern=r"^[0-9a-f]{64}$")
    objective_confirmed: bool = False


@command("evaluation.hand_in", opens="never", signed=True)
def hand_in(work: Work, cmd: HandIn) -> Sheet:
    """Guards: own_sheet, sheet_open, sheet_complete, item_in_range, objective_items_confirmed. Stale when the sheet is no longer what was read."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    sheet = current(work.session, member, lock=True)
    if sheet is None:
        raise NotYours
    bids = valid(work.session, project)
    scheme, _ = frozen_scheme(work.session, project)
    items = scored_items(project, scheme)
    inside = {c.bid for c in bids}
    given = {cell: mark for cell, mark in marks(work.session, sheet).items() if cell[0] in inside}
    act(
        work, project, room, own=sheet.id == cmd.sheet, sheet_state=sheet.state, open_cells=open_cells(given, bids, items),
        items={item.code: item for item in items}, marks=[(bid, item, Decimal(str(m.score))) for (bid, item), m in sorted(given.items())],
        has_objective=any(item.kind == OBJECTIVE for item in items), objective_confirmed=cmd.objective_confirmed,
    )
    content = digest(sheet, given, bids)
    if content != cmd.content:
        raise Stale
    sheet.state, sheet.digest, sheet.handed_in = "handed_in", content, work.moment
    work.enter(project.id, seat=member.seat, sheet=content, version=sheet.version)
    return sheet
