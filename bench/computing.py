"""Draws, the ledger's tree: pure work against the bare operation inside it."""
import hashlib
import hmac
from collections.abc import Iterator

from bench.measure import Line, compare
from kernel.draw import Entry, order
from kernel.ledger import tiles
from kernel.ledger.leaf import cover


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
