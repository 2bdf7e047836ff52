"""Twenty suppliers at the server's doors while the deadline passes: in time with a receipt, or late and told the article; never neither."""
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.rushing import hand_in, in_time, prepared
from bench.uploading import Client
from kernel.centre import Centre
from tests.worlds.sealed import formal
from tests.worlds.served import served
from trading.projects.records import Project

CROWD, EARLY, LATE = 20, 4, 4


def test_nobody_stands_between_a_receipt_and_a_refusal(centre: Centre, tmp_path: Path) -> None:
    """The first are served before the clock passes the deadline, the last begin after it, the others race with it."""
    world = formal(centre, tmp_path)
    (tmp_path / "sealed").mkdir()
    crowd = [prepared(world, tmp_path / "sealed", 20_000) for _ in range(CROWD)]
    deadline, passed = world.row(Project, world.project).deadline, threading.Event()
    world.forward(deadline - centre.now() - 600_000)

    with served(centre) as address, ThreadPoolExecutor(CROWD) as hands:
        clients = [Client(int(address.rpartition(":")[2]), world, ready.actor) for ready in crowd]

        def come(n: int) -> tuple[int, str]:
            if n >= CROWD - LATE:
                passed.wait()
            return hand_in(clients[n], world, crowd[n])

        running = [hands.submit(come, n) for n in range(CROWD)]
        first = [one.result() for one in running[:EARLY]]
        world.forward(deadline - centre.now())
        passed.set()
        answers = [one.result() for one in running]
    taken = [answer for answer in answers if answer[0] == 200]
    late = [said for status, said in answers if status == 409 and '"before_closing"' in said]
    assert len(taken) + len(late) == CROWD, answers
    assert {status for status, _ in first} == {200} and len(late) >= LATE
    in_time(world, len(taken), len(late))
