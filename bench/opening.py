"""The opening of many bids: processor time of the act that opens them all, against the bare ciphers over the same bytes."""
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Line
from bench.sealing import bare, multiply
from bench.writing import founded
from tests.worlds.sealed import formal
from trading.bids.records import Envelope
from trading.opening.decrypt import run

BESIDE_LIMIT = 2.0  # seconds of a processor beside decryption itself


def openings(bids: int) -> Iterator[Line]:
    """Once: a tender opens only once. Three small parts a bid, 2-of-3 custodians."""
    with founded("") as centre, TemporaryDirectory(prefix="bench") as folder:
        world = formal(centre, Path(folder))
        for n in range(bids):
            world.bid(world.supplier(), 100 + n)
        files = world.all(Envelope)
        world.started()
        answering = processor(lambda: [keeper.program.run_once() for keeper in world.keepers])
        opened: list[object] = []
        opening = processor(lambda: opened.extend(run(centre, world.project)))
        assert len(opened) == len(files) == 3 * bids and set(world.prices().values()) == set(range(100, 100 + bids))
        chunks = [memoryview(bytes(row.padded)) for row in files]
        ciphers = processor(lambda: bare(chunks, 1))
        said = f"opening of {bids} bids × 3 parts"
        yield Line(f"{said}: processor time", "AES-256-GCM + SHA-256", opening, ciphers, len(files), "file")
        yield Line(f"{said}: beside that", f"{BESIDE_LIMIT:.0f} s", opening - ciphers, BESIDE_LIMIT)
        yield Line(f"{said}: partials of three, made and checked", "one point multiplication each", answering, processor(lambda: multiply(3 * len(files))),
                   3 * len(files), "partial")


def processor(job: Callable[[], object]) -> float:
    """Seconds of processor time that a job takes in this process, of all threads."""
    began = time.process_time()
    job()
    return time.process_time() - began
