"""Small worlds for tests: a founded centre and people in it, made by the same acts as in production."""
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect

from kernel.centre import Centre, CentreRow
from kernel.clock import Clock
from kernel.command import Actor
from kernel.database import Database
from kernel.identity.found_centre import FirstPerson, found
from kernel.identity.records import Grant, Person
from kernel.ledger.note import Signer
from kernel.settings import Settings
from kernel.values import new_id
from tests.postgres import clone
from tests.worlds.kept import Held, comes_later, held, stands

NAMES = ("示例区公共资源交易中心", "Example District Trading Centre", "centre.example")
FIRST = (
    FirstPerson(login="registrar1", name="登记甲", role="registrar"),
    FirstPerson(login="registrar2", name="登记乙", role="registrar"),
    FirstPerson(login="regulator1", name="监督甲", role="regulator"),
    FirstPerson(login="auditor1", name="审计甲", role="auditor"),
    FirstPerson(login="sysadmin1", name="系统甲", role="sysadmin"),
)


SHARED: dict[bool, tuple[Dialect, dict[Any, Any]]] = {}  # is it SQLite → dialect and compiled statements of this process


class Copied(Centre):
    """A copy of a founded centre, which knows who it is and asks its database for nothing before a test does."""

    def __init__(self, settings: Settings, row: CentreRow) -> None:
        self._known = row
        super().__init__(settings)

    def _open_database(self) -> Database:
        """Each engine compiles each statement for itself, which takes a sixth of a test's time: those of one kind share what was compiled."""
        made = super()._open_database()
        self.connects = made.engine.dialect  # by this one all the same
        dialect, compiled = SHARED.setdefault(made.sqlite, (made.engine.dialect, {}))
        for engine in (made.engine, made.reader, made.writer):
            engine.dialect = dialect
            engine.update_execution_options(compiled_cache=compiled)
        return made

    def reload(self) -> None:
        self.row = self._known
        self.clock = Clock(self.rehearsal)
        self.ledger_key = Signer.parse((self.home / "ledger.key").read_text().strip())


def found_test_centre(home: Path, database_url: str = "", rehearsal: bool = True) -> Centre:
    """A founded centre: founded once a process and copied, folder and database, with the same key of its log."""
    import cli.rooms  # noqa: F401  binds every question to its answer

    server, _, _ = database_url.rpartition("/")
    folder, template, row, holds = _founded(server, rehearsal)
    shutil.copytree(folder, home)
    centre = Copied(Settings(home=home, database_url=database_url, secure_cookies=False), row)
    if server:
        comes_later(centre, centre.connects, template)
    stands(centre, "founded", holds)
    return centre


@cache
def _founded(server: str, rehearsal: bool) -> tuple[Path, str, CentreRow, Held]:
    """Home; on a server, the database to copy; who it is; what it holds."""
    home, name = Path(tempfile.mkdtemp(prefix="mingbiao-founded-")) / "home", f"founded_{new_id()}" if server else ""
    if server:
        clone(f"{server}/postgres", name)
    centre = Centre(Settings(home=home, database_url=f"{server}/{name}" if server else "", secure_cookies=False))
    found(centre, *NAMES, FIRST, rehearsal)
    holds = held(centre)
    centre.close()
    assert centre.row is not None
    SHARED.setdefault(centre.database.sqlite, (centre.database.engine.dialect, {}))  # one that has met its database
    return home, name, centre.row, holds


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
