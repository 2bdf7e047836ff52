"""People with ways to log in, for tests: invited, registered, with a software passkey or an authenticator app."""

import pyotp
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.identity import door, passkeys, sessions, totp
from kernel.identity.enrol_passkey import EnrolPasskey, enrol_passkey
from kernel.identity.enrol_secret import EnrolSecret
from kernel.identity.invite import Invite, invite
from kernel.identity.log_in import LogIn
from kernel.identity.sign_up import SignUp
from kernel.messages import Message
from tests.world import login
from tests.worlds.authenticator import Authenticator

EMAIL, PASSWORD = "a.supplier@example.com", "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).generate_otp(totp.system_ms() // totp.STEP_MS + steps)


def link_of(centre: Centre, email: str) -> str:
    with centre.reading() as session:
        links = session.scalars(
            select(Message.link).where(Message.address == email, Message.link.startswith("/join/")).order_by(Message.created, Message.id)
        )
        return links.all()[-1].removeprefix("/join/")


def registered(centre: Centre, email: str = EMAIL) -> str:
    """A person known by e-mail with a fresh invitation; its token."""
    door.register(centre, SignUp(name="示例经办", email=email))
    return link_of(centre, email)


def supplier(centre: Centre) -> Actor:
    """A person with password and authenticator. The next free code is code(+1)."""
    token = registered(centre)
    door.set_secret(centre, PUBLIC, EnrolSecret(token=token, totp=SECRET, code=code(0)), PASSWORD)
    return login(centre, EMAIL)


def with_key(centre: Centre, person: str, token: str = "", **kind: object) -> Authenticator:
    """Enrols a software passkey; by the token, or as the person logged in."""
    key = Authenticator(**kind)
    challenge = passkeys.registration_options(centre, person)
    cmd = EnrolPasskey(token=token, nonce=challenge.nonce, answer=key.create(challenge.options))
    enrol_passkey(centre, PUBLIC if token else Actor("person", person), cmd)
    return key


def invited(centre: Centre, name: str = "registrar1") -> tuple[str, str]:
    made = invite(centre, SYSTEM, Invite(person=login(centre, name).id))
    return made.person, made.token


def by_key(centre: Centre, key: Authenticator, **more: str) -> sessions.Opened:
    challenge = passkeys.authentication_options(centre)
    return door.come_in(centre, LogIn(kind="passkey", nonce=challenge.nonce, answer=key.get(challenge.options), **more))


def seen(centre: Centre, opened: sessions.Opened) -> sessions.SessionView | None:
    with centre.reading() as session:
        return sessions.find(session, opened.token, centre.now())
