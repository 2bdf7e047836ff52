"""One log and not two: the largest checkpoint of each log that a custodian's program has seen, and the proof out of the public tiles
(C2SP tlog-tiles) that another one continues it, or is continued by it. Kept as one line a growth: origin, size, root (hex); the last of a
log counts. A folder of before has no such file: its first checkpoint is believed, as on a new machine.
"""
import os
from collections.abc import Callable
from pathlib import Path

from kernel.ledger.note import Checkpoint
from kernel.ledger.tiles import HASH, WIDTH, Missing, Span
from kernel.tree import check_consistency, consistency
from trading.sealing.gates import Gate

Tile = Callable[[str], bytes | None]


class _Tiles:
    """A mailbox's tiles as a store to read from. Nothing of it is believed before the proof is checked."""

    def __init__(self, tile: Tile) -> None:
        self._tile = tile

    def get(self, path: str) -> bytes | None:
        data = self._tile(path)
        return data if data is None or len(data) <= WIDTH * HASH else None

    def put(self, path: str, data: bytes) -> None:
        raise AssertionError("a custodian writes no tiles")


class History:
    """file: where it is kept · tile: path of a tile → its bytes, None where there is none."""

    def __init__(self, file: Path, tile: Tile) -> None:
        self._file, self._tiles, self._seen = file, _Tiles(tile), _read(file)

    def follow(self, head: Checkpoint) -> None:
        """Remembers a checkpoint, on disk before anything is answered. Gate `history`: it and the largest one seen are not of one log,
        because the log was cut back and went on otherwise, or tells two stories."""
        size, root = self._seen.get(head.origin, (0, b""))
        if size:
            (old, old_root), (new, new_root) = sorted([(size, root), (head.size, head.root)])
            if not check_consistency(old, new, old_root, new_root, self._proof(old, new)):
                raise Gate("history")
        if head.size > size:
            self._keep(head)

    def _proof(self, old: int, new: int) -> list[bytes]:
        if old == new:
            return []
        try:
            return consistency(old, new, Span(self._tiles, new))
        except (Missing, ValueError):
            raise Gate("history") from None

    def _keep(self, head: Checkpoint) -> None:
        with open(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(f"{head.origin} {head.size} {head.root.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        self._seen[head.origin] = head.size, head.root


def _read(file: Path) -> dict[str, tuple[int, bytes]]:
    if not file.exists():
        return {}
    whole, end, torn = file.read_text().rpartition("\n")
    if torn:  # a power cut left the line unfinished, and nothing was answered after it
        file.write_text(whole + end)
    rows = (line.split(" ") for line in whole.splitlines())
    return {origin: (int(size), bytes.fromhex(root)) for origin, size, root in rows}
