"""Programs over HTTP: a whole ceremony and opening through signed requests; what does not verify is not there."""
import json
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from nacl.signing import SigningKey
from sqlalchemy import select

from cli.contributor import Contributor
from cli.custodian import HttpMailbox
from kernel.canonical import sha256
from kernel.errors import Refused
from kernel.identity.programs import Program, sign_request
from kernel.ledger.entries import Checkpoint
from kernel.ticker import settle
from kernel.values import MINUTE, new_id
from tests.world import found_test_centre
from tests.worlds import experts
from tests.worlds.readers import readers
from tests.worlds.sealed import Sealed, replay
from trading.bids.open_account import OpenAccount, open_account
from trading.bids.records import Deposit
from trading.sealing.custodian import Custodian, found
from trading.sealing.gates import Pins
from trading.sealing.rules.ceremony import identity_seed

BANK = b"\x77" * 32


@pytest.fixture
def world(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    return replay(centre, tmp_path)


@pytest.fixture
def client(world: Sealed) -> TestClient[Any]:
    return readers(world.centre)


def bank(world: Sealed, kind: str = "bank") -> str:
    with world.centre.database.writing() as session:
        row = Program(id=new_id(), kind=kind, name="示例银行", key=SigningKey(BANK).verify_key.encode().hex(), enrolled=world.centre.now())
        session.add(row)
        session.commit()
        return str(row.id)


def nonce(client: TestClient[Any], program: str) -> str:
    return str(client.post("/api/programs/nonces", json={"program": program}).json()["nonce"])


def signed(client: TestClient[Any], program: str, seed: bytes, method: str, path: str, body: bytes = b"", says: dict[str, str] | None = None) -> Any:
    """says: what the signature is made over instead of what is sent."""
    said = {"method": method, "path": path, "digest": sha256(body).hex()} | (says or {})
    said.setdefault("nonce", nonce(client, program))
    headers = sign_request(seed, program, said["method"], said["path"], said["digest"], said["nonce"])
    return client.request(method, path, content=body, headers=headers)


def test_custodians_open_a_tender_over_http(world: Sealed, client: TestClient[Any]) -> None:
    bids = [world.bid(world.supplier(), amount) for amount in (300, 100)]
    world.started()
    pins = Pins(world.centre.ledger_key.verifier, ())
    for number, keeper in enumerate(world.keepers[:2]):
        seed = identity_seed(bytes([number + 1]) * 32)
        mailbox = HttpMailbox("", keeper.id, seed, pins.log, client)  # type: ignore[arg-type]
        done = Custodian(keeper.home, mailbox, pins, mailbox.now).run_once()
        assert [one.gate for one in done] == [""]
    settle(world.centre)
    assert world.prices() == {bids[0].id: 300, bids[1].id: 100}


def test_a_custodian_follows_the_log_by_its_public_tiles(world: Sealed, client: TestClient[Any]) -> None:
    """Somebody who was told of an early checkpoint, and somebody who was told of another log."""
    world.bid(world.supplier(), 100)
    world.started()
    pins, gates = Pins(world.centre.ledger_key.verifier, ()), []
    with world.centre.reading() as session:
        early = session.scalars(select(Checkpoint).order_by(Checkpoint.size)).first()
        assert early is not None
    for number, root in enumerate((early.root, "ab" * 32)):
        keeper = world.keepers[number]
        (keeper.home / "heads").write_text(f"{world.centre.origin} {early.size} {root}\n")
        mailbox = HttpMailbox("", keeper.id, identity_seed(bytes([number + 1]) * 32), pins.log, client)  # type: ignore[arg-type]
        assert mailbox.tile("tile/0/999") is None
        gates += [one.gate for one in Custodian(keeper.home, mailbox, pins, mailbox.now).run_once()]
    assert gates == ["", "history"]


@pytest.mark.parametrize("changed", [{"method": "POST"}, {"path": "/api/programs/openings/x"}, {"digest": "00" * 32}, {"nonce": "ab" * 16}])
def test_a_request_signed_for_something_else_is_not_there(world: Sealed, client: TestClient[Any], changed: dict[str, str]) -> None:
    keeper, seed = world.keepers[0], identity_seed(b"\x01" * 32)
    assert signed(client, keeper.id, seed, "GET", "/api/programs/tasks").status_code == 200
    assert signed(client, keeper.id, seed, "GET", "/api/programs/tasks", says=changed).status_code == 404


def test_a_nonce_serves_once_and_a_wrong_key_never(world: Sealed, client: TestClient[Any]) -> None:
    keeper, seed = world.keepers[0], identity_seed(b"\x01" * 32)
    once = nonce(client, keeper.id)
    assert signed(client, keeper.id, seed, "GET", "/api/programs/tasks", says={"nonce": once}).status_code == 200
    assert signed(client, keeper.id, seed, "GET", "/api/programs/tasks", says={"nonce": once}).status_code == 404
    assert signed(client, keeper.id, b"\x09" * 32, "GET", "/api/programs/tasks").status_code == 404
    assert client.get("/api/programs/tasks").status_code == 404


def test_a_refusal_carries_its_rule(world: Sealed) -> None:
    client = readers(world.centre)
    keeper = world.keepers[0]
    mailbox = HttpMailbox("", keeper.id, identity_seed(b"\x01" * 32), world.centre.ledger_key.verifier, client)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        mailbox.opening(world.project)
    with pytest.raises(Refused):
        mailbox.coefficient(world.project)
    with pytest.raises(Refused):
        mailbox.post("make_coffee", {})
    with pytest.raises(Refused):
        mailbox.post("post_partials", {"project": world.project, "spam": 1})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"program": 5}', b'{"program": ""}', b'{"program": "' + b"x" * 100 + b'"}'])
