"""The opening: its guards, what nobody can do early, and what is shown to whom."""
import pytest

from kernel.command import Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds.sealed import Sealed, formal, replay
from trading.bids.records import Bid, Envelope
from trading.bids.resupply import Resupply, resupply
from trading.bids.revoke import Revoke, revoke
from trading.bids.uploads import store
from trading.opening import decrypt as decrypting
from trading.opening.answer import Answer, answer
from trading.opening.attribute_failure import AttributeFailure, attribute_failure
from trading.opening.confirm import Confirm, confirm
from trading.opening.convene import Convene, convene
from trading.opening.name_host import NameHost, name_host
from trading.opening.object import Object
from trading.opening.object import object as raise_objection
from trading.opening.post_partials import PostPartials, post_partials
from trading.opening.qualify import Qualify, qualify
from trading.opening.read_out import ReadOut, read_out
from trading.opening.reads import hall, part
from trading.opening.records import Batch, Opened, Opening
from trading.opening.return_unopened import ReturnUnopened, return_unopened
from trading.opening.sign_in import SignIn, sign_in
from trading.opening.sign_record import SignRecord, sign_record
from trading.opening.start import Start, start
from trading.projects.records import Project
from trading.sealing.rules.partials import Batch as Partials
from trading.sealing.rules.partials import build_batch, read_batch, sign_batch


def refused(rule: str, act, *args):  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.reason.rule == rule, found.value.reason


def begin(world: Sealed) -> Opening:
    return start(world.centre, world.host, Start(project=world.project))


def test_the_opening_starts_at_its_time_and_not_before(works: Sealed, recording) -> None:  # type: ignore[no-untyped-def]
    refused("opening_time_reached", begin, works)
    works.forward(works.row(Project, works.project).deadline - works.centre.now())
    refused("closing_written", begin, works)
    settle(works.centre)
    recording["on"] = False
    refused("recording_on", begin, works)
    recording["on"] = True
    with pytest.raises(NotYours):
        start(works.centre, works.who, Start(project=works.project))
    assert begin(works).started is not None and works.stage == "opening"


def test_fewer_than_three_are_returned_unopened(centre, tmp_path, recording) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path)
    for n in range(2):
        world.bid(world.supplier(), 100 + n)
    world.named_host()
    world.to_deadline()
    refused("three_bidders", begin, world)
    return_unopened(centre, world.host, ReturnUnopened(project=world.project))
    row = world.row(Project, world.project)
    assert (row.stage, row.stopped_at, row.stop_cause) == ("failed", "closed", "fewer_than_three_bidders")
    assert world.custodians_answer() == [] and world.all(Opened) == []


def test_three_are_not_returned(works: Sealed) -> None:
    works.to_deadline()
    refused("fewer_than_three", return_unopened, works.centre, works.host, ReturnUnopened(project=works.project))


