"""A member fills in his own sheet, a draft until it is handed in. The entry counts; values stand nowhere in it."""
from decimal import Decimal

from pydantic import Field

from evaluation.bids import frozen_scheme, valid
from evaluation.desk import act, hold, own
from evaluation.records import Mark, Sheet
from evaluation.sheets import current, marks, scored_items
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class Given(Cmd):
    """score: a plain decimal."""

    bid: str = Field(max_length=32)
    item: str = Field(min_length=1, max_length=40)
    score: str = Field(pattern=r"^\d{1,4}(\.\d{1,4})?$")
    reason: str = Field(default="", max_length=500)


class Score(Cmd):
    """sheet: the id of the caller's own sheet; marks: what changed since the last saving."""

    project: str = Field(max_length=32)
    sheet: str = Field(max_length=32)
    marks: tuple[Given, ...] = Field(min_length=1, max_length=400)


@command("evaluation.score", opens="never")
def score(work: Work, cmd: Score) -> Sheet:
    """Guards: own_sheet, sheet_open, item_in_range, band_reason_given. On a returned sheet only the returned items are open."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    sheet = current(work.session, member, lock=True)
    bids = {c.bid for c in valid(work.session, project)}
    if sheet is None or not {given.bid for given in cmd.marks} <= bids:
        raise NotYours
    scheme, _ = frozen_scheme(work.session, project)
    locked = sheet.open_items and not {given.item for given in cmd.marks} <= set(sheet.open_items)
    act(
        work, project, room, own=sheet.id == cmd.sheet, sheet_state="handed_in" if locked else sheet.state,
        items={item.code: item for item in scored_items(project, scheme)},
        marks=[(given.bid, given.item, Decimal(given.score)) for given in cmd.marks],
        reasoned=[(given.item, Decimal(given.score), given.reason) for given in cmd.marks],
    )
    known = marks(work.session, sheet)
    for given in cmd.marks:
        mark = known.get((given.bid, given.item))
        if mark is None:
            mark = known[given.bid, given.item] = work.keep(Mark(sheet=sheet.id, bid=given.bid, item=given.item))
        mark.score, mark.reason = Decimal(given.score), given.reason.strip()
    work.enter(project.id, seat=member.seat, count=len(known))
    return sheet
