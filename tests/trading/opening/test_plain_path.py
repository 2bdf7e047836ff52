"""From the sealed bid to the signed record."""
from tests.worlds.sealed import replay
from trading.opening.read_out import ReadOut, read_out
from trading.opening.sign_record import SignRecord, sign_record


def test_a_replay_opens_what_was_sealed(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = replay(centre, tmp_path)
    one, two = world.supplier(), world.supplier()
    bids = {world.bid(one, 500).id: 500, world.bid(two, 300).id: 300}
    assert world.prices() == {}
    world.opened()
    assert world.prices() == bids
    read_out(centre, world.host, ReadOut(project=world.project))
    sign_record(centre, world.host, SignRecord(project=world.project))
    assert world.stage == "opened"
