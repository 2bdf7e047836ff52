"""Organisations for tests, made by the acts of production in a rehearsal centre."""

import io
from dataclasses import replace

from nacl.signing import SigningKey
from sqlalchemy import func, select

from kernel.centre import Centre
from kernel.codes import credit_check
from kernel.command import PUBLIC, Actor
from kernel.identity.records import Person
from kernel.identity.sign_up import SignUp, sign_up
from kernel.reactions import run_reactions
from tests.world import staff
from trading.subjects import reactions  # noqa: F401  registers the draws
from trading.subjects.certify_key import CertifyKey, certify_key
from trading.subjects.desk import SLOTS, assignee
from trading.subjects.enter import Enter, enter
from trading.subjects.papers import receive
from trading.subjects.records import Subject
from trading.subjects.review_first import ReviewFirst, review_first
from trading.subjects.review_second import ReviewSecond, review_second
from trading.subjects.rules import key_bytes
from trading.subjects.submit import Submit, submit

PDF = b"%PDF-1.7\nexample\n%%EOF\n"


def code(number: int) -> str:
    """A credit code whose check digit fits."""
    first = f"91110105MA{number:07d}"
    return first + credit_check(first)


def newcomer(centre: Centre, email: str = "one@example.com") -> Actor:
    """A registered person without an organisation."""
    sign_up(centre, PUBLIC, SignUp(name="示例经办", email=email))
    with centre.reading() as session:
        return Actor("person", session.scalar(select(Person.id).where(Person.login == email)) or "")


def entered(centre: Centre, number: int = 1, kinds: tuple[str, ...] = ("supplier",)) -> Actor:
    """An organisation entered by a new person, without papers."""
    actor = newcomer(centre, f"clerk{number}@example.com")
    cmd = Enter(
        code=code(number),
        name=f"示例单位{number}",
        kinds=kinds,
        email=f"office{number}@example.com",
        phone="01012345678",
        contact="张三",
        legal_person="李四",
        address="示例路 1 号",
        region="110105",
        terms=True,
    )
    return replace(actor, org=enter(centre, actor, cmd).id)


def with_papers(centre: Centre, number: int = 1, kinds: tuple[str, ...] = ("supplier",)) -> Actor:
    actor = entered(centre, number, kinds)
    for kind in ("licence", "authorisation"):
        receive(centre, actor, actor.org or "", kind, io.BytesIO(PDF + kind.encode()))
    return actor


def reviewers(centre: Centre) -> None:
    """One reviewer of each slot, unless they are there."""
    from kernel.identity.records import Grant

    with centre.reading() as session:
        there = set(session.scalars(select(Grant.role).where(Grant.role.in_(["reviewer1", "reviewer2"]))))
    for role in sorted({"reviewer1", "reviewer2"} - there):
        staff(centre, role)


def submitted(centre: Centre, number: int = 1, kinds: tuple[str, ...] = ("supplier",)) -> Actor:
    """An organisation whose file waits for its first review, drawn."""
    reviewers(centre)
    actor = with_papers(centre, number, kinds)
    submit(centre, actor, Submit(subject=actor.org or ""))
    drain(centre)
    return actor


def drain(centre: Centre) -> None:
    while run_reactions(centre):
        pass


def drawn(centre: Centre, org: str | None) -> Actor:
    """Whoever was drawn for the review that is due."""
    with centre.reading() as session:
        subject = session.get_one(Subject, org)
        row = assignee(session, subject, SLOTS[subject.stage])
        assert row is not None, "nobody is drawn"
        return Actor("person", row.person)


def admit(centre: Centre, org: str | None) -> None:
    """Both reviews of a submitted file."""
    with centre.reading() as session:
        round = session.scalar(select(Subject.round).where(Subject.id == org)) or 0
    review_first(centre, drawn(centre, org), ReviewFirst(subject=org or "", round=round))
    drain(centre)
    review_second(centre, drawn(centre, org), ReviewSecond(subject=org or "", round=round))
    drain(centre)


def admitted(centre: Centre, number: int = 1, kinds: tuple[str, ...] = ("supplier",)) -> Actor:
    """An admitted organisation and the manager who acts for it."""
    actor = submitted(centre, number, kinds)
    admit(centre, actor.org)
    return actor


def certify(centre: Centre, actor: Actor, seed: bytes) -> None:
    """A signing key for the actor, certified."""
    key = SigningKey(seed)
    proof = key.sign(key_bytes(centre.origin, actor.org or "", actor.id)).signature
    certify_key(centre, actor, CertifyKey(subject=actor.org or "", public=key.verify_key.encode().hex(), proof=proof.hex()))


def count(centre: Centre, table: type) -> int:
    with centre.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
