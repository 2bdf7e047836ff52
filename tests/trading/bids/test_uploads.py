"""Ciphertext in pieces: any order, again after a broken line, one moment, checked whole without a key."""
import pytest

from kernel.errors import Malformed, Refused, Stale
from kernel.ticker import settle
from kernel.values import DAY
from tests.worlds.sealed import Sealed, coming, put, replay
from trading.bids import uploads
from trading.bids.records import Upload
from trading.bids.sealer import SealedPart
from trading.bids.submit import PartRef, Submit, submit


@pytest.fixture
def world(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    return replay(centre, tmp_path)


@pytest.fixture
def large(world: Sealed) -> tuple[SealedPart, bytes]:
    """A price part that nobody can read as a form, of three pieces."""
    parts, salt = world.seal(world.supplier(), price=b"x" * (2 * uploads.PIECE))
    return parts["price"], salt


def pieces(part: SealedPart) -> list[bytes]:
    return [part.data[cut] for cut in uploads.cuts(len(part.data), part.front)]


def kept(world: Sealed) -> list[str]:
    return [path.name for path in (world.centre.home / "blobs").iterdir()]


def begun(world: Sealed, part: SealedPart) -> Upload:
    return uploads.begin(world.centre, world.suppliers[0], world.project, world.lot, "price", len(part.data), part.front)


def test_pieces_come_in_any_order_and_twice(world: Sealed, large: tuple[SealedPart, bytes]) -> None:
    part, salt = large
    one, all_of = world.suppliers[0], pieces(part)
    assert len(all_of) == 3
    up = begun(world, part)
    for n in (2, 0, 0):
        assert put(world, one, up.id, n, all_of[n]) is None
    with world.centre.reading() as session:
        assert uploads.missing(session, one, up.id) == [1]
    with pytest.raises(Malformed):
        uploads.finish(world.centre, one, up.id)
    stamped = put(world, one, up.id, 1, all_of[1])
    assert stamped is not None
    world.forward(60_000)
    done = uploads.finish(world.centre, one, up.id)
    assert (done.digest, done.moment, done.state) == (part.digest, stamped, "whole")
    assert uploads.finish(world.centre, one, up.id).blob == done.blob
    with pytest.raises(Stale):
        put(world, one, up.id, 1, all_of[1])
    ref = PartRef(part="price", upload=up.id, digest=part.digest)
    assert submit(world.centre, one, Submit(project=world.project, lot=world.lot, parts=(ref,), salt=salt.hex())).moment == stamped
    assert b"".join(world.centre.blobs.stream(done.blob)) == part.data


@pytest.mark.parametrize(("number", "cut"), [(3, 0), (-1, 0), (0, 1)])
def test_a_piece_of_wrong_number_or_length_is_refused(world: Sealed, large: tuple[SealedPart, bytes], number: int, cut: int) -> None:
    one, all_of = world.suppliers[0], pieces(large[0])
    up = begun(world, large[0])
    with pytest.raises(Malformed):
        put(world, one, up.id, number, all_of[0][cut:])


def test_a_piece_that_was_under_way_when_the_other_completed_the_file_changes_nothing(world: Sealed, large: tuple[SealedPart, bytes]) -> None:
    """The same piece twice at once, with another content: the slower one would change what was already stamped."""
    part, one = large[0], world.suppliers[0]
    all_of, up = pieces(part), begun(world, part)
    for n in (0, 1):
        put(world, one, up.id, n, all_of[n])
    slow = coming(world, one, up.id, 0)
    slow.take(bytes(len(all_of[0])))
    assert put(world, one, up.id, 2, all_of[2]) is not None
    with pytest.raises(Stale):
        slow.stand()
    assert uploads.finish(world.centre, one, up.id).digest == part.digest
    assert b"".join(world.centre.blobs.stream(world.row(Upload, up.id).blob)) == part.data


def test_a_piece_may_come_in_blocks_of_any_length_and_break_off(world: Sealed, large: tuple[SealedPart, bytes]) -> None:
    part, one = large[0], world.suppliers[0]
    all_of, up = pieces(part), begun(world, part)
    for n, piece in enumerate(all_of):
        one_piece = coming(world, one, up.id, n)
        for step in range(0, len(piece), 3_000_001):
            one_piece.take(piece[step : step + 1_000_000])
            one_piece.take(piece[step + 1_000_000 : step + 3_000_001])
            one_piece.write()
            assert one_piece.ahead == 0
        if n == 1:
            before = kept(world)
            one_piece.drop()
            assert len(kept(world)) == len(before) - 1
            put(world, one, up.id, n, piece)
        else:
            one_piece.stand()
    assert uploads.finish(world.centre, one, up.id).digest == part.digest
    assert len(kept(world)) == len(before) + 1  # the third piece, and the second again in place of what broke off


@pytest.mark.parametrize(("off", "rule"), [(0, ""), (1, "envelope_whole"), (-1, "envelope_whole")])
def test_a_front_of_another_length_is_found_out(world: Sealed, off: int, rule: str) -> None:
    one = world.supplier()
    part = world.seal(one)[0]["price"]
    up = uploads.begin(world.centre, one, world.project, world.lot, "price", len(part.data), part.front + off)
    put(world, one, up.id, 0, part.data)
    if not rule:
        assert uploads.finish(world.centre, one, up.id).digest == part.digest
        return
    with pytest.raises(Refused) as found:
        uploads.finish(world.centre, one, up.id)
    assert found.value.reason.rule == rule


@pytest.mark.parametrize("change", ["truncated", "appended"])
def test_pieces_of_another_length_than_the_front_says_are_refused(world: Sealed, change: str) -> None:
    one = world.supplier()
    good = world.seal(one)[0]["price"]
    data = good.data[:-1] if change == "truncated" else good.data + b"\x00"
    up = uploads.begin(world.centre, one, world.project, world.lot, "price", len(data), good.front)
    put(world, one, up.id, 0, data)
    with pytest.raises(Refused) as found:
        uploads.finish(world.centre, one, up.id)
    assert found.value.reason.rule == "envelope_whole"


@pytest.mark.parametrize("change", ["plain", "truncated", "appended", "edited"])
def test_what_is_not_sealed_is_refused_with_its_last_byte(world: Sealed, change: str) -> None:
    one = world.supplier()
    good = world.seal(one)[0]["price"].data
    bad = {"plain": b"%PDF-1.7 not sealed at all", "truncated": good[:-1], "appended": good + b"\x00", "edited": good.replace(b'"version":1', b'"version":2')}[change]
    with pytest.raises(Refused) as found:
        uploads.store(world.centre, one, world.project, world.lot, "price", bad)
    assert found.value.reason.rule in ("envelope_whole", "proof_good")
    assert uploads.store(world.centre, one, world.project, world.lot, "price", good).state == "whole"


@pytest.mark.parametrize(("part", "size"), [("base", 10), ("price", 0), ("price", 1 << 60)])
def test_parts_and_sizes_have_limits(world: Sealed, part: str, size: int) -> None:
    with pytest.raises(Malformed):
        uploads.begin(world.centre, world.supplier(), world.project, world.lot, part, size, 1)


def test_what_nobody_submitted_goes_a_day_after(world: Sealed) -> None:
    one, two = world.supplier(), world.supplier()
    kept = world.command(one)
    submit(world.centre, one, kept)
    left = world.all(Upload, id=world.command(two).parts[0].upload)[0]
    world.forward(200_000)
    world.to_deadline()
    world.forward(200_000)
    settle(world.centre)
    assert world.row(Upload, left.id).state == "whole" and world.centre.blobs.get(left.blob)
    world.forward(DAY)
    settle(world.centre)
    assert world.row(Upload, left.id).state == "dropped"
    with pytest.raises(FileNotFoundError):
        world.centre.blobs.get(left.blob)
    assert world.centre.blobs.get(world.row(Upload, kept.parts[0].upload).blob)
