"""Bidders whom score and price leave equal: the document's rule first, else a draw that anybody can repeat.

The draw is tdraw/v1 with two contributions: the centre's, promised in evaluation.prepare before any bid was known, and
the committee's, which is the hash of the digests of all sheets handed in. Neither side can aim: the centre had promised
before there were sheets, the members never see the centre's bytes.
"""
from typing import Any

from pydantic import Field
from sqlalchemy import select

from evaluation.bids import frozen_scheme
from evaluation.desk import act, hold, members
from evaluation.prepare import tie_share
from evaluation.records import Session, TieDraw, Total
from evaluation.rules.tie import CENTRE, COMMITTEE, committee_share, drawn_order
from evaluation.sheets import current
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Text


class BreakTie(Cmd):
    """order: the buyer's order, entered by the chair, where the document leaves it to the buyer; empty in a draw."""

    project: str = Field(max_length=32)
    lot: str = Field(max_length=32)
    rank: int = Field(ge=1, le=10_000)
    order: tuple[str, ...] = Field(default=(), max_length=200)


@command("evaluation.break_tie", opens="announced")
def break_tie(work: Work, cmd: BreakTie) -> tuple[str, ...]:
    """Guards: tie_real, rule_of_document_used. Returns the bids of the tie in their order."""
    project, room = hold(work, cmd.project)
    scheme, _ = frozen_scheme(work.session, project)
    tied = {t.bid: t for t in work.session.scalars(select(Total).where(
        Total.session == room.id, Total.lot == cmd.lot, Total.rank == cmd.rank, Total.tie == "open").with_for_update())}
    act(work, project, room, tie=tied, tie_rule=scheme.tie, by_system=work.actor.kind == "system")
    if scheme.tie == "draw":
        order, entered = _draw(work, room.id, cmd, tuple(sorted(tied)), _sheet_digests(work, room))
    else:
        order, entered = cmd.order, {"rule": "buyer"}
        if sorted(order) != sorted(tied):
            raise Malformed("order", Text("须列出并列的全部投标人", "Name exactly the bidders that are tied"))
    for place, bid in enumerate(order):
        tied[bid].rank, tied[bid].tie = cmd.rank + place, "drawn" if scheme.tie == "draw" else "buyer"
    work.enter(project.id, lot=cmd.lot, rank=cmd.rank, order=order, **entered)
    return order


def _sheet_digests(work: Work, room: Session) -> list[str]:
    sheets = [current(work.session, m) for m in members(work.session, room)]
    return sorted(s.digest for s in sheets if s is not None)


def _draw(work: Work, session_id: str, cmd: BreakTie, bids: tuple[str, ...], digests: list[str]) -> tuple[tuple[str, ...], dict[str, Any]]:
    name = f"{session_id}/{cmd.lot}/{cmd.rank}"
    shares = {CENTRE: tie_share(work.centre, session_id), COMMITTEE: committee_share(digests)}
    seed, order = drawn_order(name, bids, shares)
    shown = {party: share.hex() for party, share in shares.items()}
    row = work.session.scalar(select(TieDraw).where(TieDraw.session == session_id, TieDraw.lot == cmd.lot, TieDraw.rank == cmd.rank))
    if row is None:
        row = work.keep(TieDraw(session=session_id, lot=cmd.lot, rank=cmd.rank))
    row.contributions, row.seed, row.order, row.at = shown, seed, list(order), work.moment
    return order, {"seed": seed, "shares": shown}
