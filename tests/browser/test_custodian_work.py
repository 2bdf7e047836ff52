"""A custodian at work in the browser: through a mailbox that lies in a ceremony, and over HTTP in a draw of experts."""
from collections.abc import Iterator
from typing import Any

import pytest
from nacl.signing import SigningKey

from kernel.identity.programs import Program
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.trading.sealing.conftest import hold_ceremony
from tests.world import found_test_centre
from tests.worlds import experts
from tests.worlds.served import served
from trading.sealing.gates import digest_of_terms
from trading.sealing.rules.ceremony import deal, r0, reveal, share_for
from trading.sealing.rules.transcript import build_transcript

pytestmark = pytest.mark.browser
# what a keeper is given here: a seed, the log's key, and a store in memory, which may know the terms of ceremonies
START = """async ([seed, log, known]) => {
    const { Keeper } = await import("/static/look/custodian/keeper.js");
    const { Mailbox } = await import("/static/look/custodian/mailbox.js");
    const { readKey } = await import("/static/look/custodian/notes.js");
    const { unhex } = await import("/static/look/tbid.js");
    const tables = { terms: new Map(Object.entries(known ?? {})) };
    const of = (name) => (tables[name] ??= new Map());
    const store = { get: async (name, key) => of(name).get(key), all: async (name) => of(name), keep: async (name, rows) => { for (const [key, value] of rows) of(name).set(key, value); } };
    const pins = { log: readKey(log), witnesses: [] };
    globalThis.keeper = (mailbox) => new Keeper({ seed: unhex(seed), store, mailbox, pins });
    globalThis.mailbox = (id) => new Mailbox(id, unhex(seed), pins.log);
}"""
LIE = """async (tasks) => {
    const sent = [];
    const custodian = keeper({ now: async () => 0, post: async (path, fields) => { sent.push([path, fields]); } });
    const found = [];
    for (const task of tasks) found.push((await custodian.answer(task)).gate);
    return [found, sent];
}"""
WORK = """async (id) => {
    const custodian = keeper(mailbox(id));
    const done = [];
    for (const task of await custodian.tasks()) if (task.kind.startsWith("draw_")) done.push([task.kind, (await custodian.answer(task)).gate]);
    return done;
}"""


@pytest.fixture(scope="module")
def tender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    centre = found_test_centre(tmp_path_factory.mktemp("work") / "home")
    yield experts.world(centre)
    centre.close()


@pytest.fixture
def page(tender: Any, arrive: Any) -> Iterator[Any]:
    with served(tender.centre) as address:
        made = arrive(address).new_page()
        made.goto(f"{address}/help")
        made.log = tender.centre.ledger_key.verifier.vkey()
        yield made


def test_a_ceremony_goes_on_only_under_the_terms_it_began_with(page: Any) -> None:
    """Without a first word there are no terms; with them, a share that does not fit is blamed and other terms are refused."""
    held = hold_ceremony(2, 3)
    terms, seed = held.terms, held.seeds[1]
    task = {"ceremony": terms.ceremony, "project": terms.tender, "code": "E2026AAAAAA", "k": 2, "custodians": [key.hex() for key in terms.custodians]}
    raw = held.transcript.raw.decode()
    deals = [deal(terms, i, one) for i, one in enumerate(held.seeds, 1)]
    shown = [reveal(terms, one) for one in deals]
    shown[2] = type(shown[2])(3, shown[2].commitments, shown[2].proof, (shown[2].boxes[0], b"\x01" * 80, shown[2].boxes[2]))
    bad = build_transcript(terms, tuple(r0(terms, one) for one in deals), tuple(shown)).decode()
    page.evaluate(START, [seed.hex(), page.log])
    early = [task | {"kind": "commit", "enrolments": []}, task | {"kind": "reveal"}, task | {"kind": "confirm", "transcript": raw}, task | {"kind": "reveal", "custodians": task["custodians"][:1]}]
    assert page.evaluate(LIE, early) == [["enrolled", "terms", "terms", "task"], []]
    page.evaluate(START, [seed.hex(), page.log, {terms.ceremony: digest_of_terms(terms)}])
    later = [task | {"kind": "confirm", "transcript": raw}, task | {"kind": "confirm", "transcript": bad}, task | {"kind": "confirm", "transcript": raw.replace('"k":2', '"k":3')},
             task | {"kind": "answer", "accuser": 3}, task | {"kind": "reveal", "k": 3}, task | {"kind": "reveal", "custodians": [*task["custodians"][::2], "58" + "66" * 31]}]
    gates, sent = page.evaluate(LIE, later)
    assert gates == ["", "", "transcript", "", "terms", "seed"]
    assert [(path, fields.get("accused"), fields.get("share")) for path, fields in sent] == [
        ("/acts/confirm", None, None), ("/acts/blame", 3, None), ("/acts/answer_blame", None, share_for(deals[1], 3).hex())]


def test_the_centres_custodian_contributes_and_others_break_a_silence(page: Any, tender: Any) -> None:
    centre, draw = tender.centre, tender.brief().id
    settle(centre)
    for number in range(3):
        key = SigningKey(tender.identities[number]).verify_key.encode().hex()
        tender.add(Program(id=tender.custodians[number], kind="custodian", name="保管人", key=key, enrolled=centre.now()))

    def works(number: int) -> Any:
        page.evaluate(START, [tender.papers[number].hex(), page.log])
        return page.evaluate(WORK, tender.custodians[number])

    for party in set(tender.parties()) - {"centre"}:
        tender.commit(draw, party)
    assert works(0) == [["draw_commit", ""]]
    settle(centre)
    assert page.evaluate(WORK, tender.custodians[0]) == [["draw_reveal", ""]]
    tender.reveal(draw, "agent")
    settle(centre)
    tender.wait(10 * MINUTE)
    for number in (1, 2):
        assert works(number) == [["draw_silent", ""]]
        settle(centre)
    assert tender.row(draw).seed
