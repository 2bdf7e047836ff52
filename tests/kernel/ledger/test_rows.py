"""Fraud 11: whoever writes past the acts is named by table and id; whoever writes by acts is not."""
import hashlib
import hmac
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from kernel import clock
from kernel.centre import Centre
from kernel.command import OPENS, SYSTEM, Cmd, Work, command
from kernel.identity.records import Grant, Person
from kernel.ledger.entries import Entry
from kernel.ledger.rows import Finding, check_rows, nightly, nights
from kernel.messages import Message
from kernel.ticker import settle
from kernel.timers import run_due
from kernel.values import DAY, day_of, instant
from tests.world import found_test_centre, login
from tests.worlds.projects import organisation, recorded
from trading.projects.records import Lot
from trading.projects.split import Part, Split, split


def sql(centre: Centre, statement: str, **values: object) -> None:
    """What an insider with the database's password does."""
    with centre.database.writer.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1


def findings(centre: Centre) -> list[tuple[str, str, str]]:
    return [(f.kind, f.table, f.id) for f in check_rows(centre).findings]


@pytest.fixture
def world(centre: Centre) -> Centre:
    settle(centre)
    night = check_rows(centre)
    assert night.findings == () and night.rows > 10 and night.entries > 1
    return centre


def test_a_changed_row_is_named_and_named_no_more_once_it_is_put_back(world: Centre) -> None:
    who = login(world, "registrar1").id
    sql(world, "update person set name = '冒名' where id = :id", id=who)
    assert findings(world) == [("changed", "person", who)]
    sql(world, "update person set name = '登记甲' where id = :id", id=who)
    assert findings(world) == []


def test_a_changed_row_salt_is_a_changed_row(world: Centre) -> None:
    who = login(world, "registrar1").id
    sql(world, "update person set row_salt = :salt where id = :id", id=who, salt=bytes(32))
    assert findings(world) == [("changed", "person", who)]


def test_a_deleted_row_is_named(world: Centre) -> None:
    with world.reading() as session:
        grant = session.scalars(select(Grant.id).where(Grant.role == "auditor")).one()
    sql(world, "delete from role_grant where id = :id", id=grant)
    assert findings(world) == [("deleted", "role_grant", grant)]


@pytest.mark.parametrize(("role", "kinds"), [("registrar", ["added"]), ("expert_idle", [])])
def test_a_role_that_nobody_granted_is_named(world: Centre, role: str, kinds: list[str]) -> None:
    """Only the role that comes with the experts' spreadsheet needs no leaf of its own."""
    sql(world, "insert into role_grant (id, row_salt, person, role, scope, since, granted_by) values ('forged', :salt, :who, :role, '', 1, '')",
        salt=bytes(32), who=login(world, "auditor1").id, role=role)
    assert [f.kind for f in check_rows(world).findings] == kinds


def test_an_entry_rewritten_to_fit_the_row_is_named(world: Centre) -> None:
    """Row, payload and commitment are all changed to fit; the tile still has the old leaf."""
    with world.database.writing() as session:
        person = session.get_one(Person, login(world, "registrar1").id)
        old = person.commitment()[2]
        person.name = "冒名"
        entry = next(e for e in session.scalars(select(Entry).order_by(Entry.number.desc())) if old in e.payload)
        entry.payload = entry.payload.replace(old, person.commitment()[2])
        session.commit()
        key = entry.key
    assert findings(world) == [("entry_changed", "ledger_entry", key)]  # payload against commitment
    with world.database.writing() as session:
        entry = session.scalars(select(Entry).where(Entry.key == key)).one()
        assert entry.salt is not None
        entry.o = hmac.new(entry.salt, entry.payload.encode(), hashlib.sha256).hexdigest()
        session.commit()
    assert findings(world) == [("entry_changed", "ledger_entry", key)]  # commitment against the tile


def test_a_deleted_entry_is_named_by_its_place(world: Centre) -> None:
    with world.reading() as session:
        last = session.scalars(select(Entry).where(Entry.position.is_not(None)).order_by(Entry.position.desc()).limit(1)).one()
    sql(world, "delete from ledger_entry where number = :n", n=last.number)
    assert ("entry_missing", "ledger_entry", f"@{last.position}") in findings(world)


