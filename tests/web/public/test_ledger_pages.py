"""The ledger's pages and files, and the page that checks what was taken from it."""
import json

import pytest
from sqlalchemy import select

from kernel.ledger import tiles
from kernel.ledger.entries import Entry
from kernel.ticker import settle
from tests.web.pages import reader
from tests.world import staff

CLOSED = "尚未公开"


def entry(centre, tag: str) -> Entry:  # type: ignore[no-untyped-def]
    with centre.reading() as session:
        return session.scalars(select(Entry).where(Entry.tag == tag).order_by(Entry.number)).first()


def signed_in(centre, visitor):  # type: ignore[no-untyped-def]
    actor = staff(centre, "cashier", "金丝雀出纳")
    visitor.sign_in(centre, actor.id)
    settle(centre)
    return entry(centre, "kernel.identity.log_in")


def test_a_closed_entry_tells_its_place_and_nothing_else(centre) -> None:  # type: ignore[no-untyped-def]
    with reader(centre) as visitor:
        row = signed_in(centre, visitor)
        assert "登录" in visitor.get(f"/ledger/{row.position}").text
    with reader(centre) as other:
        page = other.get(f"/ledger/{row.position}").text
        assert "内容封存" in page and row.o in page and row.tag not in page and row.actor not in page and row.salt.hex() not in page and "log_in" not in page
        assert other.get(f"/ledger/{row.position}/opening").status_code == 404
        rows = other.get("/ledger").text
        assert CLOSED in rows and row.tag not in rows


def test_an_open_entry_is_read_and_opened(centre) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    row = entry(centre, "kernel.identity.found_centre")
    with reader(centre) as visitor:
        assert "中心成立" in visitor.get(f"/ledger/{row.position}").text
        opening = visitor.get(f"/ledger/{row.position}/opening").json()
        assert opening["salt"] == row.salt.hex() and opening["payload"]["tag"] == row.tag


def test_the_mirror_serves_what_the_tiles_hold(centre) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    with reader(centre) as visitor:
        assert visitor.get("/ledger/checkpoint").content == centre.tiles.get("checkpoint")
        assert visitor.get("/ledger/vkeys").text.splitlines()[0] == centre.ledger_key.verifier.vkey()
        size = int(visitor.get("/ledger/checkpoint").text.splitlines()[1])
        for level, n, width in tiles.layout(size):
            name = tiles.path(level, n, width)
            assert visitor.get(f"/ledger/{name}").content == centre.tiles.get(name)


@pytest.mark.parametrize(("spoil", "verdict"), [("", "核验通过"), ("entry", "没有通过核验"), ("checkpoint", "没有通过核验"), ("all", "没有通过核验")])
def test_a_proof_is_checked_step_by_step(centre, spoil, verdict) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    with reader(centre) as visitor:
        proof, leaf = visitor.get("/ledger/1/proof").text, visitor.get("/ledger/1/entry").text
        if spoil == "entry":
            leaf = visitor.get("/ledger/0/entry").text
        elif spoil == "checkpoint":
            proof = proof.replace(centre.origin, "elsewhere.example/2026")
        elif spoil == "all":
            proof = "not a proof"
        assert verdict in visitor.send("/verify", "/verify", proof_text=proof, entry_text=leaf).text


@pytest.mark.parametrize("changed", [False, True])
def test_a_receipt_brings_its_own_entry(centre, changed) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    row = entry(centre, "kernel.identity.found_centre")
    with reader(centre) as visitor:
        payload = row.payload.replace('"v":1', '"v":2') if changed else row.payload
        receipt = json.dumps({"proof": visitor.get(f"/ledger/{row.position}/proof").text, "payload": payload, "salt": row.salt.hex()}, indent=1)
        answer = visitor.send("/verify", "/verify", proof_text=receipt)
        assert ("没有通过核验" if changed else "核验通过") in answer.text


def test_a_receipts_number_is_found(centre) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    row = entry(centre, "kernel.identity.found_centre")
    with reader(centre) as visitor:
        assert "查到了" in visitor.get(f"/verify?number={row.key[:12].upper()}").text
        assert "没有这个编号" in visitor.get(f"/verify?number={row.key[:11]}").text
        assert "没有这个编号" in visitor.get("/verify?number=aaaaaaaaaaaa").text


@pytest.mark.parametrize("sent", [{}, {"proof_text": "{"}, {"proof_text": '{"proof":1,"salt":2,"payload":3}'}, {"proof_text": "[" * 90_000}, {"proof_text": "x" * 300_000}])
def test_rubbish_is_no_proof_and_no_fault(centre, sent) -> None:  # type: ignore[no-untyped-def]
    settle(centre)
    with reader(centre) as visitor:
        answer = visitor.send("/verify", "/verify", **sent)
        assert answer.status_code == 200 and "没有通过核验" in answer.text
