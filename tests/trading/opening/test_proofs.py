"""The exported opening: each reader's decryptions can be repeated from the files alone, and every change is found."""
from collections.abc import Callable
from typing import Any

import pytest

from cli.main import main
from kernel.archive import archive
from kernel.canonical import canon, parse
from kernel.command import PUBLIC, Actor
from kernel.errors import NotYours
from tests.world import staff
from tests.worlds.sealed import Sealed
from trading.opening.proofs import offered, proofs
from trading.opening.read_out import ReadOut, read_out
from trading.projects.records import Project
from verify.findings import guarded
from verify.opening import check_opening

Files = dict[str, bytes]


def exported(world: Sealed, actor: Actor) -> Files:
    with world.centre.reading() as session:
        return proofs(world.centre, session, actor, world.project, world.centre.clock.now(session))


def bad(files: Files) -> set[str]:
    return {f.check for f in guarded("opening.json", check_opening, files) if not f.good}


def test_anybody_repeats_the_prices_of_works(read: Sealed, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    files = exported(read, PUBLIC)
    given = parse(files["opening.json"])
    assert {line["part"] for line in given["parts"]} == {"price"} and len(given["parts"]) == 3
    assert {line["bid"]: line["amount"] for line in given["parts"]} == read.prices()
    assert all(len(line["partials"]) == 3 for line in given["parts"]) and "payload" in given["close"]
    assert bad(files) == set()
    (tmp_path / "opening.zip").write_bytes(archive(files))
    assert main(["verify", str(tmp_path / "opening.zip")]) == 0
    assert "3 partial decryptions" in capsys.readouterr().out


def test_nobody_has_them_before_the_read_out(answered: Sealed) -> None:
    answered.custodians_answer()
    for actor in (PUBLIC, answered.host, answered.suppliers[0]):
        with pytest.raises(NotYours):
            exported(answered, actor)
    read_out(answered.centre, answered.host, ReadOut(project=answered.project))
    assert exported(answered, PUBLIC)


def test_a_procurement_is_repeated_by_each_bidder_for_itself_and_by_the_regulator(works: Sealed, recording: Any) -> None:
    world = works
    world.set(Project, procedure="procurement.open", field="procurement")
    world.opened()
    read_out(world.centre, world.host, ReadOut(project=world.project))
    one, regulator = world.suppliers[0], staff(world.centre, "regulator", scope="procurement")
    own, whole = exported(world, one), exported(world, regulator)
    mine = {line["bid"] for line in parse(own["opening.json"])["parts"]}
    assert len(mine) == 1 and sorted(line["part"] for line in parse(own["opening.json"])["parts"]) == ["commercial", "price", "technical"]
    assert "payload" not in parse(own["opening.json"])["close"]
    lines = parse(whole["opening.json"])["parts"]
    assert len({line["bid"] for line in lines}) == 3 and len(lines) == 9
    assert bad(own) == bad(whole) == set()
    with world.centre.reading() as session:
        now = world.centre.clock.now(session)
        keeper = Actor("program", world.keepers[0].id, channel="custodian")
        assert not any(offered(session, actor, world.project, now) for actor in (PUBLIC, world.supplier(), keeper))


def first(**change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda value: value["parts"][0].update(change)


def exchange(value: dict[str, Any]) -> None:
    one, two = value["parts"][0], value["parts"][1]
    one["partials"], two["partials"] = two["partials"], one["partials"]


def one_custodian(value: dict[str, Any]) -> None:
    value["parts"][0]["partials"] = value["parts"][0]["partials"][:1]


def bend(value: dict[str, Any]) -> None:
    value["parts"][0]["partials"][0][3] = value["parts"][0]["partials"][1][3]


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "amount": (first(amount=1), "opening"), "key": (first(file_key="00" * 32), "opening"), "state": (first(state="rubbish"), "opening"),
    "part": (first(part="technical"), "opening"), "digest": (first(digest="00" * 32), "opening"), "exchanged": (exchange, "opening"),
    "too few": (one_custodian, "opening"), "false proof": (bend, "opening"), "signature": (lambda v: v["signatures"].pop(), "ceremony"),
    "tender": (lambda v: v.update(tender="another"), "ceremony"), "close": (lambda v: v["close"].update(o="00" * 32), "close"),
    "salt": (lambda v: v["close"].update(salt="00" * 32), "close"), "shape": (lambda v: v.update(parts=7), "opening"),
    "no file": (first(file="parts/none"), "opening"),
}


def test_every_change_is_found(read: Sealed) -> None:
    files = exported(read, PUBLIC)
    for name, (change, hit) in CHANGES.items():
        value = parse(files["opening.json"])
        change(value)
        assert hit in bad(files | {"opening.json": canon(value)}), name
    sealed = next(name for name in files if name.endswith(".tbid"))
    assert "opening" in bad(files | {sealed: files[sealed][:-1] + bytes([files[sealed][-1] ^ 1])})
    assert "ceremony" in bad(files | {"transcript.json": files["transcript.json"].replace(b'"k":2', b'"k":3')})
    assert "opening" in bad({name: content for name, content in files.items() if name != "transcript.json"})


def test_a_bidder_that_sealed_rubbish_is_found_out(works: Sealed, recording: Any) -> None:
    works.bid(works.supplier(), price=b"not a price form")
    works.opened()
    read_out(works.centre, works.host, ReadOut(project=works.project))
    files = exported(works, PUBLIC)
    assert sorted(line["state"] for line in parse(files["opening.json"])["parts"]) == ["opened"] * 3 + ["rubbish"]
    assert bad(files) == set()
    value = parse(files["opening.json"])
    next(line for line in value["parts"] if line["state"] == "rubbish")["state"] = "opened"
    assert bad(files | {"opening.json": canon(value)}) == {"opening"}
