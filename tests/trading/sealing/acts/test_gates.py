"""A custodian's program refuses: each gate with one fact of true papers changed."""
import copy
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.witness import server
from kernel.command import SYSTEM
from kernel.ledger.enrol_witness import EnrolWitness, enrol_witness
from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.note import WITNESS, Signer, Verifier
from kernel.ledger.opened import leaf_under
from kernel.ledger.witness import Witness, found
from kernel.messages import Message
from kernel.ticker import settle
from tests.worlds.sealed import Sealed, program, replay
from trading.bids.withdraw import Withdraw, withdraw
from trading.opening.records import Batch, GateReport, Opened
from trading.opening.start import Start, start
from trading.projects.records import Project
from trading.sealing.gates import Gate, Pins, clear


@pytest.fixture
def world(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    """Three bids, one of them withdrawn; the opening has begun and nobody has answered."""
    made = replay(centre, tmp_path)
    bids = [made.bid(made.supplier(), 100 + n) for n in range(3)]
    withdraw(centre, made.suppliers[0], Withdraw(project=made.project, bid=bids[0].id))
    made.started()
    return made


@pytest.fixture
def papers(world: Sealed):  # type: ignore[no-untyped-def]
    return world.keepers[0].program._mailbox.opening(world.project)


def gate(world: Sealed, papers, now: int = 0, pins: Pins | None = None, answered=None) -> str:  # type: ignore[no-untyped-def]
    try:
        clear(papers, pins or Pins(world.centre.ledger_key.verifier, ()), now or world.centre.now(), answered or (lambda point: None))
    except Gate as refusal:
        return refusal.code
    return ""


def test_true_papers_pass(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    assert gate(world, papers) == "" and len(papers["files"]) == 2


def test_its_own_clock_decides_not_the_servers(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    deadline = world.row(Project, world.project).deadline
    assert gate(world, papers, now=deadline - 1) == "clock"
    assert gate(world, papers, now=deadline) == ""


def test_without_a_close_leaf_nothing_is_opened(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    for close in ({}, papers["notice"], papers["leaves"][0], {**papers["close"], "salt": "00" * 32}):
        assert gate(world, {**papers, "close": close}) == "close_leaf"


def test_a_checkpoint_of_another_log_is_no_checkpoint(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    other = Signer(world.centre.origin, 1, b"\x03" * 32).verifier
    assert gate(world, papers, pins=Pins(other, ())) == "close_leaf"


def test_times_must_be_those_of_the_notice(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    assert gate(world, {**papers, "notice": papers["close"]}) == "notice"
    assert gate(world, {name: value for name, value in papers.items() if name != "notice"}) == "notice"


def test_a_notice_made_up_after_the_bids_is_none_of_theirs(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    """The same words again, entered by a server that would like other terms: nothing but its place in the log is wrong."""
    with world.centre.database.writing() as session:
        entry = session.scalars(select(Entry).where(Entry.on == world.project, Entry.tag == "trading.notices.publish")).one()
        columns = {c.key: getattr(entry, c.key) for c in Entry.__mapper__.column_attrs if c.key not in ("number", "position")}
        session.add(Entry(**columns | {"key": "again"}))
        session.commit()
    settle(world.centre)
    with world.centre.reading() as session:
        again = session.scalars(select(Entry).where(Entry.key == "again")).one()
        last = session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc())).first()
        late = leaf_under(world.centre, again, last)
    assert late["payload"] == papers["notice"]["payload"]
    assert gate(world, {**papers, "notice": late}) == "notice"


def test_a_leaf_that_is_not_in_the_log(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    changed = copy.deepcopy(papers)
    changed["leaves"][0]["payload"] = changed["leaves"][0]["payload"].replace('"version":1', '"version":2')
    assert gate(world, changed) == "leaf"


def test_a_leaf_after_the_close_is_too_late(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    from trading.sealing import gates

    close = gates.opened_leaf(Pins(world.centre.ledger_key.verifier, ()), papers["close"], 0)
    with pytest.raises(Gate) as refusal:
        gates._leaves(papers, Pins(world.centre.ledger_key.verifier, ()), world.project, close[0]["body"], 0, 1, close[3])
    assert refusal.value.code == "order"


@pytest.mark.parametrize("change", ["missing", "extra", "swapped"])
def test_files_are_exactly_those_of_the_closing_list(world: Sealed, papers, change: str) -> None:  # type: ignore[no-untyped-def]
    changed = copy.deepcopy(papers)
    files = changed["files"]
    if change == "missing":
        files.pop()
    elif change == "extra":
        files.append({"digest": "ab" * 32, "head": files[0]["head"]})
    else:
        files[0]["head"], files[1]["head"] = files[1]["head"], files[0]["head"]
    assert gate(world, changed) == "list"


def test_the_front_of_a_withdrawn_bid_does_not_pass_for_a_live_one(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    """The server tries to have the withdrawn bid's point multiplied under a live digest."""
    from trading.bids.records import Envelope
    from trading.opening.state import front

    changed = copy.deepcopy(papers)
    listed = {file["digest"] for file in changed["files"]}
    gone = next(row for row in world.all(Envelope) if row.digest not in listed)
    changed["files"][0]["head"] = front(gone).raw.hex()
    assert gate(world, changed) == "list"


def test_an_unsigned_transcript(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    assert gate(world, {**papers, "signatures": papers["signatures"][::-1]}) == "transcript"
    assert gate(world, {**papers, "transcript": papers["transcript"].replace('"k":2', '"k":3')}) == "transcript"


def test_papers_of_a_foreign_tender(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    assert gate(world, {**papers, "project": "another"}) == "transcript"


@pytest.mark.parametrize("papers_of", [{}, {"project": 1}, {"files": None}])
def test_papers_nobody_can_read(world: Sealed, papers, papers_of) -> None:  # type: ignore[no-untyped-def]
    assert gate(world, {**papers, **papers_of} if papers_of else {}) == ("task" if papers_of != {"project": 1} else "transcript")


def test_a_point_answered_elsewhere_is_not_answered_again(world: Sealed, papers) -> None:  # type: ignore[no-untyped-def]
    keeper = world.keepers[0]
    assert gate(world, papers, answered=lambda point: "other tender") == "repeated"
    assert [done.gate for done in keeper.program.run_once()] == [""]
    lines = (keeper.home / "points").read_text().splitlines()
    assert len(lines) == 2 and (keeper.home / "points").stat().st_mode & 0o077 == 0
    (keeper.home / "points").write_text("".join(line.replace(world.project, "othertender") + "\n" for line in lines))
    with world.centre.database.writing() as session:
        session.delete(session.scalar(select(Batch)))
        session.commit()
    again = program(world.centre, keeper.home, keeper.id)
    assert [done.gate for done in again.run_once()] == ["repeated"]
    assert [row.gate for row in world.all(GateReport)] == ["repeated"]
    settle(world.centre)
    with world.centre.reading() as session:
        assert any(m.reader == world.host.id and "保管人 1" in m.body_zh for m in session.scalars(select(Message)))


@pytest.mark.parametrize("forked", [False, True])
def test_a_log_that_is_not_the_one_seen_before_opens_nothing(world: Sealed, forked: bool) -> None:
    """What it saw is an early checkpoint of this log, or one of the same size over other leaves. A home of before holds no such memory."""
    keeper = world.keepers[0]
    with world.centre.reading() as session:
        row = session.scalars(select(Checkpoint).order_by(Checkpoint.size)).first()
        assert row is not None
        seen = f"{world.centre.origin} {row.size} {'ab' * 32 if forked else row.root}\n"
    assert not (keeper.home / "heads").exists()
    (keeper.home / "heads").write_text(seen)
    done = program(world.centre, keeper.home, keeper.id).run_once()
    assert [one.gate for one in done] == (["history"] if forked else [""])
    assert [row.gate for row in world.all(GateReport)] == (["history"] if forked else []) and len(world.all(Batch)) == (not forked)
    assert (keeper.home / "heads").read_text().startswith(seen) and ((keeper.home / "heads").read_text() == seen) == forked
    assert (keeper.home / "points").exists() != forked


def test_fewer_than_k_open_nothing(world: Sealed) -> None:
    world.custodians_answer(1)
    assert world.all(Opened) == []
    world.custodians_answer(2)
    assert len(world.all(Opened)) == 2


@pytest.fixture
def witness(centre, tmp_path: Path) -> Iterator[Witness]:  # type: ignore[no-untyped-def]
    """A witness over HTTP, on a clock the test may put forward."""
    signer = Signer("witness.example/w1", WITNESS, b"\x06" * 32)
    found(tmp_path / "witness", signer)
    clock = {"ahead": 0}
    made = Witness(tmp_path / "witness", [centre.ledger_key.verifier], lambda: centre.now() + clock["ahead"])
    made.clock = clock  # type: ignore[attr-defined]
    with server(made, "127.0.0.1", 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        url = f"http://127.0.0.1:{running.server_address[1]}"
        enrol_witness(centre, SYSTEM, EnrolWitness(vkey=signer.verifier.vkey(), name="示例见证人", url=url))
        yield made
        running.shutdown()
        thread.join()


def test_a_witness_must_have_seen_every_bid_in_time(centre, tmp_path, witness: Witness) -> None:  # type: ignore[no-untyped-def]
    made = replay(centre, tmp_path, quorum=1)
    made.bid(made.supplier(), 100)
    settle(centre)
    made.started()
    papers = made.keepers[0].program._mailbox.opening(made.project)
    pins = Pins(centre.ledger_key.verifier, (witness.verifier,))
    assert gate(made, papers, pins=pins) == ""
    assert gate(made, papers, pins=Pins(centre.ledger_key.verifier, ())) == "leaf"
    assert gate(made, papers, pins=Pins(centre.ledger_key.verifier, (Verifier("w2.example", WITNESS, b"\x01" * 32),))) == "leaf"


def test_a_witness_that_came_too_late(centre, tmp_path, witness: Witness) -> None:  # type: ignore[no-untyped-def]
    made = replay(centre, tmp_path, quorum=1)
    witness.clock["ahead"] = 3_600_000 + 121_000  # type: ignore[attr-defined]
    made.bid(made.supplier(), 100)
    host = made.named_host()
    made.to_deadline()
    start(centre, host, Start(project=made.project))
    settle(centre)
    papers = made.keepers[0].program._mailbox.opening(made.project)
    assert gate(made, papers, pins=Pins(centre.ledger_key.verifier, (witness.verifier,))) == "late"
