"""The second envelope: what custodians, bidders and readers may do with it, before its turn and in it."""
import copy
import io
import zipfile

import pytest

from evaluation.dossier.publish import Publish, publish
from kernel.canonical import canon, parse
from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.world import staff
from tests.worlds import evaluation as committee
from tests.worlds import staged as world
from trading.awards.ocds import release_package
from trading.awards.records import Award
from trading.bids.records import Bid, Envelope
from trading.opening.attribute_failure import AttributeFailure, attribute_failure
from trading.opening.post_partials import PostPartials, post_partials
from trading.opening.proofs import offered, proofs
from trading.opening.reads import hall
from trading.opening.records import Batch, Opened
from trading.opening.rescue import PartKey, Rescue, rescue
from trading.projects.records import Project
from trading.sealing.gates import Gate, Pins, clear
from trading.sealing.rules.partials import answer_all, build_batch, sign_batch
from trading.sealing.rules.transcript import restore
from verify.dossier import check
from verify.findings import guarded
from verify.opening import check_opening


def refused(rule: str, act, *args) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.reason.rule == rule, found.value.reason


def gate(staged: world.Staged, papers, now: int = 0) -> str | set[str]:  # type: ignore[no-untyped-def]
    """The gate that refuses, or the parts the program would answer for."""
    try:
        cleared = clear(papers, Pins(staged.centre.ledger_key.verifier, ()), now or staged.centre.now(), lambda point: None)
    except Gate as refusal:
        return refusal.code
    return {f"{prefix.header.part} {len(cleared.envelopes)}" for prefix in cleared.envelopes.values()}


@pytest.fixture
def called(centre, tmp_path):  # type: ignore[no-untyped-def]
    """All sheets are in and the prices are called for; no custodian has answered."""
    return asked_for(centre, tmp_path)


@world.kept
def asked_for(centre, folder):  # type: ignore[no-untyped-def]
    staged = world.scoring(centre, folder)
    staged.hand_in()
    return staged


def papers_of(staged: world.Staged):  # type: ignore[no-untyped-def]
    return staged.sealed.keepers[0].program._mailbox.opening(staged.sealed.project)


