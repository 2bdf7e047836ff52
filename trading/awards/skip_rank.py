"""The buyer passes over the candidate that won, on a listed ground and with proof; the next in order takes its place."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused, Text
from kernel.seconds import seconded
from trading.awards.records import Award, Skip
from trading.awards.steps import candidates_by_lot, first_of, ground_clause, skipped
from trading.bids.records import Bid
from trading.desk import hold, move


class SkipRank(Cmd):
    """evidence: digest (hex) of the proof, empty where there is none."""

    project: str = Field(max_length=32)
    lot: str = Field(max_length=32)
    ground: str = Field(max_length=24)
    evidence: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


@command("trading.awards.skip_rank", opens="announced", signed=True)
def skip_rank(work: Work, cmd: SkipRank) -> Award:
    """Guards: skip_ground_listed, evidence_attached, second_person_confirms; in_order_of_candidates where nobody is left."""
    project = hold(work, cmd.project)
    award = work.session.scalar(select(Award).where(Award.project == project.id, Award.lot == cmd.lot))
    if award is None:
        raise NotYours
    grounds = "grounds.skip" if project.field == "works" else "grounds.skip.procurement"
    move(work, project, ground=cmd.ground, evidence=cmd.evidence, clause=ground_clause(project, grounds))
    gone = skipped(work.session, project.id) | {(award.lot, award.rank)}
    following = first_of(candidates_by_lot(work.session, project.id)[award.lot], gone)
    if following is None:
        raise Refused(Reason("in_order_of_candidates", Text("没有后续候选人", "no candidate is left")))
    if seconded(work, f"{project.id}/{cmd.lot}", cmd) is None:
        work.enter(project.id, step=1, ground=cmd.ground, lot=cmd.lot)
        return award
    work.keep(Skip(project=project.id, lot=award.lot, rank=award.rank, ground=cmd.ground, evidence=cmd.evidence, at=work.moment))
    award.bid, award.amount, award.rank, award.at = following.bid, following.amount, following.rank, work.moment
    award.org, award.deemed = work.session.get_one(Bid, following.bid).org, 0
    work.enter(project.id, ground=cmd.ground, lot=cmd.lot, rank=award.rank)
    return award
