"""kill -9 at every step of a submission, an opening and the sequencer; then a restart. What was promised is there, the rest never was."""
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cli.cast.house import House
from cli.cast.tender import Play, hand_in
from cli.ledger import write
from kernel.command import SYSTEM
from kernel.identity.invite import Invite, invite
from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.rows import check_rows
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from tests.worlds.broken import Copy, Snapshot, Zygote, assert_whole, known
from trading.bids.records import Bid
from trading.bids.sealer import seal_bid
from trading.opening.records import Opened, Opening
from trading.sealing.reads import ready_ceremony
from trading.sealing.rules.price import PriceForm
from verify.ledger import check

KILLED = -signal.SIGKILL
World = tuple[Snapshot, Play]


def playing(copy: Copy, play: Play) -> Play:
    """The same play on a copy."""
    from dataclasses import replace

    return replace(play, house=House(copy.centre, people=play.house.people), bidders=[replace(b) for b in play.bidders])


def sealed(copy: Copy, play: Play, folder: Path) -> dict[str, Any]:
    """The first bidder's three sealed files on disk, and what the job needs to hand them in."""
    bidder, salt = play.bidders[0], os.urandom(32)
    with copy.centre.reading() as session:
        ceremony = ready_ceremony(session, play.project)
    assert ceremony is not None
    parts = seal_bid(play.project, play.lot, bytes.fromhex(ceremony.key), bidder.code, PriceForm("CNY", bidder.amount), salt, os.urandom,
                     files={"commercial": {"a.pdf": b"%PDF-1.7"}, "technical": {"b.pdf": b"%PDF-1.7"}}, signer=copy.centre.rehearsal_seed(bidder.actor.id))
    folder.mkdir()
    for part, one in parts.items():
        (folder / f"{part}.tbid").write_bytes(one.data)
    return {"actor": known(bidder.actor), "folder": str(folder), "project": play.project, "lot": play.lot, "salt": salt.hex()}


def every(snapshot: Snapshot) -> int:
    """PostgreSQL copies a database for every kill: every sixth step there."""
    return 6 if snapshot.url else 1


def steps_of(said: list[str]) -> list[str]:
    return list(json.loads(said[-1])["steps"])


def test_a_submission_killed_at_any_step_is_there_whole_or_not_at_all(tender: World, zygote: Zygote, tmp_path: Path) -> None:
    snapshot, play = tender
    with snapshot.copy() as copy:
        job = sealed(copy, play, tmp_path / "parts")
        status, said = zygote.run(copy, "hand_in", **job)
        assert status == 0, said
        steps = steps_of(said)
    first = steps.index("INSERT INTO bid")
    upload = range(1, first // 3, 2)  # the other parts' uploads repeat the first one's
    seen = set()
    for kill in [*upload, *range(first, len(steps) + 1)][::every(snapshot)]:
        with snapshot.copy() as copy:
            status, said = zygote.run(copy, "hand_in", kill, **job)
            where = f"step {kill}: {steps[kill - 1]}"
            assert status == KILLED, where
            promised = [line.split()[1] for line in said if line.startswith("accepted")]
            bids = assert_whole(copy.restart())
            assert len(bids) <= 1 and set(promised) <= {bid.id for bid in bids}, where
            if not bids:  # the supplier goes on as if nothing had been
                hand_in(playing(copy, play), play.bidders[0])
                settle(copy.centre)
                bids = assert_whole(copy.centre)
            assert [bid.state for bid in bids] == ["live"], where
            seen.add((bool(promised), len(bids)))
    assert seen == {(False, 1), (True, 1)}


def test_the_sequencer_killed_between_positions_tiles_and_checkpoint_goes_on_as_one_log(tender: World, zygote: Zygote, tmp_path: Path) -> None:
    snapshot, _ = tender
    status, kill = KILLED, 1
    while status == KILLED:
        with snapshot.copy() as copy:
            for n in range(3):
                invite(copy.centre, SYSTEM, Invite(login=f"neu{n}", name="新人"))
            before = newest(copy)
            status, said = zygote.run(copy, "sequence", kill)
            invite(copy.centre, SYSTEM, Invite(login="danach", name="后人"))
            copy.restart()
            after = newest(copy)
            assert after.size > before.size
            assert write(copy.centre, tmp_path / f"export{kill}") == after.size
            assert check(tmp_path / f"export{kill}", quorum=1) == [], f"step {kill}"
            assert copy.centre.tiles.get("checkpoint") == after.note.encode()
            assert check_rows(copy.centre).findings == ()
            with copy.centre.reading() as session:
                assert session.scalar(select(Entry.number).where(Entry.position.is_(None)).limit(1)) is None
        kill += every(snapshot)
    assert status == 0 and {"commit", "committed", "after FolderStore.put", "rename checkpoint"} <= set(steps_of(said))


def newest(copy: Copy) -> Checkpoint:
    with copy.centre.reading() as session:
        return session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)).one()


