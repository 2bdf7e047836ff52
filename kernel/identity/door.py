"""The door: how the web calls log-in, registration and recovery, with attempts counted and passwords hashed outside
the transaction. Errors and time tell nothing about which accounts exist.
"""

from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import PUBLIC, Actor
from kernel.errors import Malformed, Reason, Refused, Text
from kernel.identity import invitations, limits, passwords
from kernel.identity.enrol_secret import EnrolSecret, enrol_secret
from kernel.identity.log_in import LogIn, log_in
from kernel.identity.records import Credential, Person
from kernel.identity.recover import Recover, recover
from kernel.identity.sessions import Opened
from kernel.identity.sign_up import SignUp, sign_up


def come_in(centre: Centre, cmd: LogIn, password: str = "", address: str = "") -> Opened:
    """Logs in. Refused with passkey_good, not_locked or right_window_for_area. address: of the client, for counting.

    A name is counted only where it can be guessed at: a passkey cannot, so a lock never keeps its owner out.
    """
    cmd = cmd.model_copy(update={"login": cmd.login.strip().lower()})
    by_password = cmd.kind == "password"
    limits.admit(centre, cmd.login if by_password else "", address)
    checked = check_password(centre, cmd.login, password) if by_password else None
    opened = log_in(centre, PUBLIC, cmd, checked)
    if by_password:
        limits.forgive(centre, cmd.login)
    return opened


def check_password(centre: Centre, login: str, password: str) -> passwords.Checked | None:
    with centre.database.reading() as session:
        found = session.execute(
            select(Person.id, Credential.password).join(Credential, Credential.person == Person.id).where(Person.login == login)
        ).first()
    person, stored = found if found else ("", "")
    return passwords.Checked(person, stored) if passwords.right(centre.settings, stored, password) else None


def register(centre: Centre, cmd: SignUp, address: str = "") -> None:
    """Registers a person; the rest happens through the link that is mailed."""
    limits.admit(centre, f"register/{cmd.email.lower()}", address)
    sign_up(centre, PUBLIC, cmd)


def ask_recovery(centre: Centre, cmd: Recover, address: str = "") -> None:
    """The lost key's owner speaks; a registrar confirms later. Refused with totp_good or not_locked."""
    cmd = cmd.model_copy(update={"login": cmd.login.strip().lower(), "person": ""})
    limits.admit(centre, f"recover/{cmd.login}", address)
    recover(centre, PUBLIC, cmd)


def set_secret(centre: Centre, actor: Actor, cmd: EnrolSecret, password: str = "") -> None:
    """Enrols the authenticator and, for suppliers, a password. Malformed("password") when it is a weak one."""
    with centre.database.reading() as session:
        someone = invitations.invited(session, cmd.token, centre.clock.now(session)) if cmd.token else session.get(Person, actor.id)
    if someone is None:
        raise Refused(Reason("invited"))
    if cmd.token and not password:
        raise Malformed("password", Text("请设置密码", "Set a password"))
    hashed = passwords.hashed(centre.settings, password, (someone.login, someone.email, someone.name)) if password else ""
    enrol_secret(centre, actor, cmd, hashed)
