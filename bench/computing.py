"""Draws, the ledger's tree, room plans: pure work against the bare operation inside it."""
import hashlib
import hmac
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from bench.measure import Line, compare
from kernel.draw import Entry, order
from kernel.ledger import tiles
from kernel.ledger.leaf import cover
from kernel.values import HOUR, MINUTE, instant
from rooms.plan import Request, Space
from rooms.planning.construct import assign

MONDAY = date(2026, 3, 2)
WEEK = {day: (8 * 60, 18 * 60) for day in range(1, 6)}


class Memory(dict[str, bytes]):
    def put(self, path: str, data: bytes) -> None:
        self[path] = data


def draws(experts: int, rounds: int) -> Iterator[Line]:
    seed = hashlib.sha256(b"bench").digest()
    pool = [Entry(hashlib.sha256(n.to_bytes(4, "big")).hexdigest()[:32], ("civil",), f"org{n % 997}", 1) for n in range(experts)]
    yield compare(f"order of {experts:,} experts", lambda: order(seed, pool), "one HMAC-SHA256 each",
                  lambda: [hmac.digest(seed, entry.pid.encode(), "sha256") for entry in pool], rounds, experts, "expert")


def trees(entries: int, rounds: int) -> Iterator[Line]:
    leaves = [cover(hashlib.sha256(n.to_bytes(4, "big")).digest()) for n in range(entries)]
    for batch in (entries, 100):
        def grow(batch: int = batch) -> None:
            store, size = Memory(), 0
            for at in range(0, entries, batch):
                size, _ = tiles.append(store, size, leaves[at : at + batch])

        yield compare(f"ledger append, {batch:,} at a time", grow, "SHA-256 of the entry", lambda: [hashlib.sha256(leaf).digest() for leaf in leaves], rounds, entries, "entry")


def plans(sessions: int, rounds: int) -> Iterator[Line]:
    """Half of them openings with a fixed start, half evaluations of four hours, in 27 rooms."""
    rooms = [Space(f"o{n:02}", "opening", 30, WEEK, (360, 1440), 15 * MINUTE) for n in range(12)]
    rooms += [Space(f"e{n:02}", "evaluation", 13, WEEK, (360, 1440), 30 * MINUTE) for n in range(15)]
    requests = []
    for n in range(sessions // 2):
        start = instant(MONDAY + timedelta(days=(n // 24) // 5 * 7 + (n // 24) % 5)) + (9 + n % 4) * HOUR
        requests.append(Request(f"o{n}", "opening", 20, start, start, HOUR))
        requests.append(Request(f"e{n}", "evaluation", 7, start + 90 * MINUTE, start + 6 * HOUR, 4 * HOUR, extended=True))

    def look_through() -> bool:
        spans = sorted((r.earliest, r.earliest + r.length) for r in requests)
        return any(a[1] > b[0] for a, b in pairwise(spans))

    yield compare(f"room plan of {sessions:,} sessions", lambda: assign(requests, rooms, {}, {}), "sorting them and looking for overlaps", look_through, rounds, sessions, "session")
