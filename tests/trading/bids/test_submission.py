"""Submission, replacement, withdrawal: each guard with one fact changed."""
import hashlib

import pytest
from sqlalchemy import select

from kernel.canonical import parse
from kernel.command import SYSTEM, Actor
from kernel.errors import Malformed, NotYours, Refused, Stale
from kernel.identity.records import SigningKey
from kernel.identity.signing import give_nonce, sign_with_key
from kernel.ledger.entries import Entry
from kernel.ledger.leaf import leaf_of
from kernel.ledger.note import Verifier
from kernel.ledger.proof import Proof, check
from kernel.messages import Message
from kernel.ticker import settle
from tests.worlds.projects import organisation
from tests.worlds.sealed import Sealed, formal, replay
from trading.bids import receipt as receipts
from trading.bids.close import Close, close
from trading.bids.note_refused import attempt
from trading.bids.reads import workspace
from trading.bids.records import Attempt, Bid, Closing, Envelope, Upload
from trading.bids.replace import Replace, replace
from trading.bids.rules import closing_root
from trading.bids.submit import Submit, submit
from trading.bids.withdraw import Withdraw, withdraw
from trading.projects.records import Project
from trading.subjects.records import Subject


@pytest.fixture
def world(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    return replay(centre, tmp_path)


def refused(rule: str, act, *args) -> Refused:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.reason.rule == rule
    return found.value


def test_a_bid_is_kept_with_its_digests_and_nothing_else(world: Sealed) -> None:
    one = world.supplier()
    bid = world.bid(one, 777_123)
    envelope = world.all(Envelope, bid=bid.id)[0]
    with world.centre.reading() as session:
        entry = session.scalar(select(Entry).where(Entry.key == bid.entry))
    assert entry is not None and entry.opens == "works.opened procurement.announced"
    payload = parse(entry.payload.encode())
    assert payload["body"]["parts"] == {"price": envelope.digest}
    assert one.id not in entry.payload and (one.org or "") not in entry.payload and "777123" not in entry.payload


def test_only_a_supplier_bids(world: Sealed) -> None:
    cmd = world.command(world.supplier())
    with pytest.raises(NotYours):
        submit(world.centre, world.who, cmd)
    with pytest.raises(NotYours):
        submit(world.centre, world.supplier(), cmd)


def test_a_barred_supplier_is_refused(world: Sealed) -> None:
    one = world.supplier()
    cmd = world.command(one)
    world.set(Subject, one.org, barred_until=world.centre.now() + 10**9, bar_decision="示例决定〔2026〕1号")
    refused("not_barred", submit, world.centre, one, cmd)
    world.set(Subject, one.org, barred_until=world.centre.now() - 1)
    assert submit(world.centre, one, cmd).state == "live"


@pytest.mark.parametrize(("late_by", "rule"), [(-1, ""), (0, "before_closing"), (1, "before_closing")])
def test_the_moment_after_the_last_byte_decides(world: Sealed, late_by: int, rule: str) -> None:
    """Late by 0 ms is late."""
    one = world.supplier()
    cmd = world.command(one)
    deadline = world.row(Project, world.project).deadline
    world.set(Upload, cmd.parts[0].upload, moment=deadline + late_by)
    if rule:
        refused(rule, submit, world.centre, one, cmd)
    else:
        assert submit(world.centre, one, cmd).moment == deadline - 1


def test_a_file_whole_in_time_is_taken_within_the_grace(world: Sealed) -> None:
    one = world.supplier()
    cmd = world.command(one)
    world.forward(world.row(Project, world.project).deadline - world.centre.now() + 5000)
    settle(world.centre)
    assert world.stage == "inviting"  # the list waits for the file in time
    assert submit(world.centre, one, cmd).state == "live"
    settle(world.centre)
    assert world.stage == "closed" and world.all(Closing, project=world.project)[0].count == 1


def test_after_the_grace_the_list_is_closed_without_it(world: Sealed) -> None:
    one = world.supplier()
    cmd = world.command(one)
    world.forward(world.row(Project, world.project).deadline - world.centre.now() + 121_000)
    settle(world.centre)
    assert world.stage == "closed"
    refused("before_closing", submit, world.centre, one, cmd)


def test_a_late_bid_is_noted_and_its_sender_told(world: Sealed) -> None:
    one = world.supplier()
    cmd = world.command(one)
    world.set(Upload, cmd.parts[0].upload, moment=world.row(Project, world.project).deadline)
    refused("before_closing", attempt, world.centre, one, cmd)
    noted = world.all(Attempt, project=world.project)
    assert [(row.org, row.guard, row.digest) for row in noted] == [(one.org, "before_closing", cmd.parts[0].digest)]
    settle(world.centre)
    with world.centre.reading() as session:
        told = [m for m in session.scalars(select(Message)) if m.cause.startswith("refused/")]
    assert [m.reader for m in told] == [one.id] and "历史项目" not in told[0].subject_zh


def test_an_attempt_nobody_made_is_not_noted(world: Sealed) -> None:
    from trading.bids.note_refused import NoteRefused, note_refused

    one = world.supplier()
    refused("attempt_real", note_refused, world.centre, SYSTEM, NoteRefused(project=world.project, org=one.org or "", guard="before_closing"))


def test_parts_must_be_complete(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path)
    one = world.supplier()
    cmd = world.command(one)
    found = refused("envelope_whole", submit, centre, one, cmd.model_copy(update={"parts": cmd.parts[:2]}))
    assert "technical" in (found.reason.found.zh if found.reason.found else "")
    assert submit(centre, one, cmd).state == "live"


@pytest.mark.parametrize("what", ["project", "lot", "version", "supplier"])
def test_the_context_must_match(world: Sealed, what: str) -> None:
    one, two = world.supplier(), world.supplier()
    more: dict[str, object] = {"project": {"project": "another"}, "lot": {"lot": "another"}, "version": {"version": 2}}.get(what, {})
    parts, salt = world.seal(two if what == "supplier" else one, 100, **more)  # type: ignore[arg-type]
    cmd = Submit(project=world.project, lot=world.lot, parts=world.upload(one, parts), salt=salt.hex())
    refused("context_matches", submit, world.centre, one, cmd)


def test_swapped_files_of_two_suppliers_are_refused(world: Sealed) -> None:
    """Fraud 3: each brings the other's envelope."""
    one, two = world.supplier(), world.supplier()
    (mine, salt), (theirs, other) = world.seal(one, 100), world.seal(two, 200)
    for actor, parts, its in ((one, theirs, salt), (two, mine, other)):
        refused("context_matches", submit, world.centre, actor, Submit(project=world.project, lot=world.lot, parts=world.upload(actor, parts), salt=its.hex()))


def test_a_copied_envelope_is_refused(world: Sealed) -> None:
    """The same ephemeral key may stand in one bid only, also where somebody knows salt and code."""
    one = world.supplier()
    parts, salt = world.seal(one, 100)
    cmds = [Submit(project=world.project, lot=world.lot, parts=world.upload(one, parts), salt=salt.hex()) for _ in range(2)]
    bid = submit(world.centre, one, cmds[0])
    withdraw(world.centre, one, Withdraw(project=world.project, bid=bid.id))
    refused("proof_good", submit, world.centre, one, cmds[1])


def test_a_second_bid_must_name_the_first(world: Sealed) -> None:
    one = world.supplier()
    world.bid(one, 100)
    refused("no_live_bid_without_prev", submit, world.centre, one, world.command(one, 90))


def test_replacing_keeps_one_live_version(world: Sealed) -> None:
    one = world.supplier()
    first = world.bid(one, 100)
    second = world.rebid(one, first, 90)
    assert [(row.version, row.state) for row in sorted(world.all(Bid, org=one.org), key=lambda b: b.version)] == [(1, "replaced"), (2, "live")]
    assert second.prev == first.id
    refused("prev_is_live", lambda: world.rebid(one, first, 80))
    with pytest.raises(Malformed):
        parts, salt = world.seal(one, 70, version=4)
        replace(world.centre, one, Replace(project=world.project, lot=world.lot, parts=world.upload(one, parts), salt=salt.hex(), version=4, prev=second.id))


def test_withdrawing_works_while_suspended_and_once(world: Sealed) -> None:
    one = world.supplier()
    bid = world.bid(one, 100)
    cmd = world.command(world.supplier())
    world.set(suspended="objection")
    refused("not_suspended", submit, world.centre, world.suppliers[-1], cmd)
    assert withdraw(world.centre, one, Withdraw(project=world.project, bid=bid.id)).state == "withdrawn"
    with pytest.raises(NotYours):
        withdraw(world.centre, one, Withdraw(project=world.project, bid=bid.id))
    world.set(suspended="")
    assert world.bid(one, 90).version == 1


def test_nobody_withdraws_anothers_bid(world: Sealed) -> None:
    one, two = world.supplier(), world.supplier()
    bid, _ = world.bid(one), world.bid(two)
    with pytest.raises(NotYours):
        withdraw(world.centre, two, Withdraw(project=world.project, bid=bid.id))


def test_withdrawing_after_the_deadline_is_refused(world: Sealed) -> None:
    one = world.supplier()
    bid = world.bid(one)
    world.to_deadline()
    refused("before_closing", withdraw, world.centre, one, Withdraw(project=world.project, bid=bid.id))


def test_the_closing_list_holds_exactly_the_live_digests(world: Sealed) -> None:
    bids = [world.bid(world.supplier(), 100 + n) for n in range(4)]
    withdraw(world.centre, world.suppliers[0], Withdraw(project=world.project, bid=bids[0].id))
    newer = world.rebid(world.suppliers[1], bids[1], 50)
    refused("closing_reached", close, world.centre, SYSTEM, Close(project=world.project))
    with pytest.raises(NotYours):
        close(world.centre, world.who, Close(project=world.project))
    world.to_deadline()
    live = sorted(row.digest for row in world.all(Envelope) if row.bid in (newer.id, bids[2].id, bids[3].id))
    closing = world.all(Closing, project=world.project)[0]
    assert (closing.digests, closing.count, closing.root) == (live, 3, closing_root(live))
    with pytest.raises(Stale):
        close(world.centre, SYSTEM, Close(project=world.project))


def test_an_unsequenced_bid_holds_the_list_open(world: Sealed) -> None:
    world.bid(world.supplier())
    world.forward(world.row(Project, world.project).deadline - world.centre.now())
    refused("bids_all_sequenced", close, world.centre, SYSTEM, Close(project=world.project))
    settle(world.centre)
    assert world.stage == "closed"


def test_the_receipt_is_its_own_organisations_and_verifies(world: Sealed) -> None:
    one, two = world.supplier(), world.supplier()
    bid, _ = world.bid(one), world.bid(two)
    with world.centre.reading() as session:
        assert receipts.receipt(world.centre, session, one, bid.id) is None
    settle(world.centre)
    with world.centre.reading() as session:
        got = receipts.receipt(world.centre, session, one, bid.id)
        with pytest.raises(NotYours):
            receipts.receipt(world.centre, session, two, bid.id)
        assert [line.bid for line in receipts.receipts(world.centre, session, one, world.project)] == [bid.id]
    assert got is not None
    import hmac

    o = hmac.new(bytes.fromhex(got["salt"]), got["payload"].encode(), hashlib.sha256).hexdigest()
    check(Proof.parse(got["proof"].encode()), leaf_of(o), Verifier.parse(got["vkey"]))
    with pytest.raises(ValueError, match="path"):
        check(Proof.parse(got["proof"].encode()), leaf_of("00" * 32), Verifier.parse(got["vkey"]))


def test_in_a_real_centre_a_key_of_another_house_is_no_certified_key(world: Sealed) -> None:
    one, seed = world.supplier(), b"\x09" * 32
    cmd = world.command(one)
    with world.centre.database.writing() as session:
        now = world.centre.clock.now(session)
        public = bytes.fromhex(sign_with_key(seed, world.centre.origin, "x", {}, "00").key)
        key = SigningKey(person=one.id, org="elsewhere", public=public, certified=now)
        session.add(key)
        nonces = [give_nonce(session, one.id, now) for _ in range(2)]
        session.commit()

    def signed(nonce: str) -> Bid:
        return submit(world.centre, one, cmd, sig=sign_with_key(seed, world.centre.origin, "trading.bids.submit", cmd, nonce))

    refused("key_certified", signed, nonces[0])
    world.set(SigningKey, key.id, org=one.org)
    assert signed(nonces[1]).state == "live"


def test_the_workspace_shows_only_what_is_its_own(world: Sealed) -> None:
    one, two = world.supplier(), world.supplier()
    with world.centre.reading() as session:
        alone = workspace(session, one, world.project, world.row(Project, world.project).deadline - 1000)
    world.bid(two, 5)
    with world.centre.reading() as session:
        assert workspace(session, one, world.project, world.row(Project, world.project).deadline - 1000) == alone
        with pytest.raises(NotYours):
            workspace(session, world.who, world.project, world.centre.now())
        with pytest.raises(NotYours):
            workspace(session, Actor("person", "nobody"), world.project, world.centre.now())
    assert {task.code: task.state for task in alone.tasks} == {"take_document": "now", "submit": "now"}
    assert alone.left == 1000


def test_a_stranger_has_no_upload(world: Sealed) -> None:
    from trading.bids.uploads import begin, expect

    mine = begin(world.centre, world.supplier(), world.project, world.lot, "price", 10, 10)
    with pytest.raises(NotYours):
        expect(world.centre, world.supplier(), mine.id)
    with pytest.raises(NotYours):
        begin(world.centre, organisation(world.centre, "买方", buyer=True), world.project, world.lot, "price", 10, 10)
