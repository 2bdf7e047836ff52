"""A handed-in sheet goes back on one of four grounds only, to its seats only, for the named items only."""
from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, clause, hold, members, signatures
from evaluation.records import Flag, Mark, Sheet
from evaluation.sheets import current, marks
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, NotYours, Text


class ReturnSheet(Cmd):
    """ground: a code of scoring.return_grounds · items: codes that may be scored anew."""

    project: str = Field(max_length=32)
    seats: tuple[str, ...] = Field(min_length=1, max_length=26)
    items: tuple[str, ...] = Field(min_length=1, max_length=200)
    ground: str = Field(max_length=32)


@command("evaluation.return_sheet", opens="never", signed=True)
def return_sheet(work: Work, cmd: ReturnSheet) -> list[Sheet]:
    """Guards: return_ground_listed, report_not_signed. The old version is kept beside the new one."""
    project, room = hold(work, cmd.project)
    seated = {m.seat: m for m in members(work.session, room)}
    if not set(cmd.seats) <= set(seated):
        raise Malformed("seats", Text("没有该席位", "There is no such seat"))
    act(work, project, room, ground=cmd.ground, grounds=clause(project, "scoring.return_grounds", work.moment), signatures=signatures(work.session, room))
    fresh, digests = [], []
    for seat in sorted(set(cmd.seats)):
        old = current(work.session, seated[seat], lock=True)
        if old is None:
            raise NotYours
        old.state = "returned"
        digests.append([seat, old.digest])
        sheet = work.keep(Sheet(session=room.id, member=seated[seat].id, version=old.version + 1, state="draft", open_items=sorted(set(cmd.items))))
        work.session.flush()
        for (bid, item), mark in marks(work.session, old).items():
            work.keep(Mark(sheet=sheet.id, bid=bid, item=item, score=mark.score, reason=mark.reason))
        for flag in work.session.scalars(select(Flag).where(Flag.sheet == old.id, Flag.settled.is_(None))):
            flag.settled = work.moment
        fresh.append(sheet)
    work.enter(project.id, seats=digests, ground=cmd.ground)
    return fresh
