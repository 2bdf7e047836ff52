"""Experts enter the library from a spreadsheet: two registrars send the same file, and all of it enters or nothing."""
import hashlib
import hmac
import secrets

from pydantic import Field
from sqlalchemy import insert, select

from experts.procedure import EXPERT
from experts.records import Expert, Specialty
from experts.sheet import Fault, Row, read
from kernel.canonical import canon
from kernel.codes import mask_id
from kernel.command import Cmd, Work, command
from kernel.database import Record
from kernel.errors import Malformed, Text
from kernel.identity.reads import roles
from kernel.identity.records import Grant, Person
from kernel.machine import Facts
from kernel.seconds import seconded
from kernel.tree import leaf_hash, root
from kernel.values import new_id

SHOWN = 200  # faults named in one refusal


class Enlist(Cmd):
    """blob: key of the uploaded xlsx · digest: its SHA-256, so that both persons speak of the same file."""

    blob: str = Field(max_length=32)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


@command("experts.enlist", opens="never", signed=True)
def enlist(work: Work, cmd: Enlist) -> int | None:
    """The number of experts who entered; None after the first voice. Malformed("file") names every fault of every row.

    The entry commits to the rows by one root: a list of thousands would not fit into its row list.
    """
    work.step(EXPERT, "applied", roles(work.session, work.actor, work.moment), Facts())
    rows, faults = read(checked(work, cmd))
    if not faults:
        faults = already_known(work, rows)
    if faults:
        raise Malformed("file", told(faults))
    if seconded(work, cmd.digest[:32], cmd) is None:
        work.enter("experts", step=1, count=len(rows), digest=cmd.digest)
        return None
    made = [person_and_expert(work, row) for row in rows]
    for kind in (Person, Grant, Expert):
        work.session.execute(insert(kind), [columns(one) for group in made for one in group if isinstance(one, kind)])
    experts = sorted((one for group in made for one in group if isinstance(one, Expert)), key=lambda one: one.id)
    work.session.execute(insert(Specialty), [{"code": code, "expert": one.id} for one in experts for code in one.specialties])
    work.enter("experts", count=len(experts), digest=cmd.digest, blob=cmd.blob, root=root_of(experts))
    return len(experts)


def root_of(experts: list[Expert]) -> str:
    return root([leaf_hash(canon(one.commitment())) for one in experts]).hex()


def checked(work: Work, cmd: Enlist) -> bytes:
    try:
        data = work.centre.blobs.get(cmd.blob)
    except FileNotFoundError as problem:
        raise Malformed("blob") from problem
    if hashlib.sha256(data).hexdigest() != cmd.digest:
        raise Malformed("digest")
    return data


def id_mark(work: Work, id_number: str) -> str:
    """ID numbers are few: only a keyed hash keeps one from being guessed back."""
    return hmac.digest(work.centre.secret("vault"), b"id" + id_number.encode(), "sha256").hex()


def already_known(work: Work, rows: list[Row]) -> list[Fault]:
    marks = {id_mark(work, row.id_number): row for row in rows}
    found: set[str] = set()
    wanted = list(marks)
    for start in range(0, len(wanted), 500):
        found |= set(work.session.scalars(select(Expert.id_mark).where(Expert.id_mark.in_(wanted[start : start + 500]))))
    return [Fault(0, Text(f"{mask_id(marks[mark].id_number)} 已在库", f"{mask_id(marks[mark].id_number)} is in the library already")) for mark in sorted(found)]


def told(faults: list[Fault]) -> Text:
    shown = faults[:SHOWN]
    zh = "；".join(f"第 {one.line} 行：{one.text.zh}" if one.line else one.text.zh for one in shown)
    en = "; ".join(f"row {one.line}: {one.text.en}" if one.line else one.text.en for one in shown)
    more = len(faults) - len(shown)
    return Text(zh + (f"；另有 {more} 处" if more else ""), en + (f"; {more} more" if more else ""))


def person_and_expert(work: Work, row: Row) -> tuple[Record, ...]:
    person, expert = new_id(), new_id()
    return (
        Person(id=person, row_salt=secrets.token_bytes(32), login=f"expert-{person}", name=row.name, email=row.email, phone=row.phone,
               employer=row.employer, language="zh", status="active", created=work.moment),
        Grant(id=new_id(), row_salt=secrets.token_bytes(32), person=person, role="expert_idle", scope="", since=work.moment, granted_by=work.actor.id),
        Expert(id=expert, row_salt=secrets.token_bytes(32), person=person, id_mark=id_mark(work, row.id_number), id_shown=mask_id(row.id_number),
               birth_year=int(row.id_number[6:10]), title=row.title, years=row.years, employer=row.employer, employer_code=row.employer_code,
               specialties=list(row.specialties), region=row.region, stage="admitted", admitted=work.moment),
    )


def columns(one: Record) -> dict[str, object]:
    return {attribute.key: getattr(one, attribute.key) for attribute in one.__mapper__.column_attrs}
