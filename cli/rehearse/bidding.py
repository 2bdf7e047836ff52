"""Suppliers take the document, pay, seal on their own machine, send ciphertext, replace, withdraw, and come too late."""
import json
import os
from dataclasses import dataclass
from typing import Any

from cli.rehearse.parties import Party, Stopped
from cli.rehearse.programs import Bank, source_of
from cli.rehearse.tender import PDF, Bidder, Tender
from trading.bids.sealer import SealedPart, seal_bid
from trading.bids.uploads import cuts
from trading.sealing.rules.price import PriceForm
from web.forms import fen

FILES = {"commercial": {"商务文件.pdf": PDF}, "technical": {"技术文件.pdf": PDF}}


@dataclass
class Sealed:
    """What lies on the bidder's machine before it goes: terms of the page, salt, parts; where the uploads stand."""

    terms: dict[str, Any]
    salt: bytes
    parts: dict[str, SealedPart]
    uploads: dict[str, str]


def room(tender: Tender) -> str:
    return f"/supplier/bids/{tender.id}"


def prepare(tender: Tender, bidder: Bidder, bank: Bank, number: int) -> None:
    """Takes the document, opens a sub-account, pays the deposit."""
    bidder.party.send(room(tender), "trading.notices.take_document")
    page = bidder.party.send(room(tender), "trading.bids.open_account")
    bidder.account = page.find(r"\b(88\d{17})\b")
    if not bidder.account:
        raise Stopped(f"{bidder.party}: 没有子账号 · no sub-account")
    bank.receive(bidder.account, fen(tender.deposit), source_of(number))


def seal(tender: Tender, bidder: Bidder, price: str) -> Sealed:
    """What the sealing page does in the browser: by the terms that stand in the page, on this machine."""
    page = bidder.party.get(room(tender))
    marked = next((form.marks["data-terms"] for form in page.forms() if "data-terms" in form.marks), "")
    if not marked:
        raise Stopped(f"{bidder.party}: 页面不能封标 · the page does not seal: {page.said()[:600]}")
    terms = json.loads(marked)
    salt = os.urandom(32)
    bidder.locks = [os.urandom(32) for _ in range(terms["envelopes"])] if terms["mode"] == "M2" else []
    parts = seal_bid(
        terms["tender"], terms["lot"], bytes.fromhex(terms["key"]), terms["code"], PriceForm(terms["currency"], fen(price)), salt, os.urandom,
        files=FILES, signer=os.urandom(32), version=terms["version"], previous=terms["previous"] or None,
        lock=bidder.locks[0] if bidder.locks else b"", price_lock=bidder.locks[-1] if bidder.locks else b"", envelopes=terms["envelopes"])
    return Sealed(terms, salt, parts, {})


def unlock(tender: Tender, envelope: int) -> None:
    """Each bidder gives in the lock of an envelope from its own machine."""
    for bidder in tender.bidders:
        bidder.party.send(room(tender), "trading.opening.post_lock", patient=True, secret=bidder.locks[envelope - 1].hex())
    tender.say("投标人逐一解锁", "each bidder gives in its lock")


def begin(sealed: Sealed, party: Party) -> None:
    for part, one in sealed.parts.items():
        body = {"project": sealed.terms["tender"], "lot": sealed.terms["lot"], "part": part, "size": len(one.data), "front": one.front}
        sealed.uploads[part] = _good(party.ask("POST", "/supplier/uploads", sealed.terms["csrf"], body), party, 201)["id"]


def upload(sealed: Sealed, party: Party) -> None:
    """The pieces of every part, raw, then their end."""
    csrf = sealed.terms["csrf"]
    for part, one in sealed.parts.items():
        for number, cut in enumerate(cuts(len(one.data), one.front)):
            _good(party.ask("PUT", f"/supplier/uploads/{sealed.uploads[part]}/{number}", csrf, raw=one.data[cut]), party)
        _good(party.ask("POST", f"/supplier/uploads/{sealed.uploads[part]}/finish", csrf), party)


def submit(tender: Tender, sealed: Sealed, party: Party) -> Any:
    parts = [{"part": part, "upload": sealed.uploads[part], "digest": one.digest} for part, one in sealed.parts.items()]
    fields = {"lot": sealed.terms["lot"], "parts": parts, "salt": sealed.salt.hex(), "version": sealed.terms["version"], "prev": sealed.terms["prev"]}
    tender.scene.acts += 1
    return party.ask("POST", f"{room(tender)}/submit", sealed.terms["csrf"], fields)


def hand_in(tender: Tender, bidder: Bidder, price: str) -> None:
    """Seals, sends and submits; the receipt's page must stand."""
    sealed = seal(tender, bidder, price)
    begin(sealed, bidder.party)
    upload(sealed, bidder.party)
    receipt = _good(submit(tender, sealed, bidder.party), bidder.party)["receipt"]
    bidder.party.get(receipt)


def take_back(tender: Tender, bidder: Bidder) -> None:
    """The withdrawal is confirmed by typing the end of the receipt's number."""
    path = f"{room(tender)}/withdraw"
    page = bidder.party.get(path)
    expected = page.find(r'data-confirm="([^"]+)"')
    bidder.party.send(path, path, typed=expected)


def come_late(tender: Tender, bidder: Bidder, sealed: Sealed) -> None:
    """The last byte comes after the deadline: refused under its article, and the attempt is noted for both sides."""
    bidder.party.stay()
    upload(sealed, bidder.party)
    answer = submit(tender, sealed, bidder.party)
    if answer.status_code != 409 or answer.json()["code"] != "before_closing":
        raise Stopped(f"{bidder.party}: 迟到的投标应被拒绝 · a late bid should have been refused: {answer.status_code} {answer.text[:300]}")
    tender.say("一份迟到的投标被拒绝并记录", "a late bid is refused and noted")


def _good(answer: Any, party: Party, status: int = 200) -> Any:
    if answer.status_code != status:
        raise Stopped(f"{party}: {answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:500]}")
    return answer.json()
