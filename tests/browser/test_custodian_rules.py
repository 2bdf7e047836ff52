"""A custodian's rules in JavaScript against those in Python: the same bytes in a ceremony, partials that hold, and the same gate for
every one fact that is changed in true papers."""
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.canonical import canon, parse, sha256
from kernel.ledger.leaf import leaf
from kernel.ledger.note import LOG, WITNESS, Checkpoint, Signer, Verifier, sign
from kernel.ledger.proof import Proof
from kernel.ledger.tiles import append
from kernel.ticker import settle
from kernel.tree import consistency, inclusion, leaf_hash, root
from kernel.values import MINUTE
from tests.experts.test_silence import asked_for
from tests.trading.sealing.conftest import hold_ceremony
from tests.world import found_test_centre
from tests.worlds import experts
from tests.worlds.sealed import Sealed, replay
from tests.worlds.served import served
from trading.sealing import draw_gates, gates
from trading.sealing.gates import Gate, Pins
from trading.sealing.rules.ceremony import check_reveal, deal, open_box, r0
from trading.sealing.rules.header import parse_prefix
from trading.sealing.rules.partials import Occasion, false_partials, read_batch, signed_batch
from trading.sealing.rules.scalars import BASE, ORDER_TWO, plus
from trading.sealing.rules.transcript import Transcript, restore, sign_transcript

pytestmark = pytest.mark.browser
WITNESSES = [Signer(f"witness.example/w{n}", WITNESS, bytes([n + 6]) * 32) for n in range(2)]
CLEAR = """async ([rules, cases]) => {
    const { clear } = await import(`/static/look/custodian/${rules}.js`);
    const { readKey } = await import("/static/look/custodian/notes.js");
    const found = [];
    for (const { papers, log, witnesses, now, answered } of cases) {
        try {
            const made = await clear(papers, { log: readKey(log), witnesses: witnesses.map(readKey) }, now, (point) => answered[point]);
            found.push({ gate: "", ...made.occasion, files: [...made.envelopes.keys()].sort() });
        } catch (error) { found.push({ gate: error.code ?? String(error) }); }
    }
    return found;
}"""


@dataclass(frozen=True)
class Case:
    papers: dict[str, Any]
    pins: Pins
    now: int
    answered: dict[str, str]

    def sent(self) -> dict[str, Any]:
        return {"papers": self.papers, "log": self.pins.log.vkey(), "witnesses": [one.vkey() for one in self.pins.witnesses], "now": self.now, "answered": self.answered}

    def judged(self, rules: Any) -> dict[str, Any]:
        try:
            made = rules.clear(self.papers, self.pins, self.now, lambda point: self.answered.get(point.hex()))
        except Gate as refusal:
            return {"gate": refusal.code}
        occasion = made.occasion
        return {"gate": "", "ceremony": occasion.ceremony, "tender": occasion.tender, "close": occasion.close.hex(), "files": sorted(d.hex() for d in made.envelopes)}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    """Three bids are closed and the opening has begun."""
    folder = tmp_path_factory.mktemp("rules")
    centre = found_test_centre(folder / "home")
    made = replay(centre, folder)
    for amount in range(3):
        made.bid(made.supplier(), 100 + amount)
    made.started()
    yield made
    centre.close()


@pytest.fixture(scope="module")
def tab(world: Sealed, browser: Any) -> Iterator[Any]:
    """A page that may import the custodian's modules."""
    with served(world.centre) as address:
        page = browser.new_page()
        page.goto(f"{address}/help")
        yield page
        page.close()


@pytest.fixture
def told(world: Sealed) -> "Told":
    papers = world.keepers[0].program._mailbox.opening(world.project)
    named = {name: parse(papers[name]["payload"].encode()) for name in ("notice", "close")}
    return Told(world, papers, named["notice"], named["close"], [parse(one["payload"].encode()) for one in papers["leaves"]])


