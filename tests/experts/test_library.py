"""The library: lists come in whole or not at all; relations are declared by the expert alone."""
import hashlib
import io
import zipfile

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from experts import sheet as reader
from experts.declare_relations import DeclareRelations, declare_relations
from experts.enlist import Enlist, enlist
from experts.records import Expert, Relation, Specialty
from kernel.command import Actor
from kernel.errors import Malformed, NotYours, Refused
from kernel.identity.records import Grant, Person
from kernel.ledger.entries import Entry
from kernel.ticker import settle
from tests.world import login
from tests.worlds.experts import HEAD, credit_code, people, resident_id, sheet


def send(centre, data: bytes, who: str = "registrar1") -> int | None:
    return enlist(centre, login(centre, who), Enlist(blob=centre.blobs.put(data).key, digest=hashlib.sha256(data).hexdigest()))


def how_many(centre) -> int:
    with centre.reading() as session:
        return session.scalar(select(func.count()).select_from(Expert)) or 0


def test_two_registrars_bring_a_list_in(centre):
    data = sheet(people(5, 2))
    cmd = Enlist(blob=centre.blobs.put(data).key, digest=hashlib.sha256(data).hexdigest())
    assert enlist(centre, login(centre, "registrar1"), cmd) is None
    assert how_many(centre) == 0
    with pytest.raises(Refused) as refused:
        enlist(centre, login(centre, "registrar1"), cmd)
    assert refused.value.reason.rule == "other_than_first"
    assert enlist(centre, login(centre, "registrar2"), cmd) == how_many(centre) == 7
    with centre.reading() as session:
        someone = session.scalars(select(Expert).limit(1)).one()
        assert session.scalar(select(Grant.role).where(Grant.person == someone.person)) == "expert_idle"
        assert session.scalar(select(Specialty.code).where(Specialty.expert == someone.id)) == someone.specialties[0]
        number = resident_id(1)
        for entry in session.scalars(select(Entry).where(Entry.tag == "experts.enlist")):
            assert entry.opens == "never" and number not in entry.payload and "专家甄" not in entry.payload
    assert number not in str([someone.id_mark, someone.id_shown]) and someone.id_shown.startswith("110105")
    settle(centre)
    with pytest.raises(FileNotFoundError):
        centre.blobs.get(cmd.blob)  # the list with its ID numbers is gone


def test_only_a_registrar_brings_experts_in(centre):
    with pytest.raises(NotYours):
        send(centre, sheet(people(1, 0)), "regulator1")


def test_every_fault_of_every_row_is_named_and_nothing_is_kept(centre):
    rows = people(4, 0)
    rows[1][1], rows[1][6] = "110105199001011234", "大师"
    rows[2][8], rows[3][1] = "A08", rows[0][1]
    with pytest.raises(Malformed) as caught:
        send(centre, sheet(rows))
    said = caught.value.why.en
    assert [part.split(":")[0] for part in said.split("; ")] == ["row 3", "row 3", "row 4", "row 5"]
    assert "Same person as in row 2" in said and how_many(centre) == 0
    with centre.reading() as session:
        assert not session.scalar(select(Person.id).where(Person.login.startswith("expert-")))


def test_somebody_in_the_library_does_not_enter_twice(centre):
    data = sheet(people(2, 0))
    cmd = Enlist(blob=centre.blobs.put(data).key, digest=hashlib.sha256(data).hexdigest())
    for who in ("registrar1", "registrar2"):
        enlist(centre, login(centre, who), cmd)
    with pytest.raises(Malformed) as caught:
        send(centre, sheet(people(3, 0)))
    assert caught.value.why.en.count("in the library already") == 2 and resident_id(1) not in caught.value.why.en


def test_the_digest_is_that_of_the_file(centre):
    for blob, field in ((centre.blobs.put(b"x").key, "digest"), ("nothing", "blob")):
        with pytest.raises(Malformed) as caught:
            enlist(centre, login(centre, "registrar1"), Enlist(blob=blob, digest="0" * 64))
        assert caught.value.field == field


def faults(data: bytes) -> list[str]:
    return [fault.text.en for fault in reader.read(data)[1]]


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return file.getvalue()


def test_what_is_no_spreadsheet_is_refused_before_it_is_read():
    assert faults(b"PK not really") == ["Not an xlsx file"]
    assert faults(archive(**{"a.xml": b"<x/>"}))[0].startswith("The file cannot be read")
    assert faults(archive(**{"a.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'})) == ["The file declares entities"]
    assert faults(bytes(reader.SENT + 1)) == ["The file is larger than 20 MB"]


def test_a_bomb_does_not_unpack(monkeypatch):
    monkeypatch.setattr(reader, "UNPACKED", 1 << 20)
    assert faults(archive(**{"xl/a.xml": bytes(1 << 20) + b"x"})) == ["The file is too large when unpacked"]


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(reader, "ROWS", 3)
    assert reader.read(sheet(people(3, 0)))[1] == []
    assert faults(sheet(people(4, 0))) == ["More than 3 rows"]


def test_heads_and_empty_lists():
    assert faults(sheet([], HEAD)) == ["No rows"]
    assert faults(sheet(people(1, 0), ["姓名", "x"])) == ["Columns missing: id_number, employer, title, years, specialties"]


def test_a_damaged_file_never_breaks_the_reader():
    good = sheet(people(3, 0))
    for place in range(0, len(good), 37):
        hurt = bytearray(good)
        hurt[place] ^= 0x5A
        rows, found = reader.read(bytes(hurt))
        assert rows or found


def test_an_expert_declares_his_own_relations(centre):
    data = sheet(people(1, 0))
    cmd = Enlist(blob=centre.blobs.put(data).key, digest=hashlib.sha256(data).hexdigest())
    for who in ("registrar1", "registrar2"):
        enlist(centre, login(centre, who), cmd)
    with centre.reading() as session:
        me = Actor("person", session.scalars(select(Expert.person)).one())
    declare_relations(centre, me, DeclareRelations(kind="employed", org_code=credit_code(3)))
    with pytest.raises(Refused) as refused:
        declare_relations(centre, me, DeclareRelations(kind="employed", org_code=credit_code(3)[:-1] + "I"))
    assert refused.value.reason.rule == "related_code_valid"
    with pytest.raises(NotYours):
        declare_relations(centre, login(centre, "registrar1"), DeclareRelations(kind="employed", org_name="甲"))
    with pytest.raises(ValidationError):
        DeclareRelations(kind="employed")
    with centre.reading() as session:
        assert session.scalar(select(func.count()).select_from(Relation)) == 1
