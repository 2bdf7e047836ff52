"""Custodians fail: whoever kept its file keys opens its bid with them, where the document allows it, and nobody opens another's."""
from typing import Any

import pytest

from kernel.errors import NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds.sealed import Sealed, formal
from trading.bids.submit import Submit, submit
from trading.opening.post_lock import PostLock, post_lock
from trading.opening.read_out import ReadOut, read_out
from trading.opening.records import Opened
from trading.opening.rescue import PartKey, Rescue, rescue

LOCK = b"\x11" * 32


def refused(rule: str, act: Any, *args: Any) -> None:
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.reason.rule == rule, found.value.reason


def handed_in(world: Sealed, lock: bytes = b"") -> list[Rescue]:
    """Three bids; what each bidder would give in from its key file."""
    made = []
    for n in range(3):
        actor = world.supplier()
        parts, salt = world.seal(actor, 100 + n, lock=lock)
        bid = submit(world.centre, actor, Submit(project=world.project, lot=world.lot, parts=world.upload(actor, parts), salt=salt.hex()))
        keys = tuple(PartKey(part=part, file_key=sealed.file_key.hex()) for part, sealed in parts.items())
        made.append(Rescue(project=world.project, bid=bid.id, keys=keys))
    world.named_host()
    return made


def test_a_bidder_opens_its_own_bid_where_custodians_fail(centre: Any, tmp_path: Any, recording: Any) -> None:
    world = formal(centre, tmp_path)
    one, two, three = handed_in(world)
    actor, other, last = world.suppliers
    with pytest.raises(Stale):
        rescue(centre, actor, one)
    world.started()
    world.custodians_answer(1)
    assert world.all(Opened) == []
    world.set(rescue=0)
    refused("rescue_in_document", rescue, centre, actor, one)
    world.set(rescue=1)
    refused("receipt_key_fits", rescue, centre, actor, one.model_copy(update={"keys": two.keys}))
    with pytest.raises(NotYours):
        rescue(centre, other, one)
    with pytest.raises(NotYours):
        rescue(centre, world.who, one)
    rescue(centre, actor, one)
    refused("not_decrypted", rescue, centre, actor, one)
    settle(centre)
    assert world.prices() == {one.bid: 100} and {row.part for row in world.all(Opened)} == {"price", "commercial", "technical"}
    rescue(centre, world.host, two)
    settle(centre)
    world.custodians_answer()
    assert world.prices() == {one.bid: 100, two.bid: 101, three.bid: 102}
    refused("not_decrypted", rescue, centre, last, three)
    read_out(centre, world.host, ReadOut(project=world.project))


def test_a_locked_bid_is_unlocked_first_and_waits_for_the_window_all_the_same(centre: Any, tmp_path: Any, recording: Any) -> None:
    world = formal(centre, tmp_path, mode="M2", lock_minutes=20)
    given = handed_in(world, LOCK)
    world.started()
    actor = world.suppliers[0]
    refused("receipt_key_fits", rescue, centre, actor, given[0])

    def unlock(n: int) -> None:
        post_lock(centre, world.suppliers[n], PostLock(project=world.project, bid=given[n].bid, secret=LOCK.hex()))

    unlock(0)
    rescue(centre, actor, given[0])
    settle(centre)
    assert world.all(Opened) == []
    unlock(1)
    unlock(2)
    world.forward(20 * MINUTE)
    settle(centre)
    assert world.prices() == {given[0].bid: 100}
    world.custodians_answer()
    assert sorted(world.prices().values()) == [100, 101, 102], "custodians who come after the window open what is unlocked"
