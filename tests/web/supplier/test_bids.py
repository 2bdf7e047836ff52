"""The supplier's pages: what each role sees, nothing of anybody else's, and every way in for ciphertext with its refusals."""
import json
from typing import Any

import pytest
from litestar.testing import TestClient

from kernel.canonical import parse, salted
from kernel.ledger.leaf import leaf
from kernel.ledger.note import Verifier
from kernel.ledger.proof import BadProof, Proof, check
from kernel.ticker import settle
from tests.worlds.projects import organisation
from tests.worlds.readers import Reader, reader, readers
from tests.worlds.sealed import Sealed, formal
from trading.bids.records import Attempt, Bid, Deposit, Upload
from trading.bids.sealer import SealedPart
from trading.bids.uploads import PIECE, cuts
from trading.notices.records import Take
from trading.sealing.rules.header import PREFIX_LIMIT

CANARY = 987_654_321


@pytest.fixture
def world(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    return formal(centre, tmp_path, deposit=8_000_000, ceiling=5_000_000_000)


@pytest.fixture
def client(world: Sealed) -> TestClient[Any]:
    return readers(world.centre)


@pytest.fixture
def one(client: TestClient[Any], world: Sealed) -> Reader:
    return reader(client, world.centre, world.supplier())


def send(who: Reader, method: str, path: str, body: bytes | dict[str, Any] = b"", csrf: str | None = None) -> Any:
    who.client.cookies.clear()
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    return who.client.request(method, path, content=content, cookies=who.cookies, headers={"x-csrf-token": who.csrf if csrf is None else csrf})


def upload(who: Reader, world: Sealed, part: str, sealed: SealedPart) -> dict[str, Any]:
    begun = send(who, "POST", "/supplier/uploads", begins(world, sealed, part))
    assert begun.status_code == 201, begun.text
    place = begun.json()
    for number, cut in enumerate(cuts(len(sealed.data), sealed.front)):
        assert send(who, "PUT", f"/supplier/uploads/{place['id']}/{number}", sealed.data[cut]).status_code == 200
    done = send(who, "POST", f"/supplier/uploads/{place['id']}/finish", {})
    assert done.status_code == 200, done.text
    return dict(done.json())


def begins(world: Sealed, sealed: SealedPart, part: str = "price") -> dict[str, Any]:
    return {"project": world.project, "lot": world.lot, "part": part, "size": len(sealed.data), "front": sealed.front}


def hand_in(who: Reader, world: Sealed, actor: Any, amount: int = 100, **more: Any) -> Any:
    parts, salt = world.seal(actor, amount, **{k: v for k, v in more.items() if k in ("version", "previous")})
    refs = [{"part": part, "upload": upload(who, world, part, sealed)["id"], "digest": sealed.digest} for part, sealed in parts.items()]
    body = {"lot": world.lot, "parts": refs, "salt": salt.hex(), "version": more.get("version", 1), "prev": more.get("prev", "")}
    return send(who, "POST", f"/supplier/bids/{world.project}/submit", body)


def test_the_workspace_says_what_is_to_do_in_both_languages(one: Reader, world: Sealed) -> None:
    path = f"/supplier/bids/{world.project}"
    zh, en = one.text(path), one.text(path, "en")
    for words in ("投标准备", "封装并递交", "密钥保管人", "交纳保证金", "mingbiao seal"):
        assert words in zh
    for words in ("Tasks", "Seal and submit", "Key custodians", "Pay the deposit"):
        assert words in en
    assert world.key.hex() in zh


def test_a_bid_is_handed_in_over_http_and_its_receipt_proves_it(one: Reader, world: Sealed) -> None:
    answer = hand_in(one, world, world.suppliers[0])
    assert answer.status_code == 200, answer.text
    bid = world.all(Bid)[0]
    assert answer.json()["receipt"].startswith(f"/supplier/receipts/{bid.id}")
    settle(world.centre)
    page = one.text(f"/supplier/receipts/{bid.id}")
    assert "投标已收到，已入账" in page and "保存回执文件" in page
    made = parse(one.get(f"/supplier/receipts/{bid.id}/file").content)
    assert made["digests"]["price"] in page.replace(" ", "")
    proof = one.get(f"/supplier/receipts/{bid.id}/proof")
    assert proof.content == made["proof"].encode()
    assert Proof.parse(proof.content).index == made["position"]
    assert one.get(f"/supplier/receipts/{bid.id}/pdf").content.startswith(b"%PDF-")
    assert bid.id in one.text(f"/supplier/bids/{world.project}")


def test_a_receipt_is_nobody_elses(one: Reader, client: TestClient[Any], world: Sealed) -> None:
    bid = world.bid(world.suppliers[0], CANARY)
    settle(world.centre)
    other = reader(client, world.centre, world.supplier())
    for end in ("", "/file", "/proof", "/pdf"):
        assert one.get(f"/supplier/receipts/{bid.id}{end}").status_code == 200
        assert other.get(f"/supplier/receipts/{bid.id}{end}").status_code == 404
        assert reader(client, world.centre).get(f"/supplier/receipts/{bid.id}{end}").status_code == 404
    assert bid.id not in other.text(f"/supplier/bids/{world.project}")
    assert world.suppliers[0].org not in other.text(f"/supplier/bids/{world.project}")


def test_who_is_no_supplier_finds_nothing(client: TestClient[Any], world: Sealed) -> None:
    paths = ("/supplier/bids/" + world.project, f"/supplier/bids/{world.project}/withdraw")
    for actor in (world.who, organisation(world.centre, "示例代理", agent=True), None):
        for path in paths:
            assert reader(client, world.centre, actor).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/supplier/bids/%00", "/supplier/bids/" + "x" * 500, "/supplier/receipts/' or 1=1--", "/supplier/uploads/../x", "/supplier/bids/中文"])
def test_hostile_addresses_are_not_found(one: Reader, path: str) -> None:
    assert one.get(path).status_code in (400, 404)


def test_pieces_need_the_page_that_was_made_for_this_log_in(one: Reader, world: Sealed) -> None:
    body = {"project": world.project, "lot": world.lot, "part": "price", "size": 70_000, "front": 600}
    assert send(one, "POST", "/supplier/uploads", body).status_code == 201
    assert send(one, "POST", "/supplier/uploads", body, csrf="x").status_code == 422
    one.cookies.pop("mingbiao")
    assert send(one, "POST", "/supplier/uploads", body).json() == {"code": "signed_out"}


@pytest.mark.parametrize(("change", "status"), [({}, 201), ({"part": "draw"}, 422), ({"size": 0}, 422), ({"size": "70000"}, 422), ({"front": 0}, 422), ({"front": None}, 422), ({"front": 80_000}, 422), ({"size": 9 << 40}, 422),
                                                ({"lot": "nowhere"}, 404), ({"project": "nowhere"}, 404), ({"part": None}, 422)])
def test_an_upload_begins_only_for_what_can_be(one: Reader, world: Sealed, change: dict[str, Any], status: int) -> None:
    body = {"project": world.project, "lot": world.lot, "part": "price", "size": 70_000, "front": 600} | change
    assert send(one, "POST", "/supplier/uploads", body).status_code == status


def test_a_piece_of_the_wrong_length_is_refused_and_the_upload_goes_on(one: Reader, client: TestClient[Any], world: Sealed) -> None:
    sealed = world.seal(world.suppliers[0])[0]["price"]
    data = sealed.data
    id = send(one, "POST", "/supplier/uploads", begins(world, sealed)).json()["id"]
    assert send(one, "PUT", f"/supplier/uploads/{id}/0", data[:-1]).status_code == 422
    assert send(one, "PUT", f"/supplier/uploads/{id}/0", bytes(PIECE + PREFIX_LIMIT + 1)).status_code in (413, 422)
    assert send(one, "PUT", f"/supplier/uploads/{id}/7", data).status_code == 422
    assert send(one, "GET", f"/supplier/uploads/{id}").json() == {"missing": [0]}
    stranger = reader(client, world.centre, world.supplier())
    assert send(stranger, "PUT", f"/supplier/uploads/{id}/0", data).status_code == 404
    assert send(one, "PUT", f"/supplier/uploads/{id}/0", data).status_code == 200
    assert send(one, "GET", f"/supplier/uploads/{id}").json() == {"missing": []}


def test_who_was_let_in_with_one_piece_opens_the_door_for_nobody_else(one: Reader, client: TestClient[Any], world: Sealed) -> None:
    sealed = world.seal(world.suppliers[0], price=b"x" * PIECE)[0]["price"]
    first, second = (sealed.data[cut] for cut in cuts(len(sealed.data), sealed.front))
    path = f"/supplier/uploads/{send(one, 'POST', '/supplier/uploads', begins(world, sealed)).json()['id']}"
    assert send(one, "PUT", f"{path}/0", first).json() == {"complete": False}
    stranger = reader(client, world.centre, world.supplier())
    assert send(stranger, "PUT", f"{path}/1", second).status_code == 404
    assert send(one, "PUT", f"{path}/1", second, csrf=stranger.csrf).status_code == 422
    assert [send(one, "PUT", f"{path}/{number}", second).status_code for number in (2, -1)] == [422, 422]
    assert send(one, "GET", path).json() == {"missing": [1]}
    assert send(one, "PUT", f"{path}/1", second).json() == {"complete": True}


def test_a_flipped_bit_is_named(one: Reader, world: Sealed) -> None:
    sealed = world.seal(world.suppliers[0])[0]["price"]
    data = bytearray(sealed.data)
    data[200] ^= 1
    id = send(one, "POST", "/supplier/uploads", begins(world, sealed)).json()["id"]
    send(one, "PUT", f"/supplier/uploads/{id}/0", bytes(data))
    answer = send(one, "POST", f"/supplier/uploads/{id}/finish", {})
    assert answer.status_code == 409 and "refuse" in answer.json()["panel"]


def test_a_late_bid_is_refused_with_its_rule_and_noted(one: Reader, world: Sealed) -> None:
    world.set(deadline=world.centre.now() + 60_000)
    world.forward(61_000)
    answer = hand_in(one, world, world.suppliers[0])
    assert answer.status_code == 409 and answer.json()["code"] == "before_closing" and "投标截止时间已过" in answer.json()["panel"]
    assert [row.guard for row in world.all(Attempt)] == ["before_closing"] and world.all(Bid) == []
    world.set(deadline=world.centre.now() + 3_600_000)
    for row in world.all(Upload):
        assert row.state == "whole"  # kept for the one who sent it, dropped by a timer later
    assert hand_in(one, world, world.suppliers[0]).status_code == 200


def test_a_replacement_names_the_bid_it_replaces(one: Reader, world: Sealed) -> None:
    actor = world.suppliers[0]
    old = world.bid(actor, 100)
    with world.centre.reading() as session:
        from trading.bids.reads import workspace
        previous = workspace(session, actor, world.project, world.centre.now()).bids[0].digests
    assert hand_in(one, world, actor, 90).status_code == 409
    answer = hand_in(one, world, actor, 90, version=2, prev=old.id, previous=previous)
    assert answer.status_code == 200 and "trading.bids.replace" in answer.json()["receipt"]
    assert "这一版投标已不再有效" in one.text(f"/supplier/receipts/{old.id}")


def test_a_withdrawal_needs_the_end_of_its_receipts_number_typed(one: Reader, world: Sealed) -> None:
    bid = world.bid(world.suppliers[0], 100)
    path = f"/supplier/bids/{world.project}/withdraw"
    expected = bid.entry[8:12].upper()
    assert expected in one.text(path)
    wrong = one.post(path, {"typed": "AAAA" if expected != "AAAA" else "BBBB"})
    assert wrong.status_code == 422 and world.row(Bid, bid.id).state == "live"
    form = {"project": world.project, "bid": bid.id}
    ready = one.post("/do/trading.bids.withdraw/prepare", form | {"typed": expected}).json()
    assert json.loads(ready["signed"])["cmd"] == form
    assert one.post("/do/trading.bids.withdraw/prepare", form | {"typed": "0000"}).json()["problems"].keys() == {"typed"}
    right = one.post(path, {"typed": expected.lower()})
    assert right.status_code == 303 and world.row(Bid, bid.id).state == "withdrawn"
    assert one.get(path).status_code == 404


def test_small_acts(one: Reader, world: Sealed) -> None:
    assert one.do("trading.notices.take_document", project=world.project).status_code == 303
    assert one.do("trading.bids.open_account", project=world.project, lot=world.lot).status_code == 303
    assert len(world.all(Take)) == 1
    account = world.all(Deposit)[0].account
    assert account in one.text(f"/supplier/bids/{world.project}")
    listed = one.text("/supplier/bids")
    assert "准备中" in listed and world.project in listed
    letter = {"letter": ("l.pdf", b"%PDF-1.7 letter\n%%EOF", "application/pdf")}
    values = {"project": world.project, "lot": world.lot, "issuer": "示例银行", "number": "BH-2026-1", "amount": "80000", "valid_until": "2031-01-01T00:00"}
    assert one.post("/do/trading.bids.lodge_guarantee", values | {"number": "?"}, letter).status_code == 409
    assert one.post("/do/trading.bids.lodge_guarantee", values, letter).status_code == 303


def test_the_list_holds_only_what_is_ones_own(one: Reader, client: TestClient[Any], world: Sealed) -> None:
    world.bid(world.suppliers[0], CANARY)
    world.set(title_en="Example Road, lot 3")
    assert world.project in one.text("/supplier/bids") and "Example Road" in one.text("/supplier/bids", "en")
    assert "Closed" not in one.text("/supplier/bids", "en")
    world.to_deadline()
    assert "Closed" in reader(client, world.centre, world.suppliers[0]).text("/supplier/bids", "en")
    other = reader(client, world.centre, world.supplier())
    assert world.project not in other.text("/supplier/bids")
    assert "您还没有开始投标" in other.text("/supplier/bids")


def test_a_wrong_signature_is_refused(one: Reader, world: Sealed) -> None:
    parts, salt = world.seal(world.suppliers[0])
    refs = [{"part": part, "upload": upload(one, world, part, sealed)["id"], "digest": sealed.digest} for part, sealed in parts.items()]
    nonce = send(one, "POST", "/supplier/nonces", {}).json()["nonce"]
    body = {"lot": world.lot, "parts": refs, "salt": salt.hex(), "version": 1, "prev": ""}
    bad = {"kind": "keyfile", "key": "00" * 32, "signature": "00" * 64, "nonce": nonce}
    assert send(one, "POST", f"/supplier/bids/{world.project}/submit", body | {"sig": bad}).status_code == 422
    assert send(one, "POST", f"/supplier/bids/{world.project}/submit", body).status_code == 200


def test_the_proof_of_a_receipt_checks_under_the_log_key(one: Reader, world: Sealed) -> None:
    bid = world.bid(world.suppliers[0], 100)
    settle(world.centre)
    made = parse(one.get(f"/supplier/receipts/{bid.id}/file").content)
    payload, proof, log = parse(made["payload"].encode()), Proof.parse(made["proof"].encode()), Verifier.parse(made["vkey"])
    assert payload["body"]["parts"] == made["digests"]
    assert check(proof, leaf(bytes.fromhex(made["salt"]), payload), log).checkpoint.origin == world.centre.origin
    with pytest.raises(BadProof):
        check(proof, leaf(bytes.fromhex(made["salt"]), payload | {"t": payload["t"][::-1]}), log)
    assert payload["t"] == salted(bytes.fromhex(made["moment_key"]), made["moment"]) and 0 <= made["moment"] - made["received"] < 60_000
