"""Two registrars enrol the program of a bank that keeps deposit accounts. House act: the catalogue names the bank, not its enrolment."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity.programs import Program, possesses, possession, register
from kernel.identity.reads import roles
from kernel.seconds import seconded
from kernel.values import new_id


class EnrolBank(Cmd):
    """key: hex Ed25519 · proof: the key's signature over origin, kind and name (kernel.identity.programs)."""

    name: str = Field(min_length=1, max_length=80)
    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    proof: str = Field(pattern=r"^[0-9a-f]{128}$")


@command("trading.bids.enrol_bank", opens="now", signed=True)
def enrol_bank(work: Work, cmd: EnrolBank) -> Program | None:
    """None after the first of the two voices. Guards: possession_proved, key_not_used_before, second_person_confirms."""
    if "registrar" not in roles(work.session, work.actor, work.moment):
        raise NotYours
    work.role = "registrar"
    if not possesses(cmd.key, work.centre.origin, "bank", cmd.name, cmd.proof):
        raise Refused(Reason("possession_proved"))
    if work.session.scalar(select(Program.id).where(Program.key == cmd.key)):
        raise Refused(Reason("key_not_used_before"))
    if seconded(work, cmd.key, cmd) is None:
        work.enter(cmd.key, step=1, key=cmd.key)
        return None
    program = register(work, new_id(), "bank", cmd.name, cmd.key)
    work.enter(program.id, key=cmd.key)
    return program


def enrolment(seed: bytes, key: str, origin: str, name: str) -> EnrolBank:
    """The command as the bank's own program prepares it."""
    return EnrolBank(name=name, key=key, proof=possession(seed, origin, "bank", name))
