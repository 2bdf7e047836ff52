"""The centre's clock is moved by an hour, either way, by whoever owns the machine. Decisions stand; custodians and witness have clocks of their own."""
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.witness import server
from kernel import clock
from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Refused, Stale
from kernel.ledger.enrol_witness import EnrolWitness, enrol_witness
from kernel.ledger.note import WITNESS, Signer
from kernel.ledger.witness import Witness, found
from kernel.ticker import settle
from kernel.values import HOUR, MINUTE
from tests.worlds.sealed import Sealed, replay
from trading.bids.close import Close, close
from trading.bids.records import Bid, Closing
from trading.bids.submit import submit
from trading.bids.withdraw import Withdraw, withdraw
from trading.opening.records import Opened
from trading.opening.start import Start, start
from trading.projects.records import Project
from trading.sealing.custodian import Custodian
from trading.sealing.gates import Pins
from trading.sealing.mailbox import LocalMailbox

HOUR_EITHER_WAY = [HOUR, -HOUR]
TRUE = clock.system_ms


class Moved:
    """The machine's clock as the house sees it; `true` is what everybody else sees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.by = 0
        monkeypatch.setattr(clock, "system_ms", lambda: TRUE() + self.by)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Moved:
    return Moved(monkeypatch)


@pytest.fixture
def true_now(centre: Centre, moved: Moved) -> Callable[[], int]:
    return lambda: centre.now() - moved.by


@pytest.fixture
def witness(centre: Centre, tmp_path: Path, true_now: Callable[[], int]) -> Iterator[Witness]:
    signer = Signer("witness.example/w1", WITNESS, b"\x06" * 32)
    found(tmp_path / "witness", signer)
    made = Witness(tmp_path / "witness", [centre.ledger_key.verifier], true_now)
    with server(made, "127.0.0.1", 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        enrol_witness(centre, SYSTEM, EnrolWitness(vkey=signer.verifier.vkey(), name="示例见证人", url=f"http://127.0.0.1:{running.server_address[1]}"))
        yield made
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("by", HOUR_EITHER_WAY)
def test_a_closed_list_stays_closed(centre: Centre, tmp_path: Path, moved: Moved, by: int) -> None:
    """With the clock set back it is before the deadline again, for the clock only."""
    world = replay(centre, tmp_path)
    kept = world.bid(world.supplier(), 100)
    late = world.supplier()
    world.to_deadline()
    lists = [(row.root, row.count) for row in world.all(Closing)]
    moved.by = by
    cmd = world.command(late, 50)
    with pytest.raises(Refused) as refusal:
        submit(centre, late, cmd)
    assert refusal.value.reason.rule == "before_closing"
    with pytest.raises((Refused, Stale)):
        withdraw(centre, world.suppliers[0], Withdraw(project=world.project, bid=kept.id))
    with pytest.raises((Refused, Stale)):
        close(centre, SYSTEM, Close(project=world.project))
    settle(centre)
    assert [(row.root, row.count) for row in world.all(Closing)] == lists and lists[0][1] == 1
    assert world.stage == "closed" and [bid.state for bid in world.all(Bid)] == ["live"]


@pytest.mark.parametrize("by", [*HOUR_EITHER_WAY, 0])
def test_a_tender_runs_to_its_end_under_a_clock_that_jumps_between_the_acts(centre: Centre, tmp_path: Path, moved: Moved, by: int) -> None:
    world = replay(centre, tmp_path)
    for amount in (300, 100, 200):
        world.bid(world.supplier(), amount)
    world.started()
    moved.by = by
    world.custodians_answer()
    if by < 0:  # before the deadline by every clock there is: nobody opens
        assert world.all(Opened) == []
        moved.by = 0
        world.custodians_answer()
    assert sorted(row.amount for row in world.all(Opened)) == [100, 200, 300]


@pytest.mark.parametrize(("by", "gate"), [(0, ""), (-HOUR, "late")])
def test_a_friend_let_in_after_the_deadline_is_caught_by_the_witness(
    centre: Centre, tmp_path: Path, moved: Moved, true_now: Callable[[], int], witness: Witness, by: int, gate: str,
) -> None:
    """The centre takes the bid by a clock an hour slow; the witness signs by its own, and no custodian opens anything."""
    world = replay(centre, tmp_path, quorum=1)
    world.bid(world.supplier(), 100)
    settle(centre)
    friend = world.supplier()
    if by:
        world.forward(world.row(Project, world.project).deadline - centre.now() + 10 * MINUTE)
        moved.by = by
    world.bid(friend, 99)
    settle(centre)
    host = world.named_host()
    moved.by = 0
    settle(centre)
    if not by:
        world.to_deadline()
    start(centre, host, Start(project=world.project))
    settle(centre)
    answers = {done.gate for done in answer(world, witness, true_now)}
    assert answers == {gate} and len(world.all(Opened)) == (0 if gate else 2)


def test_an_early_opening_by_a_fast_clock_finds_no_custodian(
    centre: Centre, tmp_path: Path, moved: Moved, true_now: Callable[[], int], witness: Witness,
) -> None:
    """The insider wants to read the prices while others still bid. Half an hour later by true clocks it would open."""
    world = replay(centre, tmp_path, quorum=1)
    world.bid(world.supplier(), 100)
    settle(centre)
    host = world.named_host()
    deadline = world.row(Project, world.project).deadline
    moved.by = deadline - centre.now() + 5 * MINUTE
    settle(centre)
    assert world.stage == "closed"
    start(centre, host, Start(project=world.project))
    settle(centre)
    assert {done.gate for done in answer(world, witness, true_now)} == {"clock"} and world.all(Opened) == []
    assert {done.gate for done in answer(world, witness, centre.now)} == {""} and len(world.all(Opened)) == 1


def answer(world: Sealed, witness: Witness, now: Callable[[], int]) -> list:  # type: ignore[type-arg]
    """All custodians look once, each by a clock of its own."""
    pins = Pins(world.centre.ledger_key.verifier, (witness.verifier,))
    done = [d for k in world.keepers for d in Custodian(k.home, LocalMailbox(world.centre, k.id), pins, now).run_once()]
    settle(world.centre)
    return done