@dataclass
class Told:
    """Papers whose leaves are put into a log of their own, signed with the centre's key: one fact of them may be changed that no
    true log would hold. early: seconds at which the witnesses saw the bids · order: of notice, bids and close in the log."""

    world: Sealed
    papers: dict[str, Any]
    notice: dict[str, Any]
    close: dict[str, Any]
    bids: list[dict[str, Any]]
    call: dict[str, Any] | None = None
    early: int = 0
    order: tuple[str, ...] = ("notice", "bids", "close", "call")

    def case(self, **changes: Any) -> Case:
        said = {"notice": [self.notice], "bids": self.bids, "close": [self.close], "call": [self.call] if self.call else []}
        row = [(name, payload) for name in self.order for payload in said[name]]
        salts = [bytes([n + 1]) * 32 for n in range(len(row))]
        leaves = [leaf(salt, payload) for salt, (_, payload) in zip(salts, row, strict=True)]
        hashes = [leaf_hash(one) for one in leaves]

        def span(lo: int, hi: int) -> bytes:
            return root(hashes[lo:hi])

        def opened(at: int, size: int) -> dict[str, str]:
            text = Checkpoint(self.world.centre.origin, size, span(0, size)).text()
            signed = sign(text, self.world.centre.ledger_key) + "".join(one.sign(text, self.early or 1) for one in WITNESSES).encode()
            proof = Proof(at, tuple(inclusion(at, size, span)), signed).encode().decode()
            return {"payload": canon(row[at][1]).decode(), "salt": salts[at].hex(), "proof": proof}

        whole = len(row)
        place: dict[str, list[int]] = {name: [at for at, (one, _) in enumerate(row) if one == name] for name in said}
        papers = self.papers | {
            "notice": opened(place["notice"][0], whole), "close": opened(place["close"][0], whole),
            "leaves": [opened(at, at + 1) for at in place["bids"]],
            "consistency": {str(at + 1): [step.hex() for step in consistency(at + 1, whole, span)] for at in place["bids"] if at + 1 < whole},
        } | ({"call": opened(place["call"][0], whole)} if self.call else {})
        pins = Pins(self.world.centre.ledger_key.verifier, tuple(one.verifier for one in WITNESSES))
        return Case(**{"papers": papers, "pins": pins, "now": self.world.centre.now(), "answered": {}} | changes)

    def twin(self) -> "Told":
        papers, notice, close, bids = copy.deepcopy((self.papers, self.notice, self.close, self.bids))
        return replace(self, papers=papers, notice=notice, close=close, bids=bids)

    def with_head(self, head: bytes, at: int = 0) -> "Told":
        """The leaf of a bid and its file show another front."""
        made = self.twin()
        made.bids[at]["body"]["heads"] = {"price": sha256(head).hex()}
        digest = made.bids[at]["body"]["parts"]["price"]
        made.papers["files"] = [file if file["digest"] != digest else {"digest": digest, "head": head.hex()} for file in made.papers["files"]]
        return made

    def with_said(self, name: str, **values: Any) -> "Told":
        made = self.twin()
        getattr(made, name)["body"].update(values)
        return made

    def head(self, at: int) -> bytes:
        digest = self.bids[at]["body"]["parts"]["price"]
        return next(bytes.fromhex(file["head"]) for file in self.papers["files"] if file["digest"] == digest)


def with_header(head: bytes, **changes: Any) -> bytes:
    """The same front with another header, nothing signed anew."""
    old = parse_prefix(head)
    encoded = canon(old.header.fields() | changes)
    return head[:6] + len(encoded).to_bytes(4, "big") + encoded + head[10 + len(old.encoded):]


