"""Many at once: forty bidders in the last two seconds, several readers of one ledger."""
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Refused
from kernel.ledger.entries import Cursor, Entry
from kernel.ledger.rows import check_rows
from kernel.messages import Message
from kernel.reactions import run_reactions
from kernel.ticker import settle
from tests.worlds.sealed import replay
from tests.worlds.subjects import reviewers, with_papers
from trading.bids import receipt as receipts
from trading.bids.note_refused import attempt
from trading.bids.records import Attempt, Bid, Closing, Upload
from trading.bids.submit import PartRef, Submit
from trading.bids.uploads import store
from trading.projects.records import Project
from trading.subjects.records import Assignment
from trading.subjects.submit import Submit as SubmitSubject
from trading.subjects.submit import submit

CROWD = 40


def together(jobs: list[Callable[[], object]]) -> list[object]:
    """Runs the jobs at once; what each returned or raised, in their order."""
    results: list[object] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(n: int) -> None:
        barrier.wait()
        try:
            results[n] = jobs[n]()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            results[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_forty_bidders_in_the_last_seconds_are_each_in_time_or_told_why_not(centre: Centre, tmp_path: Path) -> None:
    world = replay(centre, tmp_path)
    suppliers = [world.supplier() for _ in range(CROWD)]
    files = [world.seal(actor, 100 + n) for n, actor in enumerate(suppliers)]
    deadline = world.row(Project, world.project).deadline
    world.forward(deadline - centre.now() - 2000)

    def hand_in(n: int) -> Bid:
        parts, salt = files[n]
        time.sleep(n * 2.6 / CROWD)
        upload = store(centre, suppliers[n], world.project, world.lot, "price", parts["price"].data)
        ref = PartRef(part="price", upload=upload.id, digest=parts["price"].digest)
        return attempt(centre, suppliers[n], Submit(project=world.project, lot=world.lot, parts=(ref,), salt=salt.hex()))

    results = together([lambda n=n: hand_in(n) for n in range(CROWD)])  # type: ignore[misc]
    taken = [r for r in results if isinstance(r, Bid)]
    refused = [r for r in results if isinstance(r, Refused)]
    assert len(taken) + len(refused) == CROWD, [r for r in results if not isinstance(r, Bid | Refused)]
    assert taken and refused, "the crowd stands on both sides of the deadline"
    assert all(bid.moment < deadline for bid in taken)
    assert {r.reason.rule for r in refused} == {"before_closing"}
    assert all(r.reason.found and r.reason.needed and r.reason.under for r in refused)
    moments = [row.moment for row in world.all(Upload, state="whole")]
    assert len(moments) == len(refused) and min(moments) >= deadline
    assert len(world.all(Attempt, project=world.project)) == len(refused)
    world.to_deadline()
    settle(centre)
    (closing,) = world.all(Closing, project=world.project)
    assert closing.count == len(taken)
    with centre.reading() as session:
        for bid in taken:
            assert receipts.receipt(centre, session, Actor("person", "", bid.org), bid.id) is not None
        last = session.scalar(select(func.max(Entry.position)).where(Entry.tag == "trading.bids.submit"))
        assert last < session.scalars(select(Entry.position).where(Entry.tag == "trading.bids.close")).one()
    assert [f for f in check_rows(centre).findings if f.kind != "added"] == []


def test_one_bidder_on_forty_screens_has_one_bid(centre: Centre, tmp_path: Path) -> None:
    world = replay(centre, tmp_path)
    one = world.supplier()
    commands = [world.command(one, 100 + n) for n in range(12)]
    results = together([lambda cmd=cmd: attempt(centre, one, cmd) for cmd in commands])  # type: ignore[misc]
    assert len([r for r in results if isinstance(r, Bid)]) == 1
    others = [r for r in results if not isinstance(r, Bid)]
    assert all(isinstance(r, Refused) and r.reason.rule for r in others), others
    assert len(world.all(Bid, project=world.project)) == 1


def test_several_readers_of_one_ledger_react_once(centre: Centre) -> None:
    """A leader that lost its lock may still run when the next one begins."""
    reviewers(centre)
    for n in range(4):
        actor = with_papers(centre, n)
        submit(centre, actor, SubmitSubject(subject=actor.org or ""))
    together([lambda: run_reactions(centre) for _ in range(6)])
    settle(centre)
    with centre.reading() as session:
        last = session.scalar(select(func.max(Entry.number)).where(Entry.tag != "cover"))
        assert session.get_one(Cursor, "reactions").number == last
        assert session.scalar(select(func.count()).select_from(Message)) == session.scalar(select(func.count(func.distinct(Message.cause))))
        drawn = session.execute(select(Assignment.subject, Assignment.slot, func.count()).group_by(Assignment.subject, Assignment.slot)).all()
    assert len(drawn) == 4 and all(count == 1 for *_, count in drawn)
