"""A role is granted to a person: two registrars, never to oneself, never a pair that may not meet, never to whoever acts
for an organisation (the other way round: trading.subjects.desk.not_staff)."""
from pydantic import Field
from sqlalchemy import select

from kernel.asks import organisation_of
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Refused, Text
from kernel.identity.reads import roles
from kernel.identity.records import Grant, Person
from kernel.ledger.entries import Entry
from kernel.seconds import seconded
from law.separation import conflicts


class GrantRole(Cmd):
    """scope: works, procurement or land for a regulator; a zone for a guard; empty for the whole centre."""

    person: str
    role: str = Field(pattern=r"^[a-z_0-9]{3,32}$")
    scope: str = Field(default="", max_length=32)


@command("kernel.identity.grant_role", opens="never", signed=True)
def grant_role(work: Work, cmd: GrantRole) -> Entry:
    """Guards: separation_kept, second_person_confirms, not_to_oneself."""
    held = roles(work.session, work.actor, work.moment)
    work.role = next((r for r in ("registrar", "sysadmin") if r in held), "")
    person = work.session.get(Person, cmd.person)
    if not work.role or person is None:
        raise NotYours
    if cmd.person == work.actor.id:
        raise Refused(Reason("not_to_oneself"))
    if organisation_of(work.session, cmd.person):
        raise Refused(Reason("separation_kept", Text("为交易主体办理业务", "acts for an organisation that trades here"), values={"pair": f"supplier × {cmd.role}"}))
    already = {(role, scope) for role, scope in work.session.execute(select(Grant.role, Grant.scope).where(Grant.person == cmd.person, Grant.until.is_(None)))}
    # Pairs that clash only in one tender or file carry different places here; acting checks them (trading.desk).
    pairs = conflicts({(role, f"as {role}") for role, _ in already}, (cmd.role, "granted"))
    if pairs:
        pair = f"{pairs[0].left} × {pairs[0].right}"
        raise Refused(Reason("separation_kept", Text(f"已任 {pair}", f"already {pair}"), values={"pair": pair}))
    if seconded(work, cmd.person, cmd) is None:
        return work.enter(cmd.person, step=1, role=cmd.role)
    if (cmd.role, cmd.scope) not in already:
        work.keep(Grant(person=cmd.person, role=cmd.role, scope=cmd.scope, since=work.moment, granted_by=work.actor.id))
    return work.enter(cmd.person, role=cmd.role)