def test_a_payload_made_unreadable_is_named(world: Centre) -> None:
    with world.reading() as session:
        last = session.scalars(select(Entry).where(Entry.salt.is_not(None)).order_by(Entry.number.desc()).limit(1)).one()
    sql(world, "update ledger_entry set payload = '[' where number = :n", n=last.number)
    assert ("entry_changed", "ledger_entry", last.key) in findings(world)


def test_a_broken_tile_is_named(world: Centre) -> None:
    files = sorted((world.home / "ledger" / "tile" / "entries").rglob("*"))
    for file in files:
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-1])
    assert ("tile", "ledger", "tile/entries/000") in findings(world)


def test_rows_that_an_act_deletes_are_no_loss_but_their_return_is(world: Centre) -> None:
    buyer = organisation(world, "示例招标人", buyer=True)
    project = recorded(world, buyer)
    with world.reading() as session:
        old = session.scalars(select(Lot).where(Lot.project == project.id)).one()
    half = project.budget // 2
    split(world, buyer, Split(project=project.id, lots=(Part(title="一标段", budget=half), Part(title="二标段", budget=project.budget - half))))
    assert [f for f in findings(world) if f[1] == "lot"] == []
    sql(world, "insert into lot (id, row_salt, project, number, title, budget) values (:id, :salt, :project, 9, '复活', 1)",
        id=old.id, salt=old.row_salt, project=project.id)
    assert [f for f in findings(world) if f[1] == "lot"] == [("added", "lot", old.id)]


class Change(Cmd):
    person: str
    column: str
    value: str


def changing(between: Callable[[], object]) -> Callable[..., object]:
    """An act that reads a person, lets something happen, and then writes one column."""
    OPENS.pop(__name__, None)

    @command(__name__)
    def change(work: Work, cmd: Change) -> None:
        work.role = "system"
        person = work.session.get_one(Person, cmd.person)
        between()
        setattr(person, cmd.column, cmd.value)
        work.enter(person.id)

    return change


def test_two_acts_at_once_on_one_row_leave_a_commitment_to_what_stands(world: Centre) -> None:
    """The first reads before the second writes and commits after it: its leaf must hold the second's column too."""
    who = login(world, "registrar1").id
    second = changing(lambda: None)
    other = threading.Thread(target=lambda: second(world, SYSTEM, Change(person=who, column="phone", value="13800000001")))

    def meanwhile() -> None:
        other.start()
        other.join(0.7)  # SQLite lets it wait until the first is done

    changing(meanwhile)(world, SYSTEM, Change(person=who, column="name", value="登记新"))
    other.join()
    with world.reading() as session:
        person = session.get_one(Person, who)
    assert (person.name, person.phone) == ("登记新", "13800000001")
    assert findings(world) == []


def test_the_night_of_a_real_centre_tells_the_auditors_once(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    centre = found_test_centre(tmp_path / "real", database_url, rehearsal=False)
    try:
        now = centre.now()
        settle(centre)
        monkeypatch.setattr(clock, "system_ms", lambda: instant(day_of(now) + timedelta(days=1), 2) - 1)
        run_due(centre)
        sql(centre, "update person set name = '冒名' where login = 'registrar1'")
        run_due(centre)
        assert warnings(centre) == []  # not before two
        monkeypatch.setattr(clock, "system_ms", lambda: instant(day_of(now) + timedelta(days=1), 2))
        assert run_due(centre) == 1 and run_due(centre) == 0
        (message,) = warnings(centre)
        assert message.reader == login(centre, "auditor1").id
        assert f"person {login(centre, 'registrar1').id}" in message.body_zh and "冒名" not in message.body_zh + message.body_en
        nightly(centre)
        assert len(warnings(centre)) == 1
    finally:
        centre.close()


def test_a_clean_night_tells_nobody_and_a_rehearsal_has_no_night(world: Centre) -> None:
    assert nightly(world).findings == () and warnings(world) == []
    with world.reading() as session:
        assert nights(session, world.now() + DAY) == []


def warnings(centre: Centre) -> list[Message]:
    with centre.reading() as session:
        return list(session.scalars(select(Message).where(Message.cause.startswith("nightly/"))))


@pytest.mark.parametrize("kind", ["changed", "deleted", "added", "entry_changed", "entry_missing", "tile"])
def test_every_finding_has_its_words_in_two_languages(kind: str) -> None:
    said = Finding(kind, "person", "abc", 7).text
    assert said.zh.endswith("person abc #7") and said.en.endswith("person abc #7") and said.zh != said.en