def changed(tree: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    made = copy.deepcopy(tree)
    change(made)
    return made


def flipped(note: str) -> str:
    """The last signature of a note with one letter changed."""
    at = len(note) - 40
    return note[:at] + ("A" if note[at] != "A" else "B") + note[at + 1:]


def openings(told: Told) -> dict[str, tuple[str, Case]]:
    """what was changed → (gate, case). Every case differs from the true one in one fact."""
    true, project = told.case(), told.world.project
    point = parse_prefix(told.head(0)).header.eph
    deadline, digests = told.close["body"]["deadline"], [file["digest"] for file in told.papers["files"]]
    seconds = deadline // 1000
    other = Signer(told.world.centre.origin, LOG, b"\x03" * 32).verifier
    foreign = told.world.seal(told.world.suppliers[0], project="another")[0]["price"].data
    bad_point = plus(BASE, ORDER_TWO).hex()
    call = {"tag": "evaluation.open_price", "on": project, "t": true.now, "body": {"digests": digests[:2]}}
    two = replace(told.with_said("notice", envelopes=2), call=call)

    def papers(change: Callable[[dict[str, Any]], Any]) -> Case:
        return replace(true, papers=changed(true.papers, change))

    return {
        "nothing": ("", true),
        "at the deadline": ("", replace(true, now=deadline)),
        "before the time": ("clock", replace(true, now=deadline - 1)),
        "no close leaf": ("close_leaf", papers(lambda p: p.pop("close"))),
        "the notice as close leaf": ("close_leaf", papers(lambda p: p.update(close=p["notice"]))),
        "another salt": ("close_leaf", papers(lambda p: p["close"].update(salt="00" * 32))),
        "checkpoint of another log": ("close_leaf", replace(true, pins=replace(true.pins, log=other))),
        "forged checkpoint": ("close_leaf", papers(lambda p: p["close"].update(proof=p["close"]["proof"].replace("\n6\n", "\n7\n").replace("\n5\n", "\n6\n")))),
        "wrong witness key": ("leaf", replace(told.with_said("notice", quorum=1).with_said("close", quorum=1).case(), pins=Pins(
            true.pins.log, (Verifier("w9.example", WITNESS, b"\x01" * 32),)))),
        "a witness's bad signature": ("close_leaf", papers(lambda p: p["close"].update(proof=flipped(p["close"]["proof"])))),
        "too few witnesses": ("leaf", told.with_said("notice", quorum=3).with_said("close", quorum=3).case()),
        "in time": ("", replace(told.with_said("notice", quorum=2).with_said("close", quorum=2), early=seconds + told.close["body"]["grace"]).case()),
        "witnessed late": ("late", replace(told.with_said("notice", quorum=2).with_said("close", quorum=2), early=seconds + told.close["body"]["grace"] + 1).case()),
        "another deadline": ("notice", told.with_said("notice", deadline=deadline + 1).case()),
        "another quorum": ("notice", told.with_said("close", quorum=1).case()),
        "a deadline in words": ("notice", told.with_said("close", deadline=str(deadline)).case()),
        "no notice": ("notice", papers(lambda p: p.pop("notice"))),
        "a notice after the bids": ("notice", replace(told, order=("bids", "notice", "close", "call")).case()),
        "a bid after the close": ("order", replace(told, order=("notice", "close", "bids", "call")).case()),
        "a leaf of no log": ("leaf", papers(lambda p: p["leaves"][0].update(payload=p["leaves"][0]["payload"].replace('"version":1', '"version":2')))),
        "two histories": ("consistency", papers(lambda p: p["consistency"].update({key: [step[::-1] for step in path] for key, path in p["consistency"].items()}))),
        "a file missing": ("list", papers(lambda p: p["files"].pop())),
        "a digest not in the ledger": ("list", papers(lambda p: p["files"].append({"digest": "ab" * 32, "head": p["files"][0]["head"]}))),
        "fronts swapped": ("list", papers(lambda p: p["files"][0].update(head=p["files"][1]["head"]))),
        "another root": ("list", told.with_said("close", roots={told.world.lot: "00" * 32}).case()),
        "a lot more": ("list", told.with_said("close", roots=told.close["body"]["roots"] | {"z": "00" * 32}).case()),
        "sealed for another tender": ("context", told.with_head(parse_prefix(foreign).raw).case()),
        "to another key": ("context", told.with_head(with_header(told.head(0), key="ab" * 32)).case()),
        "a point of mixed order": ("point", told.with_head(with_header(told.head(0), eph=bad_point)).case()),
        "an edited header": ("proof", told.with_head(with_header(told.head(0), version=2)).case()),
        "an unknown field": ("proof", told.with_head(with_header(told.head(0), more="x")).case()),
        "a length that lies": ("proof", told.with_head(told.head(0)[:-65] + b"\x09" + told.head(0)[-64:]).case()),
        "a repeated point": ("distinct", told.with_head(told.head(0), at=1).case()),
        "a point answered elsewhere": ("repeated", replace(true, answered={point: "another 00"})),
        "signatures in another order": ("transcript", papers(lambda p: p["signatures"].reverse())),
        "another transcript": ("transcript", papers(lambda p: p.update(transcript=p["transcript"].replace('"k":2', '"k":3')))),
        "another tender": ("transcript", papers(lambda p: p.update(project="another"))),
        "no files": ("task", papers(lambda p: p.update(files=None))),
        "nothing at all": ("transcript", replace(true, papers={"project": 1, "files": [], "transcript": "", "signatures": []})),
        "prices wait": ("", replace(two, call=None).case()),
        "prices called for": ("", two.case()),
        "called for before the close": ("call", replace(two, order=("notice", "bids", "call", "close")).case()),
        "called for by another act": ("call", replace(two, call=call | {"tag": "evaluation.reject"}).case()),
        "called for later": ("clock", replace(two, call=call | {"t": true.now + MINUTE}).case()),
        "a price nobody has": ("list", replace(two, call=call | {"body": {"digests": ["ab" * 32]}}).case()),
    }


def test_every_gate_of_an_opening_is_the_programs(tab: Any, told: Told) -> None:
    cases = openings(told)
    expected = {name: case.judged(gates) for name, (_, case) in cases.items()}
    assert {name: seen["gate"] for name, seen in expected.items()} == {name: code for name, (code, _) in cases.items()}
    found = tab.evaluate(CLEAR, ["gates", [case.sent() for _, case in cases.values()]])
    assert dict(zip(cases, found, strict=True)) == expected


def test_a_checkpoint_continues_the_largest_one_seen(tab: Any) -> None:
    """Over the tiles of a log with three levels, in both orders. Memories of another root, at the same size or another, are a rewriting."""
    store: dict[str, bytes] = {}
    sizes, heads, size = (1, 255, 256, 300, 513, 66_000), {}, 0
    keeping = SimpleNamespace(get=store.get, put=store.__setitem__)
    for new in sizes:
        _, heads[new] = append(keeping, size, [n.to_bytes(4, "big") for n in range(size, new)])
        size = new
    true = [[one, other] for one in sizes for other in sizes]
    false = [[one, other, 256 if one != 256 else 300] for one in sizes for other in sizes]
    cases = [[(row[0], heads[row[-1] if len(row) == 3 else row[0]].hex()), (row[1], heads[row[1]].hex())] for row in true + false]

    def serve(route: Any) -> None:
        found = store.get(route.request.url.rpartition("/ledger/")[2])
        route.fulfill(status=200 if found else 404, body=found or b"")

    tab.route("**/ledger/tile/**", serve)
    found = tab.evaluate("""async (cases) => {
        const { remember } = await import("/static/look/custodian/history.js");
        const { unhex } = await import("/static/look/tbid.js");
        return Promise.all(cases.map(async (row) => {
            let held;
            const store = { get: async () => held, keep: async (_, [[, fresh]]) => { held = fresh; } };
            try { for (const [size, root] of row) await remember(store, "log", { size, root: unhex(root) }); return held.size; } catch (error) { return error.code ?? String(error); }
        }));
    }""", cases)
    tab.unroute("**/ledger/tile/**")
    assert found == [max(row) for row in true] + ["history"] * len(false)


def test_the_points_of_this_very_opening_are_answered_again(tab: Any, told: Told) -> None:
    true = told.case()
    seen = true.judged(gates)
    again = replace(true, answered={parse_prefix(told.head(0)).header.eph: f"{seen['tender']} {seen['close']}"})
    assert tab.evaluate(CLEAR, ["gates", [again.sent()]]) == [seen]


def test_every_gate_of_a_silence_is_the_programs(tab: Any, tmp_path: Path) -> None:
    centre = found_test_centre(tmp_path / "draw")
    tender = experts.world(centre)
    draw = tender.brief()
    settle(centre)
    for party in tender.parties():
        tender.commit(draw.id, party)
    tender.reveal(draw.id, "agent")
    tender.reveal(draw.id, "centre")
    settle(centre)
    tender.wait(10 * MINUTE)
    true = Case(asked_for(tender, draw.id, 1), Pins(centre.ledger_key.verifier, ()), centre.now(), {})
    given = true.papers
    sealed = given["files"][0]["sealed"]
    cases = {
        "": true,
        "clock": replace(true, now=true.now - 10 * MINUTE),
        "leaf": replace(true, papers=given | {"rules": given["rules"] | {"salt": "00" * 32}}),
        "list": replace(true, papers=given | {"commits": given["commits"][1:]}),
        "context": replace(true, papers=given | {"draw": "another"}),
        "transcript": replace(true, papers=given | {"signatures": ["00" * 64] * 3}),
        "proof": replace(true, papers=given | {"files": [given["files"][0] | {"sealed": sealed + "00"}]}),
        "repeated": replace(true, answered={parse_prefix(bytes.fromhex(sealed)).header.eph: "another 00"}),
        "task": replace(true, papers={"draw": draw.id}),
    }
    expected = [case.judged(draw_gates) for case in cases.values()]
    assert [seen["gate"] for seen in expected] == list(cases)
    assert tab.evaluate(CLEAR, ["drawgates", [case.sent() for case in cases.values()]]) == expected
    centre.close()


def test_a_ceremony_has_the_same_bytes_and_partials_hold(tab: Any, told: Told) -> None:
    held, digest = hold_ceremony(2, 3), told.papers["files"][0]["digest"]
    terms, seed = held.terms, held.seeds[1]
    made = json.loads(tab.evaluate("""async ([given, seed, raw, other]) => {
        const { deal, boxes, r0, readTranscript, restore, signTranscript, identityKey, identityOf } = await import("/static/look/custodian/ceremony.js");
        const { hex, unhex } = await import("/static/look/tbid.js");
        const dealt = deal(given, 2, unhex(seed));
        const read = readTranscript(raw);
        const refused = (text, key) => { try { restore(unhex(key), readTranscript(text)); return ""; } catch (error) { return error.code; } };
        return JSON.stringify({
            identity: identityKey(unhex(seed)), commitments: dealt.commitments.map(hex), proof: hex(dealt.proof), r0: hex(r0(given, dealt)),
            boxes: boxes(given, dealt).map(hex), key: read.key, share: hex(restore(unhex(seed), read).value), signature: hex(signTranscript(read, unhex(seed))),
            refused: [refused(raw.replace('"k":2', '"k":3'), seed), refused(raw, other), refused(raw.replace(/"proofs":\\["../, '"proofs":["00'), seed)],
        });
    }""", [{"ceremony": terms.ceremony, "tender": terms.tender, "k": terms.k, "custodians": [key.hex() for key in terms.custodians]}, seed.hex(), held.transcript.raw.decode(), "00" * 32]))
    dealt = deal(terms, 2, seed)
    assert made["commitments"] == [one.hex() for one in dealt.commitments] and made["proof"] == dealt.proof.hex() and made["r0"] == r0(terms, dealt).hex()
    shown = replace(held.transcript.reveals[1], boxes=tuple(bytes.fromhex(one) for one in made["boxes"]))
    check_reveal(terms, shown, bytes.fromhex(made["r0"]))
    assert all(open_box(terms, shown, identity) == open_box(terms, held.transcript.reveals[1], identity) for identity in held.identities)
    assert made["identity"] == terms.custodians[1].hex() and made["key"] == held.transcript.public_key.hex()
    assert made["share"] == restore(seed, held.transcript).value.hex() and made["signature"] == sign_transcript(held.transcript, held.identities[1]).hex()
    assert made["refused"] == ["reveal_malformed", "not_a_custodian", "reveal_differs"]
    transcript = told.world.keepers[0].program._mailbox.opening(told.world.project)["transcript"]
    assert partials_hold(tab, transcript, told, digest)


def partials_hold(tab: Any, raw: str, told: Told, digest: str) -> bool:
    transcript: Transcript = gates.checked_transcript(raw, told.papers["signatures"])
    head = next(file["head"] for file in told.papers["files"] if file["digest"] == digest)
    batch, signature = tab.evaluate("""async ([seed, raw, occasion, digest, head]) => {
        const { readTranscript, restore } = await import("/static/look/custodian/ceremony.js");
        const { answerAll } = await import("/static/look/custodian/partials.js");
        const { parseFront, unhex } = await import("/static/look/tbid.js");
        const { default: sodium } = await import("/static/vendor/sodium.js");
        const [transcript, data] = [readTranscript(raw), unhex(head)];
        const front = await parseFront(sodium, async (a, b) => data.slice(a, b));
        const made = await answerAll(unhex(seed), restore(unhex(seed), transcript), occasion, new Map([[digest, front]]), transcript.key);
        return [made.batch, made.signature];
    }""", ["01" * 32, raw, {"ceremony": transcript.terms.ceremony, "tender": told.world.project, "close": "cd" * 32}, digest, head])
    read = read_batch(batch.encode())
    assert read.occasion == Occasion(transcript.terms.ceremony, told.world.project, b"\xcd" * 32) and read.index == 1
    assert signed_batch(batch.encode(), transcript.terms.custodians[0], bytes.fromhex(signature))
    return false_partials(transcript, read, {bytes.fromhex(digest): parse_prefix(bytes.fromhex(head))}) == ()
