"""Password and authenticator app of a supplier; for staff only the app, which brings lost keys back."""

from pydantic import Field

from kernel.command import Actor, Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity import invitations, totp
from kernel.identity.records import Credential
from kernel.identity.sessions import is_staff


class EnrolSecret(Cmd):
    """totp: the secret shown to its owner (base32) · code: its present code · old_code: of the app it replaces."""

    token: str = Field(default="", max_length=80)
    totp: str = Field(pattern="^[A-Z2-7]{32}$")
    code: str = Field(pattern=r"^\d{6}$")
    old_code: str = Field(default="", max_length=6)


@command("kernel.identity.enrol_secret", opens="never")
def enrol_secret(work: Work, cmd: EnrolSecret, password_hash: str = "") -> None:
    """Guards: invited, totp_good. password_hash comes from `door.set_secret`; staff keep none."""
    work.role = "public"
    if cmd.token:
        work.actor = Actor("person", invitations.spend(work, cmd.token).id)
    elif work.actor.kind != "person":
        raise NotYours
    credential = work.session.get(Credential, work.actor.id, with_for_update=True)
    if credential is None:
        credential = Credential(person=work.actor.id, password="", totp="", totp_counter=0, held_until=0)
        work.session.add(credential)
    if credential.totp and not totp.spend(work.centre, work.session, credential, cmd.old_code):
        raise Refused(Reason("totp_good"))
    step = totp.fits(cmd.totp, cmd.code)
    if step is None:
        raise Refused(Reason("totp_good"))
    credential.totp, credential.totp_counter = totp.sealed(work.centre, cmd.totp), step
    if password_hash and not is_staff(work.session, work.actor.id, work.moment):
        credential.password = password_hash
    work.enter(work.actor.id)