def test_a_request_for_a_nonce_that_cannot_be_read(world: Sealed, client: TestClient[Any], body: bytes) -> None:
    assert client.post("/api/programs/nonces", content=body).status_code == 422


def test_the_bank_reports_a_payment_once(world: Sealed, client: TestClient[Any]) -> None:
    actor = world.supplier()
    account = open_account(world.centre, actor, OpenAccount(project=world.project, lot=world.lot)).account
    program = bank(world)
    body = json.dumps({"account": account, "amount": 100, "paid_at": world.centre.now(), "source": "6222 0000 1111"}).encode()
    path = "/api/programs/deposits"
    wrong = signed(client, program, BANK, "POST", path, body.replace(account.encode(), b"88" + b"0" * 17))
    assert wrong.status_code == 409 and wrong.headers["mingbiao-rule"] == "account_known_to_bank"
    assert signed(client, program, BANK, "POST", path, b'{"account": 1}').status_code == 422
    assert signed(client, world.keepers[0].id, identity_seed(b"\x01" * 32), "POST", path, body).status_code == 404
    assert world.all(Deposit)[0].paid_at is None
    assert signed(client, program, BANK, "POST", path, body).status_code == 200
    assert world.all(Deposit)[0].amount == 100
    assert signed(client, program, BANK, "POST", path, body).status_code == 409
    assert signed(client, program, BANK, "GET", "/api/programs/tasks").status_code == 404


def test_only_a_rehearsal_tells_its_stepped_clock(world: Sealed, client: TestClient[Any], tmp_path: Path) -> None:
    assert client.get("/api/programs/time", params={"nonce": "ab" * 16}).status_code == 200
    assert client.get("/api/programs/time", params={"nonce": "zz"}).status_code == 422
    real = found_test_centre(tmp_path / "real", rehearsal=False)
    assert readers(real).get("/api/programs/time", params={"nonce": "ab" * 16}).status_code == 404
    real.close()


def test_custodians_break_a_partys_silence_in_a_draw_over_http(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    tender, client = experts.world(centre), readers(centre)
    draw = tender.brief().id
    settle(centre)
    for party in tender.parties():
        tender.commit(draw, party)
    tender.reveal(draw, "agent")
    settle(centre)
    tender.wait(10 * MINUTE)
    pins = Pins(centre.ledger_key.verifier, ())
    for number in (0, 2):
        identity, id, home = tender.identities[number], tender.custodians[number], tmp_path / f"keeper{number}"
        found(home, tender.papers[number])
        tender.add(Program(id=id, kind="custodian", name="保管人", key=SigningKey(identity).verify_key.encode().hex(), enrolled=centre.now()))
        mailbox = HttpMailbox("", id, identity, pins.log, client)  # type: ignore[arg-type]
        program = Custodian(home, mailbox, pins, mailbox.now)
        assert program.run_once() == []
        silent = [task for task in mailbox.draws if task["kind"] == "draw_silent"]
        done = Contributor(home, mailbox.send, mailbox.fetch, program.break_silence).run(silent)
        assert [(one.kind, one.gate) for one in done] == [("draw_silent", "")]
        settle(centre)
    assert tender.row(draw).seed
    with pytest.raises(Refused):
        mailbox.fetch(f"/api/programs/draws/{draw}/silent")
