"""A witness outside the house is enrolled: it proves its key by cosigning, two auditors say yes."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity.reads import roles
from kernel.ledger.entries import Entry, Witness
from kernel.ledger.note import BadNote, Verifier
from kernel.seconds import seconded


class EnrolWitness(Cmd):
    """vkey: C2SP cosigner key, kind 0x04 · url: its add-checkpoint address."""

    vkey: str = Field(max_length=200)
    name: str = Field(min_length=2, max_length=100)
    url: str = Field(default="", max_length=200)


@command("kernel.ledger.enrol_witness", signed=True)
def enrol_witness(work: Work, cmd: EnrolWitness) -> Entry:
    """Guards: possession_proved (form of the key), witness_outside, second_person_confirms (in a real centre)."""
    if "auditor" not in roles(work.session, work.actor, work.moment) and work.actor.kind != "system":
        raise NotYours
    work.role = "auditor" if work.actor.kind != "system" else "system"
    try:
        key = Verifier.parse(cmd.vkey)
    except BadNote as error:
        raise Refused(Reason("possession_proved")) from error
    if key.kind != 4 or key.name.startswith(work.centre.origin.split("/")[0]):
        raise Refused(Reason("witness_outside"))
    if work.actor.kind != "system" and seconded(work, key.name[:64], cmd) is None:
        return work.enter(key.name[:64], step=1)
    work.session.merge(Witness(vkey=cmd.vkey, name=cmd.name, url=cmd.url))
    return work.enter(key.name[:64], vkey=cmd.vkey)
