"""Buyer and winner sign the contract of a lot, each in its own act; the tender is contracted with the last signature."""
from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from trading.awards.records import Award, Contract
from trading.awards.steps import clause_of, voice
from trading.desk import enter_stage, hold
from trading.projects.records import Project


class SignContract(Cmd):
    """blob, digest: the contract's text, the same for both · amount, bond: fen. The second signs what the first gave."""

    project: str = Field(max_length=32)
    lot: str = Field(max_length=32)
    blob: str = Field(max_length=32)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    amount: int = Field(ge=0, lt=1 << 53)
    bond: int = Field(default=0, ge=0, lt=1 << 53)


@command("trading.awards.sign_contract", opens="contracted", signed=True)
def sign_contract(work: Work, cmd: SignContract) -> Contract:
    """Guards: no_open_objection_procurement, contract_like_bid, bond_within_cap; both_signed decides the move.

    Stale where this side has signed.
    """
    project = hold(work, cmd.project)
    award = work.session.scalar(select(Award).where(Award.project == project.id, Award.lot == cmd.lot))
    if award is None:
        raise NotYours
    contract = work.session.scalar(select(Contract).where(Contract.lot == cmd.lot))
    voice(
        work, project, amount=cmd.amount, award_amount=award.amount, digest=cmd.digest, bond=cmd.bond,
        agreed_digest=contract.digest if contract else "", clause=clause_of(project, "performance_bond_share"),
    )
    if work.role == "winner" and work.actor.org != award.org:
        raise NotYours
    if contract is None:
        contract = work.keep(Contract(project=project.id, lot=cmd.lot, amount=cmd.amount, digest=cmd.digest, blob=cmd.blob, bond=cmd.bond))
    side = "buyer_signed" if work.role == "buyer" else "winner_signed"
    if getattr(contract, side) is not None:
        raise Stale
    setattr(contract, side, work.moment)
    work.session.flush()
    if all_signed(work, project):
        enter_stage(project, "contracted", work.moment)
    work.enter(project.id, contract=cmd.digest, lot=cmd.lot)
    return contract


def all_signed(work: Work, project: Project) -> bool:
    awards = work.session.scalar(select(func.count()).select_from(Award).where(Award.project == project.id))
    both = Contract.buyer_signed.is_not(None) & Contract.winner_signed.is_not(None)
    return awards == work.session.scalar(select(func.count()).select_from(Contract).where(Contract.project == project.id, both))
