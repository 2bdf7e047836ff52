"""An act with its ledger entry against the same rows written without one, each over the same kind of connection."""
import hashlib
import itertools
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select, update

from bench.measure import Line, compare
from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.database import Database
from kernel.identity.found_centre import FirstPerson, found
from kernel.identity.invite import Invite, invite
from kernel.identity.records import Invitation, Person
from kernel.settings import Settings
from kernel.values import DAY
from tests.postgres import PrivateServer

PEOPLE = (FirstPerson(login="one", name="登记甲", role="registrar"), FirstPerson(login="two", name="登记乙", role="registrar"),
          FirstPerson(login="three", name="监督甲", role="regulator"), FirstPerson(login="four", name="审计甲", role="auditor"),
          FirstPerson(login="five", name="系统甲", role="sysadmin"))


@contextmanager
def databases() -> Iterator[list[tuple[str, Callable[[], str]]]]:
    """(name, fresh database's address) of SQLite and, where it is installed, of a private PostgreSQL server."""
    folder = Path(tempfile.mkdtemp(prefix="bench"))
    numbers = itertools.count()
    server = PrivateServer.start(folder)
    try:
        found_ones: list[tuple[str, Callable[[], str]]] = [("SQLite", lambda: "")]
        if server is not None:
            found_ones.append(("PostgreSQL", lambda: server.database(f"bench{next(numbers)}")))
        yield found_ones
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def founded(url: str) -> Iterator[Centre]:
    folder = Path(tempfile.mkdtemp(prefix="bench"))
    centre = Centre(Settings(home=folder, database_url=url))
    try:
        found(centre, "示例中心", "Example Centre", "bench.example", PEOPLE, True)
        yield centre
    finally:
        centre.close()
        shutil.rmtree(folder, ignore_errors=True)


def without(centre: Centre, database: Database, login: str) -> None:
    """What `kernel.identity.invite` reads and writes, apart from the ledger."""
    with database.writing() as session:
        now = centre.clock.now(session)
        assert session.scalar(select(Person.id).where(Person.login == login)) is None
        person = Person(login=login, name="示例", email="", language="zh", created=now)
        session.add(person)
        session.flush()
        session.execute(update(Invitation).where(Invitation.person == person.id, Invitation.used.is_(None)).values(used=now))
        token = secrets.token_urlsafe(32)
        session.add(Invitation(token_hash=hashlib.sha256(token.encode()).hexdigest(), person=person.id, expires=now + DAY))
        session.commit()


def acts(count: int, rounds: int) -> Iterator[Line]:
    """count: acts in a round. Both sides write into databases of their own, so that neither waits for the other."""
    numbers = itertools.count()
    with databases() as known:
        for name, fresh in known:
            with founded(fresh()) as one, founded(fresh()) as other:
                for threads in (1, 8):
                    def ours(threads: int = threads, centre: Centre = one) -> None:
                        spread(threads, count, lambda: invite(centre, SYSTEM, Invite(login=f"p{next(numbers)}", name="示例")))

                    def theirs(threads: int = threads, centre: Centre = other) -> None:
                        spread(threads, count, lambda: without(centre, centre.database, f"p{next(numbers)}"))

                    said = f"{name}, {threads} writer{'s' if threads > 1 else ''}"
                    yield compare(f"act with its entry, {said}", ours, "the same rows alone", theirs, rounds, count, "act")


def spread(threads: int, count: int, job: Callable[[], object]) -> None:
    if threads == 1:
        for _ in range(count):
            job()
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(job) for _ in range(count)]:
            done.result()