@pytest.fixture(scope="module")
def closing(tender: World) -> World:
    """Three bids are in and the deadline has passed; nobody has run what falls due."""
    snapshot, play = tender
    copy = snapshot.copy()
    mine = playing(copy, play)
    for bidder in mine.bidders:
        hand_in(mine, bidder)
    settle(copy.centre)
    step(copy.centre, SYSTEM, Step(forward=play.deadline + 121_000 - copy.centre.now()))
    copy.stop()
    rested = Snapshot(snapshot.folder, copy.url)
    rested.home = copy.home
    return rested, mine


def test_an_opening_killed_at_any_step_is_finished_with_the_same_prices(closing: World, zygote: Zygote) -> None:
    """After the restart host and custodians do again whatever they would do again; every price comes out as it was sealed."""
    snapshot, play = closing
    apart = every(snapshot)
    with snapshot.copy() as copy:
        job = opening_job(copy, play)
        status, said = zygote.run(copy, "opening", **job)
        assert status == 0 and "read out" in said, said
        assert opened(copy, play) == sorted(b.amount for b in play.bidders if b.amount)
        steps = steps_of(said)
    inner = [n for n, name in enumerate(steps, 1) if name.startswith("INSERT") and "ledger_entry" not in name]
    after = [n for n, name in enumerate(steps, 1) if name == "committed"]
    files = [n for n, name in enumerate(steps, 1) if "put" in name]
    assert len(inner) >= 4 and len(after) > 8 and len(files) > 8
    for kill in sorted({*inner[::apart], *after[2 :: 6 * apart], *files[1 :: 8 * apart]}):
        with snapshot.copy() as copy:
            job = opening_job(copy, play)
            status, _ = zygote.run(copy, "opening", kill, **job)
            where = f"step {kill}: {steps[kill - 1]}"
            assert status == KILLED, where
            copy.restart()
            status, said = zygote.run(copy, "opening", **job)
            assert status == 0 and not [line for line in said if "gate=" in line and "gate=''" not in line], (where, said[:-1])
            assert opened(copy, play) == sorted(b.amount for b in play.bidders if b.amount), where
            assert len(assert_whole(copy.restart())) == 3, where
            with copy.centre.reading() as session:
                assert session.scalars(select(Opening.read_out).where(Opening.project == play.project)).one() is not None, where


def opening_job(copy: Copy, play: Play) -> dict[str, Any]:
    return {"project": play.project, "host": known(play.host), "bidders": [known(b.actor) for b in play.bidders], "keepers": copy.keepers()[:2]}


def opened(copy: Copy, play: Play) -> list[int | None]:
    with copy.centre.reading() as session:
        assert session.scalar(select(Bid.id).where(Bid.project == play.project).limit(1)) is not None
        return sorted(session.scalars(select(Opened.amount).where(Opened.project == play.project, Opened.part == "price")))
