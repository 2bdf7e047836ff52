"""The centre is founded: once, on the command line, with its first people and its ledger key."""
import hashlib
import hmac
import secrets

from pydantic import Field
from sqlalchemy import func, select

from kernel.canonical import canon
from kernel.centre import Centre, CentreRow, write_secret
from kernel.clock import SteppedClock, system_ms
from kernel.command import SYSTEM, Cmd, Work, command
from kernel.daytable.records import Day
from kernel.errors import Reason, Refused
from kernel.identity.records import Grant, Person
from kernel.ledger.entries import Entry
from kernel.ledger.note import LOG, Signer
from kernel.values import day_of, new_id
from law.daytable_seed import rows


class FirstPerson(Cmd):
    login: str = Field(pattern=r"^[a-z0-9._-]{2,60}$")
    name: str = Field(min_length=1, max_length=80)
    role: str
    email: str = ""


class Found(Cmd):
    """domain: e.g. ggzy.example.gov.cn; a rehearsal's origin begins with `rehearsal.`."""

    name: str = Field(min_length=2, max_length=120)
    name_en: str = Field(min_length=2, max_length=120)
    origin: str = Field(pattern=r"^[a-z0-9.-]+/\d{4}$")
    people: tuple[FirstPerson, ...]
    currency: str = "CNY"
    minor: int = 2


def found(centre: Centre, name: str, name_en: str, domain: str, people: tuple[FirstPerson, ...], rehearsal: bool, currency: str = "CNY", minor: int = 2) -> Found:
    """Makes tables and the ledger key, then founds. Refused("ledger_empty") where a centre stands already."""
    year = day_of(system_ms()).year
    origin = f"{'rehearsal.' if rehearsal else ''}{domain}/{year}"
    if centre.row is not None:
        raise Refused(Reason("ledger_empty"))
    if rehearsal:
        centre.begin_rehearsal()
    centre.database.create()
    path = centre.home / "ledger.key"
    if not path.exists():
        write_secret(path, Signer(origin, LOG, secrets.token_bytes(32)).skey().encode())
    cmd = Found(name=name, name_en=name_en, origin=origin, people=people, currency=currency, minor=minor)
    found_centre(centre, SYSTEM, cmd)
    centre.reload()
    return cmd


@command("kernel.identity.found_centre")
def found_centre(work: Work, cmd: Found) -> None:
    """Guard: ledger_empty. Effects: the centre row, the year's first leaf, the first persons, the calendar's seed."""
    if work.session.scalar(select(func.count()).select_from(Entry)):
        raise Refused(Reason("ledger_empty"))
    work.session.add(CentreRow(number=1, name=cmd.name, name_en=cmd.name_en, origin=cmd.origin, currency=cmd.currency, minor=cmd.minor, founded=work.moment))
    first_leaf(work)
    if cmd.origin.startswith("rehearsal."):
        work.keep(SteppedClock(number=1, offset_ms=0))
    for someone in cmd.people:
        person = work.keep(Person(login=someone.login, name=someone.name, email=someone.email, created=work.moment))
        work.session.flush()
        work.keep(Grant(person=person.id, role=someone.role, since=work.moment))
    for row in rows():
        work.keep(Day(day=row.day.isoformat(), kind=row.kind, note=row.note, cited="国务院办公厅放假通知", set_at=work.moment))
    vkey = Signer.parse((work.centre.home / "ledger.key").read_text()).verifier.vkey()
    work.enter("centre", origin=cmd.origin, vkey=vkey)


def first_leaf(work: Work) -> None:
    """The year's first leaf. A founding year has no earlier checkpoint to name."""
    salt = secrets.token_bytes(32)
    data = canon({"v": 1, "tag": "kernel.ledger.roll_over", "t": work.moment, "on": "ledger", "role": "system",
                  "actor": hmac.new(salt, b"actorsystem", hashlib.sha256).hexdigest(), "rows": [], "body": {}})
    work.session.add(Entry(key=new_id(), tag="kernel.ledger.roll_over", on="ledger", moment=work.moment, role="system", actor="system",
                           opens="now", salt=salt, payload=data.decode(), o=hmac.new(salt, data, hashlib.sha256).hexdigest()))
    work.session.flush()