def test_a_host_belongs_to_no_side(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = replay(centre, tmp_path)
    bidder = world.supplier()
    world.bid(bidder)
    for someone in (world.who, bidder, world.supplier()):
        refused("separation_kept", name_host, centre, world.who, NameHost(project=world.project, person=someone.id))
    assert world.named_host()


def test_the_hall_opens_with_the_deadline(works: Sealed) -> None:
    with pytest.raises((Refused, Stale)):
        sign_in(works.centre, works.suppliers[0], SignIn(project=works.project))
    works.to_deadline()
    sign_in(works.centre, works.suppliers[0], SignIn(project=works.project))
    with pytest.raises(Stale):
        sign_in(works.centre, works.suppliers[0], SignIn(project=works.project))


def batch_of(world: Sealed, number: int) -> tuple[Actor, PostPartials]:
    """What custodian `number` would post now."""
    keeper, sent = world.keepers[number - 1], {}
    mailbox = keeper.program._mailbox
    keeper.program._mailbox = type("Catching", (), {
        "tasks": mailbox.tasks, "opening": mailbox.opening, "post": lambda self, act, fields: sent.update(fields)})()
    keeper.program.run_once()
    keeper.program._mailbox = mailbox
    return Actor("program", keeper.id, channel="custodian"), PostPartials(**sent)


def test_a_false_partial_is_refused_and_its_custodian_named(answered: Sealed) -> None:
    actor, good = batch_of(answered, 1)
    batch = read_batch(good.batch.encode())
    one, two, *rest = batch.partials
    swapped = Partials(batch.index, batch.occasion, (type(one)(one.digest, two.point, one.challenge, one.answer), two, *rest))
    raw = build_batch(swapped)
    signed = sign_batch(raw, answered.keepers[0].program.identity_seed).hex()
    refused("dleq_good", post_partials, answered.centre, actor, PostPartials(project=answered.project, batch=raw.decode(), signature=signed))
    refused("dleq_good", post_partials, answered.centre, actor, good.model_copy(update={"signature": "00" * 64}))
    short = build_batch(Partials(batch.index, batch.occasion, batch.partials[1:])).decode()
    refused("custodian_gates_passed", post_partials, answered.centre, actor, good.model_copy(update={"batch": short}))
    other = Actor("program", answered.keepers[1].id, channel="custodian")
    refused("custodian_gates_passed", post_partials, answered.centre, other, good)
    refused("custodian_named", post_partials, answered.centre, Actor("program", "x", channel="custodian"), good)
    with pytest.raises(NotYours):
        post_partials(answered.centre, answered.host, good)
    assert post_partials(answered.centre, actor, good).number == 1
    refused("first_word", post_partials, answered.centre, actor, good)


def test_k_minus_one_batches_open_nothing(answered: Sealed) -> None:
    actor, good = batch_of(answered, 1)
    post_partials(answered.centre, actor, good)
    settle(answered.centre)
    refused("k_partials_good", decrypting.run, answered.centre, answered.project)
    assert answered.all(Opened) == [] and not (answered.centre.home / "opened").exists()
    refused("all_decided", read_out, answered.centre, answered.host, ReadOut(project=answered.project))


def test_replaced_and_withdrawn_bids_are_never_decrypted(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from trading.bids.withdraw import Withdraw, withdraw

    world = replay(centre, tmp_path)
    old = world.bid(world.supplier(), 100)
    gone = world.bid(world.supplier(), 200)
    new = world.rebid(world.suppliers[0], old, 90)
    withdraw(centre, world.suppliers[1], Withdraw(project=world.project, bid=gone.id))
    world.opened()
    assert world.prices() == {new.id: 90}
    digests = {row.digest for row in world.all(Envelope) if row.bid in (old.id, gone.id)}
    assert not any(digest in row.batch for row in world.all(Batch) for digest in digests)


def test_rubbish_is_its_bidders_doing_and_a_missing_price_is_none(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = replay(centre, tmp_path)
    rubbish = world.bid(world.supplier(), price=b"not a price form")
    silent = world.bid(world.supplier(), None)
    good = world.bid(world.supplier(), 7)
    world.opened()
    assert {row.bid: (row.state, row.amount) for row in world.all(Opened)} == {
        rubbish.id: ("rubbish", None), silent.id: ("opened", None), good.id: ("opened", 7)}
    read_out(centre, world.host, ReadOut(project=world.project))


def test_a_lost_file_is_supplied_again_byte_for_byte(answered: Sealed) -> None:
    centre, one = answered.centre, answered.suppliers[0]
    row = next(e for e in answered.all(Envelope, part="price") if answered.row(Bid, e.bid).org == one.org)
    data = centre.blobs.get(row.blob)
    centre.blobs.delete(row.blob)
    answered.custodians_answer()
    assert row.bid not in answered.prices() and len(answered.prices()) == 2
    refused("all_decided", read_out, centre, answered.host, ReadOut(project=answered.project))
    other, _ = answered.seal(one, 5)
    up = store(centre, one, answered.project, answered.lot, "price", other["price"].data)
    refused("byte_equal", resupply, centre, one, Resupply(project=answered.project, part="price", upload=up.id))
    up = store(centre, one, answered.project, answered.lot, "price", data)
    resupply(centre, one, Resupply(project=answered.project, part="price", upload=up.id))
    settle(centre)
    assert answered.prices()[row.bid] == 100_00


def test_a_failure_is_attributed_after_the_window_and_with_evidence(answered: Sealed) -> None:
    centre, host = answered.centre, answered.host
    row = answered.all(Envelope, part="price")[0]
    centre.blobs.delete(row.blob)
    answered.custodians_answer()
    cmd = AttributeFailure(project=answered.project, bid=row.bid, cause="other", evidence="ab" * 32)
    refused("decryption_window_over_or_all", attribute_failure, centre, host, cmd)
    answered.forward(30 * MINUTE)
    refused("cause_evidence", attribute_failure, centre, host, cmd.model_copy(update={"evidence": ""}))
    opened = next(bid for bid in answered.prices())
    refused("not_decrypted", attribute_failure, centre, host, cmd.model_copy(update={"bid": opened}))
    attribute_failure(centre, host, cmd)
    assert answered.row(Bid, row.bid).state == "withdrawn"
    read_out(centre, host, ReadOut(project=answered.project))


def sign(world: Sealed) -> Opening:
    return sign_record(world.centre, world.host, SignRecord(project=world.project))


def test_the_record_waits_for_objections_and_for_the_window(read: Sealed) -> None:
    centre, one = read.centre, read.suppliers[0]
    with pytest.raises(Stale):
        read_out(centre, read.host, ReadOut(project=read.project))
    row = raise_objection(centre, one, Object(project=read.project, text="对唱标内容有异议"))
    refused("objections_answered", sign, read)
    answer(centre, read.host, Answer(project=read.project, objection=row.id, text="已当场核对"))
    refused("objection_open", answer, centre, read.host, Answer(project=read.project, objection=row.id, text="再答"))
    for actor in read.suppliers[:2]:
        confirm(centre, actor, Confirm(project=read.project))
    with pytest.raises(Stale):
        confirm(centre, one, Confirm(project=read.project))
    refused("confirm_window_over_or_all", sign, read)
    read.forward(10 * MINUTE)
    opening = sign(read)
    assert read.stage == "opened" and centre.blobs.get(opening.record_blob).startswith(b"%PDF")


def test_when_all_have_confirmed_nobody_waits(read: Sealed) -> None:
    with pytest.raises(NotYours):
        confirm(read.centre, read.host, Confirm(project=read.project))
    for actor in read.suppliers:
        confirm(read.centre, actor, Confirm(project=read.project))
    sign(read)
    refused("procurement_only", qualify, read.centre, read.who, Qualify(project=read.project))
    assert convene(read.centre, read.who, Convene(project=read.project)).stage == "convening"


def test_prices_are_confirmed_only_after_the_read_out(answered: Sealed) -> None:
    answered.custodians_answer()
    refused("read_out_done", confirm, answered.centre, answered.suppliers[0], Confirm(project=answered.project))


def test_a_revoked_bid_stays_in_the_list(read: Sealed) -> None:
    one = read.suppliers[0]
    bid = next(b for b in read.all(Bid) if b.org == one.org)
    assert revoke(read.centre, one, Revoke(project=read.project, bid=bid.id, cause="无法履约")).state == "revoked"
    assert len(read.prices()) == 3


def test_a_bid_is_revoked_only_after_the_deadline(works: Sealed) -> None:
    bid = works.all(Bid)[0]
    actor = next(a for a in works.suppliers if a.org == bid.org)
    refused("after_closing", revoke, works.centre, actor, Revoke(project=works.project, bid=bid.id, cause="无法履约"))


def test_prices_appear_all_at_once_and_only_after_the_read_out(answered: Sealed) -> None:
    centre = answered.centre
    one, stranger = answered.suppliers[0], answered.supplier()
    answered.custodians_answer()

    def seen(actor: Actor):  # type: ignore[no-untyped-def]
        with centre.reading() as session:
            return hall(centre, session, actor, answered.project, centre.clock.now(session))

    for actor in (answered.host, answered.who, one, stranger, Actor("public", "public")):
        view = seen(actor)
        assert view.lines is None and view.record is None
    assert seen(answered.host).decrypted == (3, 3) and seen(one).bids == 3
    read_out(centre, answered.host, ReadOut(project=answered.project))
    assert {line.amount for line in seen(one).lines or ()} == {100_00, 100_01, 100_02}
    assert {line.received for line in seen(one).lines or () if line.org != one.org} == {0}


def test_nothing_plain_lies_on_the_disk_before_or_after_the_opening(centre, tmp_path, recording) -> None:  # type: ignore[no-untyped-def]
    """Canary search: database, blobs, ledger, logs; after the opening the technical part is there, encrypted."""
    world = formal(centre, tmp_path)
    canary, price = b"%PDF-1.7 plan", b"913571117"
    for n in range(3):
        world.bid(world.supplier(), 913571117 + n)
    world.to_deadline()

    def hits(needle: bytes) -> list[str]:
        return [path.name for path in centre.home.rglob("*") if path.is_file() and needle in path.read_bytes()]

    assert hits(canary) == [] and hits(price) == []
    world.started()
    world.custodians_answer()
    assert world.all(Opened, part="technical") and hits(canary) == []
    row = world.all(Opened, part="technical")[0]
    owner = next(a for a in world.suppliers if a.org == world.row(Bid, row.bid).org)
    with centre.reading() as session:
        now = centre.clock.now(session)
        assert canary in b"".join(part(centre, session, owner, row.bid, "technical", now))
        for actor in (world.host, world.who, next(a for a in world.suppliers if a is not owner)):
            with pytest.raises(NotYours):
                part(centre, session, actor, row.bid, "technical", now)


def test_a_late_insertion_by_sql_is_no_part_of_the_list(works: Sealed, recording) -> None:  # type: ignore[no-untyped-def]
    """Fraud 2: a row written behind the acts after the closing changes nothing that custodians answer for."""
    works.to_deadline()
    before = works.all(Envelope)[0]
    with works.centre.database.writing() as session:
        bid = session.get_one(Bid, before.bid)
        late = Bid(project=bid.project, lot=bid.lot, org=works.who.org, supplier="00" * 32, supplier_salt=b"\0" * 32, version=1, moment=bid.moment, entry=bid.entry)
        session.add(late)
        session.flush()
        session.add(Envelope(bid=late.id, part="price", digest="ee" * 32, point="ff" * 32, header=before.header, proof=before.proof,
                             committed=before.committed, padded=before.padded, size=before.size, blob=before.blob))
        session.commit()
    start(works.centre, works.host, Start(project=works.project))
    settle(works.centre)
    works.custodians_answer()
    assert late.id not in {row.bid for row in works.all(Opened)} and len(works.prices()) == 3


def test_only_the_system_decrypts(works: Sealed) -> None:
    with pytest.raises((NotYours, Stale)):
        decrypting.decrypt(works.centre, works.host, decrypting.Decrypt(project=works.project), ())

