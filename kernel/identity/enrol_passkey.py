"""A passkey is enrolled: the first by an invitation, further ones by its logged-in owner. Two to four a person."""

from pydantic import Field

from kernel.command import Actor, Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity import invitations, passkeys
from kernel.identity.records import Passkey


class EnrolPasskey(Cmd):
    """token: of the invitation, empty for a logged-in person · nonce, answer: of passkeys.registration_options."""

    token: str = Field(default="", max_length=80)
    nonce: str = Field(max_length=64)
    answer: str = Field(max_length=20_000)
    label: str = Field(default="", max_length=60)


@command("kernel.identity.enrol_passkey", opens="never")
def enrol_passkey(work: Work, cmd: EnrolPasskey) -> Passkey:
    """Guards: invited, two_keys_at_most_four, user_verified."""
    work.role = "public"
    if cmd.token:
        work.actor = Actor("person", invitations.spend(work, cmd.token).id)
    elif work.actor.kind != "person":
        raise NotYours
    key = passkeys.enrolled(work.centre, work.session, work.actor.id, cmd.nonce, cmd.answer, cmd.label, work.moment)
    work.keep(key)
    work.enter(work.actor.id)
    return key
