"""Somebody is invited to enrol a first key: a new member of staff, or one named at the founding.

Whoever has keys already is not invited again by one registrar alone: lost keys are replaced by `recover`.
"""

from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, NotYours, Reason, Refused, Text
from kernel.identity import invitations
from kernel.identity.reads import roles
from kernel.identity.records import Person
from kernel.identity.sign_up import has_means


class Invite(Cmd):
    """person: id of somebody known; otherwise login, name and email of a new person."""

    person: str = Field(default="", max_length=32)
    login: str = Field(default="", pattern=r"^([a-z0-9._@-]{2,80})?$")
    name: str = Field(default="", max_length=80)
    email: str = Field(default="", max_length=160)
    employer: str = Field(default="", max_length=120)


@dataclass(frozen=True)
class Invited:
    """token is given to the command line only; over the web it travels by mail."""

    person: str
    token: str = ""


@command("kernel.identity.invite", opens="never")
def invite(work: Work, cmd: Invite) -> Invited:
    """By registrar or sysadmin, or on the command line. Guard: second_person_confirms for who has a key already."""
    held = roles(work.session, work.actor, work.moment)
    work.role = next((r for r in ("registrar", "sysadmin", "system") if r in held), "")
    if not work.role:
        raise NotYours
    if cmd.person:
        person = work.session.get(Person, cmd.person)
        if person is None or person.status != "active":
            raise NotYours
        if has_means(work, person):
            raise Refused(
                Reason("second_person_confirms", needed=Text("已有登录方式，请走找回流程", "There is a way to log in; use recovery"))
            )
    else:
        if not cmd.login or not cmd.name or work.session.scalar(select(Person.id).where(Person.login == cmd.login)):
            raise Malformed("login", Text("请填写未被使用的账号和姓名", "Give a free log-in name and a name"))
        person = invitations.newcomer(work, cmd.login, cmd.name, cmd.email, employer=cmd.employer)
    token = invitations.invite(work, person)
    work.enter(person.id)
    return Invited(person.id, token if work.actor.kind == "system" else "")
