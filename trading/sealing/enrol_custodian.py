"""Two regulators enrol a custodian: its identity key stands in the ledger from now on, and bidders' clients pin it."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity.programs import possesses, possession, register
from kernel.identity.reads import roles
from kernel.seconds import seconded
from trading.sealing.records import Custodian
from trading.sealing.rules.ceremony import identity_key


class EnrolCustodian(Cmd):
    """proof: the identity key's signature that the program made at `custodian enrol` (kernel.identity.programs)."""

    name: str = Field(min_length=1, max_length=80)
    party: str = Field(pattern=r"^(centre|regulator|agent|buyer|notary|association)$")
    employer: str = Field(min_length=1, max_length=120)
    identity: str = Field(pattern=r"^[0-9a-f]{64}$")
    proof: str = Field(pattern=r"^[0-9a-f]{128}$")


@command("trading.sealing.enrol_custodian", opens="now", signed=True)
def enrol_custodian(work: Work, cmd: EnrolCustodian) -> Custodian | None:
    """None after the first of the two voices. Guards: possession_proved, key_not_used_before, second_person_confirms.

    That no k custodians of one tender share an employer is for `begin_ceremony` to see, where k is known.
    """
    if "regulator" not in roles(work.session, work.actor, work.moment):
        raise NotYours
    work.role = "regulator"
    if not possesses(cmd.identity, work.centre.origin, "custodian", cmd.name, cmd.proof):
        raise Refused(Reason("possession_proved"))
    if work.session.scalar(select(Custodian.id).where(Custodian.identity == cmd.identity)):
        raise Refused(Reason("key_not_used_before"))
    if seconded(work, cmd.identity, cmd) is None:
        work.enter(cmd.identity, step=1, key=cmd.identity)
        return None
    custodian: Custodian = work.keep(Custodian(name=cmd.name, party=cmd.party, employer=cmd.employer, identity=cmd.identity, enrolled=work.moment))
    register(work, custodian.id, "custodian", cmd.name, cmd.identity)
    work.enter(custodian.id, key=cmd.identity, party=cmd.party)
    return custodian


def enrolment(identity_seed: bytes, origin: str, name: str, party: str, employer: str) -> EnrolCustodian:
    """The command as the custodian's own program prepares it."""
    key = identity_key(identity_seed).hex()
    return EnrolCustodian(name=name, party=party, employer=employer, identity=key, proof=possession(identity_seed, origin, "custodian", name))
