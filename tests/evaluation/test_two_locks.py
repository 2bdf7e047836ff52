"""Two envelopes, each under a lock of its bidder's own: the price stays shut to server and custodians together until its turn."""
import io
from typing import Any

import pytest

from evaluation.records import Total
from kernel.canonical import parse
from kernel.command import PUBLIC
from kernel.errors import Refused, Stale
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds import evaluation as committee
from tests.worlds import staged as world
from trading.bids.records import Bid
from trading.bids.submit import Submit, submit
from trading.opening.attribute_failure import AttributeFailure, attribute_failure
from trading.opening.proofs import proofs
from trading.opening.reads import hall
from trading.opening.records import Opened
from trading.sealing.rules.envelope import open_with_key
from trading.sealing.rules.faults import Fault
from verify.opening import check_opening

MINUTES = 20


@pytest.fixture
def staged(centre: Any, tmp_path: Any) -> world.Staged:
    return world.scoring(centre, tmp_path, MINUTES)


def refused(rule: str, act: Any, *args: Any) -> None:
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.reason.rule == rule, found.value.reason


def prices(staged: world.Staged) -> dict[int, int]:
    return {staged.bids.index(bid): amount for bid, amount in staged.sealed.prices().items() if amount is not None}


def test_from_two_locks_to_the_ranking(staged: world.Staged) -> None:
    centre, sealed = staged.centre, staged.sealed
    first = {(staged.bids.index(row.bid), row.part): row.lock for row in sealed.all(Opened)}
    assert first == {(n, part): world.secret(n, 1) for n in range(4) for part in ("commercial", "technical")}
    refused("turn_has_come", world.unlock, sealed, 0, 2)  # the committee has not called for it
    staged.hand_in()
    assert [d.gate for d in sealed.custodians_answer()] == ["", "", ""] and prices(staged) == {}
    refused("lock_fits", world.unlock, sealed, 0, 1)  # the secret that everybody knows by now
    refused("turn_has_come", world.unlock, sealed, 3, 2)  # rejected, and never called for
    world.unlock(sealed, 0, 2)
    world.unlock(sealed, 1, 2)
    assert prices(staged) == {}
    with pytest.raises(Stale):
        world.unlock(sealed, 1, 2)
    seen = public_hall(staged)
    assert (seen.unlocked, seen.lock_until) == ((2, 3), staged.hall.room.price_called + MINUTES * MINUTE)
    world.unlock(sealed, 2, 2)
    assert prices(staged) == dict(enumerate(world.PRICES[:3]))
    staged.read_prices()
    committee.recommended(staged.hall)
    committee.signed(staged.hall)
    assert staged.hall.room.stage == "sealed" and len(sealed.all(Total)) == 3
    staged.sign_record()
    with centre.reading() as session:
        exported = proofs(centre, session, sealed.host, sealed.project, centre.clock.now(session))
    assert all(check.good for check in check_opening(exported))
    for line in parse(exported["opening.json"])["parts"]:
        n, envelope = staged.bids.index(line["bid"]), 2 if line["part"] == "price" else 1
        assert bytes.fromhex(line["lock"]) == world.secret(n, envelope)
        if envelope == 2:
            with pytest.raises(Fault):
                open_with_key(io.BytesIO(exported[line["file"]]), None, bytes.fromhex(line["file_key"]), world.secret(n, 1))


def public_hall(staged: world.Staged) -> Any:
    with staged.centre.reading() as session:
        return hall(staged.centre, session, PUBLIC, staged.sealed.project, staged.centre.clock.now(session))


def test_a_price_lock_held_back_is_a_failure_and_the_others_go_on(staged: world.Staged) -> None:
    sealed, centre = staged.sealed, staged.centre
    staged.hand_in()
    sealed.custodians_answer()
    world.unlock(sealed, 0, 2)
    world.unlock(sealed, 1, 2)
    cmd = AttributeFailure(project=sealed.project, bid=staged.bids[2], cause="bidder", evidence="ab" * 32)
    refused("decryption_window_over_or_all", attribute_failure, centre, sealed.host, cmd)
    sealed.forward(MINUTES * MINUTE)
    settle(centre)
    assert prices(staged) == dict(enumerate(world.PRICES[:2]))
    refused("lock_window_open", world.unlock, sealed, 2, 2)
    attribute_failure(centre, sealed.host, cmd)
    assert sealed.row(Bid, staged.bids[2]).state == "revoked"
    staged.read_prices()
    assert {t.bid for t in staged.hall.totals()} == set(staged.bids[:2])


def test_one_lock_for_both_envelopes_is_refused(centre: Any, tmp_path: Any) -> None:
    sealed = world.closed(centre, tmp_path, MINUTES)
    actor = sealed.supplier()
    for locks in ({"lock": b"\x01" * 32}, {"price_lock": b"\x01" * 32}, {}):
        parts, salt = sealed.seal(actor, 5, **locks)
        refused("context_matches", submit, centre, actor, Submit(project=sealed.project, lot=sealed.lot, parts=sealed.upload(actor, parts), salt=salt.hex()))
    sealed.bid(actor, 5, lock=b"\x01" * 32, price_lock=b"\x02" * 32)
