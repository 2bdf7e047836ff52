"""A person without an organisation registers with an e-mail address; the link that goes there enrols key or password.

The act looks the same whether or not the address is known: who already has an account gets a mail that says so.
"""

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Text
from kernel.identity import invitations
from kernel.identity.records import Credential, Passkey, Person
from kernel.messages import send
from kernel.values import new_id


class SignUp(Cmd):
    """email is the log-in name too."""

    name: str = Field(min_length=1, max_length=80)
    email: str = Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,90}\.[^@\s.]{2,}$", max_length=80)
    language: str = Field(default="zh", pattern="^(zh|en)$")


@command("kernel.identity.sign_up", opens="never")
def sign_up(work: Work, cmd: SignUp) -> None:
    """Effects: a new person with an invitation, or one mail to the owner of the account that exists."""
    if work.actor.kind != "public":
        raise NotYours
    work.role = "public"
    email = cmd.email.lower()
    person = work.session.scalar(select(Person).where(Person.login == email))
    if person is None:
        person = invitations.newcomer(work, email, cmd.name.strip(), email, cmd.language)
    if has_means(work, person):
        send(
            work.session,
            f"signup/{new_id()}",
            person.id,
            work.moment,
            Text("您已有账户", "You have an account already"),
            Text(
                "有人用此邮箱申请注册。您已有账户，请直接登录；如密钥遗失，请走找回入口。若非本人操作，可不理会。",
                "Somebody asked to register with this address. You have an account: log in, or use recovery if your keys are lost. "
                "If it was not you, do nothing.",
            ),
            link="/sign-in",
            channel="mail",
            address=person.email,
        )
    else:
        invitations.invite(work, person)
    work.enter("sign_up")


def has_means(work: Work, person: Person) -> bool:
    """Can this person log in already, with a key or a password?"""
    password = work.session.scalar(select(Credential.password).where(Credential.person == person.id))
    return bool(password or work.session.scalar(select(Passkey.id).where(Passkey.person == person.id, Passkey.revoked.is_(None))))
