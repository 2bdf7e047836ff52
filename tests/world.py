"""Small worlds for tests: a founded centre and people in it, made by the same acts as in production."""
import shutil
import tempfile
from functools import cache
from pathlib import Path

from kernel.centre import Centre
from kernel.command import Actor
from kernel.identity.found_centre import FirstPerson, found
from kernel.identity.records import Grant, Person
from kernel.settings import Settings
from kernel.values import new_id
from tests.worlds.kept import stands

NAMES = ("示例区公共资源交易中心", "Example District Trading Centre", "centre.example")
FIRST = (
    FirstPerson(login="registrar1", name="登记甲", role="registrar"),
    FirstPerson(login="registrar2", name="登记乙", role="registrar"),
    FirstPerson(login="regulator1", name="监督甲", role="regulator"),
    FirstPerson(login="auditor1", name="审计甲", role="auditor"),
    FirstPerson(login="sysadmin1", name="系统甲", role="sysadmin"),
)


def found_test_centre(home: Path, database_url: str = "", rehearsal: bool = True) -> Centre:
    """A founded centre. On SQLite founded once a process and copied, with the same key of its log."""
    import cli.rooms  # noqa: F401  binds every question to its answer

    if not database_url:
        shutil.copytree(_founded(rehearsal), home)
    centre = Centre(Settings(home=home, database_url=database_url, secure_cookies=False))
    if database_url:
        found(centre, *NAMES, FIRST, rehearsal)
    stands(centre, "founded")
    return centre


@cache
def _founded(rehearsal: bool) -> Path:
    home = Path(tempfile.mkdtemp(prefix="mingbiao-founded-")) / "home"
    centre = Centre(Settings(home=home, secure_cookies=False))
    found(centre, *NAMES, FIRST, rehearsal)
    centre.close()
    return home


def login(centre: Centre, name: str) -> Actor:
    """The person with this login as an actor, for the organisation it belongs to."""
    from sqlalchemy import select

    from kernel.asks import organisation_of

    with centre.reading() as session:
        person = session.scalar(select(Person).where(Person.login == name))
        assert person is not None, name
        return Actor("person", person.id, organisation_of(session, person.id))


def staff(centre: Centre, role: str, name: str = "", scope: str = "") -> Actor:
    """A new person with one centre-wide role, put in the tables directly."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        person = Person(id=new_id(), login=f"{role}-{new_id()[:6]}", name=name or f"示例{role}", created=now)
        session.add(person)
        session.flush()
        session.add(Grant(person=person.id, role=role, scope=scope, since=now))
        session.commit()
        return Actor("person", person.id)