def test_a_program_answers_for_no_price_at_the_opening(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    sealed = world.closed(centre, tmp_path)
    sealed.started()
    staged = world.Staged(sealed, None)  # type: ignore[arg-type]
    papers = papers_of(staged)
    assert len(papers["files"]) == 12 and gate(staged, papers) == {"commercial 8", "technical 8"}
    assert gate(staged, papers | {"call": papers["close"]}) == gate(staged, papers | {"call": papers["notice"]}) == "call"
    too_much(staged, papers)


def too_much(staged: world.Staged, papers) -> None:  # type: ignore[no-untyped-def]
    """A custodian that answers for prices as well, of its own accord, is refused."""
    keeper = staged.sealed.keepers[0]
    cleared = clear(papers, Pins(staged.centre.ledger_key.verifier, ()), staged.centre.now(), lambda point: None)
    from trading.opening.state import front

    whole = {bytes.fromhex(row.digest): front(row) for row in staged.sealed.all(Envelope)}
    share = restore(bytes([1]) * 32, cleared.transcript, keeper.program.identity_seed)
    raw = build_batch(answer_all(share, cleared.occasion, whole, cleared.transcript.public_key, lambda n: b"\x07" * n))
    cmd = PostPartials(project=staged.sealed.project, batch=raw.decode(), signature=sign_batch(raw, keeper.program.identity_seed).hex())
    refused("custodian_gates_passed", post_partials, staged.centre, Actor("program", keeper.id, channel="custodian"), cmd)


def test_between_the_envelopes_there_is_nothing_to_answer(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    staged = world.scoring(centre, tmp_path)
    with pytest.raises(NotYours):
        papers_of(staged)
    old = staged.sealed.all(Batch)[0]
    keeper = Actor("program", staged.sealed.keepers[old.number - 1].id, channel="custodian")
    refused("turn_has_come", post_partials, centre, keeper, PostPartials(project=staged.sealed.project, batch=old.batch, signature=old.signature))


def test_a_program_answers_for_the_files_that_were_called_for(called: world.Staged) -> None:
    papers = papers_of(called)
    assert gate(called, papers) == {"price 3"}
    assert gate(called, papers, now=called.hall.room.price_called - 1) == "clock"
    assert gate(called, papers | {"call": papers["close"]}) == "call"
    more = copy.deepcopy(papers)
    rejected = next(row.digest for row in called.sealed.all(Envelope, bid=called.bids[3], part="price"))
    more["call"]["payload"] = canon(parse(more["call"]["payload"].encode()) | {"body": {"digests": [rejected], "sheets": []}}).decode()
    assert gate(called, more) == "call"
    assert gate(called, {name: value for name, value in papers.items() if name != "call"}) == {"commercial 8", "technical 8"}


def keys(staged: world.Staged, n: int, *parts: str) -> Rescue:
    """What the bidder would give in; the file keys are those of its own sealing."""
    made, _ = staged.sealed.seal(staged.sealed.suppliers[n], world.PRICES[n])
    given = tuple(PartKey(part=part, file_key=made[part].file_key.hex()) for part in parts)
    bid = next(row.id for row in staged.sealed.all(Bid) if row.org == staged.sealed.suppliers[n].org)
    return Rescue(project=staged.sealed.project, bid=bid, keys=given)


def test_no_key_of_a_price_is_taken_before_its_turn(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    sealed = world.closed(centre, tmp_path)
    sealed.started()
    staged = world.Staged(sealed, None)  # type: ignore[arg-type]
    refused("turn_has_come", rescue, centre, sealed.suppliers[0], keys(staged, 0, "price", "commercial"))
    refused("receipt_key_fits", rescue, centre, sealed.suppliers[0], keys(staged, 0, "commercial"))


def test_in_its_turn_a_key_is_looked_at(called: world.Staged) -> None:
    refused("receipt_key_fits", rescue, called.centre, called.sealed.suppliers[0], keys(called, 0, "price"))
    refused("turn_has_come", rescue, called.centre, called.sealed.suppliers[3], keys(called, 3, "price"))


def test_a_price_that_stays_shut_is_somebodys_fault(called: world.Staged) -> None:
    centre, host = called.centre, called.sealed.host
    lost = AttributeFailure(project=called.sealed.project, bid=called.bids[2], cause="other", evidence="ab" * 32)
    refused("decryption_window_over_or_all", attribute_failure, centre, host, lost)
    refused("turn_has_come", attribute_failure, centre, host, lost.model_copy(update={"bid": called.bids[3]}))
    row = called.sealed.all(Envelope, bid=called.bids[2], part="price")[0]
    centre.blobs.delete(row.blob)
    called.sealed.custodians_answer()
    called.sealed.forward(31 * MINUTE)
    attribute_failure(centre, host, lost)
    with pytest.raises(Stale):
        attribute_failure(centre, host, lost)
    called.read_prices()
    assert {called.bids.index(total.bid) for total in called.hall.totals()} == {0, 1}


def test_nobody_is_held_at_fault_between_the_envelopes(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    staged = world.scoring(centre, tmp_path)
    cmd = AttributeFailure(project=staged.sealed.project, bid=staged.bids[0], cause="other", evidence="ab" * 32)
    refused("turn_has_come", attribute_failure, centre, staged.sealed.host, cmd)


def readers(staged: world.Staged) -> list[Actor]:
    return [PUBLIC, staged.sealed.host, staged.hall.tender.agent, staged.sealed.who, *staged.sealed.suppliers[:2], staff(staged.centre, "regulator", scope="works")]


def everything(staged: world.Staged, actor: Actor) -> str:
    """What the hall, the exported opening and the open data say to somebody."""
    with staged.centre.reading() as session:
        now = staged.centre.clock.now(session)
        said = [repr(hall(staged.centre, session, actor, staged.sealed.project, now)), repr(release_package(staged.centre, session, now))]
        if offered(session, actor, staged.sealed.project, now):
            said += [value.decode("utf-8", "replace") for value in proofs(staged.centre, session, actor, staged.sealed.project, now).values()]
        return "".join(said)


def amounts(text: str) -> set[int]:
    return {n for n, price in enumerate(world.PRICES) if str(price) in text or f"{price / 100:.2f}" in text}


def test_all_prices_at_one_moment_and_to_nobody_before(called: world.Staged) -> None:
    people = readers(called)
    assert [amounts(everything(called, one)) for one in people] == [set()] * 7
    called.sealed.custodians_answer(2)
    assert {row.amount for row in called.sealed.all(Opened, part="price")} == set(world.PRICES[:3])
    assert [amounts(everything(called, one)) for one in people] == [set()] * 7
    called.read_prices()
    assert [amounts(everything(called, one)) for one in people] == [{0, 1, 2}] * 7
    with called.centre.reading() as session:
        seen = hall(called.centre, session, PUBLIC, called.sealed.project, called.centre.now())
    assert sorted((line.state, line.amount) for line in seen.lines or ()) == sorted([
        ("sealed", None), *(("opened", price) for price in world.PRICES[:3])], key=str)


def test_the_committee_has_no_price_before_it_is_read_out(called: world.Staged) -> None:
    called.sealed.custodians_answer()
    from evaluation.seat_reads import table

    def prices() -> set[int | None]:
        with called.centre.reading() as session:
            seen = table(called.centre, session, called.hall.people["A"], called.sealed.project, called.centre.now())
            return {bidder.amount for bidder in seen.bidders}

    assert prices() == {None}
    called.read_prices()
    assert prices() == {None, *world.PRICES[:3]}


def exported(staged: world.Staged, actor: Actor) -> dict[str, bytes]:
    with staged.centre.reading() as session:
        return proofs(staged.centre, session, actor, staged.sealed.project, staged.centre.now())


def bad(files: dict[str, bytes]) -> list[str]:
    return [finding.words.en for finding in guarded("opening.json", check_opening, files) if not finding.good]


def test_anybody_repeats_the_second_opening(called: world.Staged) -> None:
    called.sealed.custodians_answer()
    called.read_prices()
    files = exported(called, PUBLIC)
    given = parse(files["opening.json"])
    assert {line["amount"] for line in given["parts"]} == set(world.PRICES[:3]) and "payload" not in given["call"]
    assert bad(files) == []
    assert len(bad(files | {"opening.json": canon(given | {"call": {"o": given["close"]["o"]}})})) == 3
    called.sealed.set(stage="announced")
    given = parse(exported(called, PUBLIC)["opening.json"])
    assert bad(files | {"opening.json": canon(given)}) == []
    payload = parse(given["call"]["payload"].encode())
    payload["body"]["digests"].pop()
    given["call"]["payload"] = canon(payload).decode()
    assert "the call for the prices does not open its commitment" in bad(files | {"opening.json": canon(given)})


def test_the_dossier_knows_what_was_never_opened(called: world.Staged) -> None:
    called.sealed.custodians_answer()
    called.read_prices()
    committee.signed(committee.recommended(called.hall))
    first = called.hall.totals()[0]
    with called.centre.database.writing() as session:
        project = session.get_one(Project, called.sealed.project)
        project.stage, project.announced_at = "announced", called.centre.clock.now(session)
        bid = session.get_one(Bid, first.bid)
        session.add(Award(project=project.id, lot=bid.lot, bid=bid.id, org=bid.org, amount=first.amount, rank=1, at=project.announced_at))
        session.commit()
    settle(called.centre)
    row = publish(called.centre, SYSTEM, Publish(project=called.sealed.project))
    with zipfile.ZipFile(io.BytesIO(called.centre.blobs.get(row.blob))) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    findings = check(files, row.root)
    assert [f.words.en for f in findings if not f.good] == [] and "call" in {f.check for f in findings}
    given = parse(files["opening.json"])
    stray = next(one.digest for one in called.sealed.all(Envelope, bid=called.bids[3], part="price"))
    given["parts"][0]["digest"] = stray
    assert any("nobody called for" in f.words.en for f in check(files | {"opening.json": canon(given)}) if not f.good)
