"""The committee recommends, in the order of the totals, at most three candidates of a lot; the report is set."""
from pydantic import Field
from sqlalchemy import func, select

from evaluation.desk import act, clause, hold, members, yes_votes
from evaluation.records import Flag, Recommendation, Session, Total
from evaluation.report import write
from kernel.canonical import salted
from kernel.command import Cmd, Work, command


class OfLot(Cmd):
    """bids: ids in the order recommended."""

    lot: str = Field(max_length=32)
    bids: tuple[str, ...] = Field(max_length=20)


class Recommend(Cmd):
    project: str = Field(max_length=32)
    lots: tuple[OfLot, ...] = Field(min_length=1, max_length=200)


@command("evaluation.recommend", opens="works.publicity procurement.announced", signed=True)
def recommend(work: Work, cmd: Recommend) -> Session:
    """Guards: flags_settled, candidates_at_most_three, ranked_by_totals, majority_reached."""
    project, room = hold(work, cmd.project)
    sitting = members(work.session, room)
    chosen = {of.lot: of.bids for of in cmd.lots}
    open_flags = work.session.scalar(select(func.count()).select_from(Flag).where(Flag.session == room.id, Flag.settled.is_(None)))
    act(
        work, project, room, open_flags=open_flags, chosen=chosen, ranked=computed(work, room), most=clause(project, f"{project.field}.candidates_at_most", work.moment),
        yes=yes_votes(work, room, cmd), members=sitting,
    )
    for lot, bids in chosen.items():
        for rank, bid in enumerate(bids, 1):
            work.keep(Recommendation(session=room.id, lot=lot, rank=rank, bid=bid))
    room.signing_at = work.moment
    write(work, project, room, sitting)
    candidates = salted(room.row_salt, [[lot, list(bids)] for lot, bids in sorted(chosen.items())])
    work.enter(project.id, candidates=candidates, report=room.report_digest)
    return room


def computed(work: Work, room: Session) -> dict[str, tuple[str, ...] | None]:
    """lot → bids by rank; None while a tie is open there."""
    ranked: dict[str, list[Total]] = {}
    for total in work.session.scalars(select(Total).where(Total.session == room.id, Total.rank > 0).order_by(Total.lot, Total.rank)):
        ranked.setdefault(total.lot, []).append(total)
    return {lot: None if any(t.tie == "open" for t in rows) else tuple(t.bid for t in rows) for lot, rows in ranked.items()}
