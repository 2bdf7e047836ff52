"""Somebody logs in: by passkey; a supplier also by password and authenticator code; one click in a rehearsal.

Every failure has one sentence, so that nobody learns which accounts exist. The web comes through `door.come_in`.
"""

import hashlib

from pydantic import Field
from sqlalchemy import select

from kernel.command import Actor, Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.identity import passkeys, sessions, totp
from kernel.identity.asks import area_window
from kernel.identity.passwords import Checked
from kernel.identity.records import Credential, KnownDevice, Person


class LogIn(Cmd):
    """kind passkey: nonce and answer · password: login and code · rehearsal: login.

    device: long-lived random cookie of the browser, empty when it has none · channel: "area" on a terminal there.
    """

    kind: str = Field(pattern="^(passkey|password|rehearsal)$")
    login: str = Field(default="", max_length=80)
    nonce: str = Field(default="", max_length=64)
    answer: str = Field(default="", max_length=20_000)
    code: str = Field(default="", max_length=6)
    device: str = Field(default="", max_length=80)
    channel: str = Field(default="", pattern="^(area)?$")


@command("kernel.identity.log_in", opens="never")
def log_in(work: Work, cmd: LogIn, checked: Checked | None = None) -> sessions.Opened:
    """Guards: passkey_good, not_locked, right_window_for_area. checked: the password's check, made beforehand."""
    if work.actor.kind != "public":
        raise NotYours
    work.role = "public"
    person = {"passkey": _by_passkey, "password": _by_password, "rehearsal": _by_click}[cmd.kind](work, cmd, checked)
    if person is None:
        raise Refused(Reason("passkey_good"))
    if person.status != "active":
        raise Refused(Reason("not_locked"))
    if cmd.channel == "area" and not area_window(work.session, person.id, work.moment):
        raise Refused(Reason("right_window_for_area"))
    work.actor = Actor("person", person.id, channel=cmd.channel)
    new = _new_device(work, person.id, cmd.device)
    opened = sessions.create(work.session, work.centre.settings, person.id, work.moment, cmd.channel)
    work.enter(person.id, kind=cmd.kind, new=new)
    return opened


def _by_passkey(work: Work, cmd: LogIn, _: Checked | None) -> Person | None:
    return passkeys.owner(work.centre, work.session, cmd.nonce, cmd.answer, work.moment)


def _by_password(work: Work, cmd: LogIn, checked: Checked | None) -> Person | None:
    """The hash that was checked must still stand; staff have no such way in; the code is used up."""
    if checked is None:
        return None
    credential = work.session.get(Credential, checked.person, with_for_update=True)
    if credential is None or credential.password != checked.stored or sessions.is_staff(work.session, checked.person, work.moment):
        return None
    if not totp.spend(work.centre, work.session, credential, cmd.code):
        return None
    return work.session.get_one(Person, checked.person)


def _by_click(work: Work, cmd: LogIn, _: Checked | None) -> Person | None:
    if not work.centre.rehearsal:
        return None
    return work.session.scalar(select(Person).where(Person.login == cmd.login))


def _new_device(work: Work, person: str, device: str) -> bool:
    """Is this the first log-in from this browser? From now on it is known."""
    if not device:
        return True
    mark = hashlib.sha256(device.encode()).hexdigest()
    if work.session.get(KnownDevice, (person, mark)):
        return False
    work.session.add(KnownDevice(person=person, device=mark, since=work.moment))
    return True
