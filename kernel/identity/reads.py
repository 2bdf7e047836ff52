"""Who a person is and what he may do, as other rooms need it."""
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.asks import organisation_name, organisation_of
from kernel.command import Actor
from kernel.identity.records import Credential, Grant, Passkey, Person, SigningKey


def roles(session: Session, actor: Actor, now: int, scope: str | None = None) -> set[str]:
    """Centre-wide roles in force. scope narrows regulators to their field; the system and the public are themselves."""
    held = {"public"}
    if actor.kind == "system":
        return {"system"}
    if actor.kind == "program":
        return held | set(actor.channel.split())
    if actor.kind != "person":
        return held
    query = select(Grant.role, Grant.scope).where(Grant.person == actor.id, or_(Grant.until.is_(None), Grant.until > now))
    for role, where in session.execute(query):
        if role == "regulator" and scope is not None and where not in ("", scope):
            held.add("regulator_other")
        else:
            held.add(role)
    return held


def holders(session: Session, role: str, now: int, scope: str = "") -> list[Person]:
    """Active persons holding a role, in a stable order that tells nothing (by id)."""
    query = select(Person).join(Grant, Grant.person == Person.id).where(
        Grant.role == role, Grant.scope.in_(["", scope]), or_(Grant.until.is_(None), Grant.until > now), Person.status == "active",
    ).order_by(Person.id)
    return list(session.scalars(query).unique())


def person(session: Session, id: str) -> Person | None:
    return session.get(Person, id)


@dataclass(frozen=True)
class Player:
    """A person of a rehearsal with its roles in the centre and the organisation it acts for ("" for none)."""

    person: str
    login: str
    name: str
    roles: tuple[str, ...]
    organisation: str


def cast(session: Session, now: int, size: int = 300) -> Sequence[Player]:
    """Everybody who can sign in by one click. Only a rehearsal shows it."""
    held: dict[str, list[str]] = {}
    for who, role in session.execute(select(Grant.person, Grant.role).where(or_(Grant.until.is_(None), Grant.until > now)).order_by(Grant.role)):
        held.setdefault(who, []).append(role)
    found = []
    for row in session.scalars(select(Person).where(Person.status == "active").order_by(Person.created, Person.login).limit(size)):
        org = organisation_of(session, row.id)
        found.append(Player(row.id, row.login, row.name, tuple(dict.fromkeys(held.get(row.id, ()))), organisation_name(session, org) if org else ""))
    return found


@dataclass(frozen=True)
class KeyView:
    """kind: passkey | keyfile | totp | password."""

    id: str
    kind: str
    label: str
    certified: int | None = None
    revoked: int | None = None


def own_keys(session: Session, actor: Actor) -> tuple[KeyView, ...]:
    """How the actor can sign in and sign; no secret among it."""
    keys = [KeyView(k.id, "passkey", k.label or k.credential[:8], None, k.revoked)
            for k in session.scalars(select(Passkey).where(Passkey.person == actor.id).order_by(Passkey.id))]
    keys += [KeyView(k.id, "keyfile", k.public.hex()[:16], k.certified, k.revoked)
             for k in session.scalars(select(SigningKey).where(SigningKey.person == actor.id).order_by(SigningKey.certified))]
    credential = session.get(Credential, actor.id)
    if credential and credential.totp:
        keys.append(KeyView("totp", "totp", ""))
    if credential and credential.password:
        keys.append(KeyView("password", "password", ""))
    return tuple(keys)
