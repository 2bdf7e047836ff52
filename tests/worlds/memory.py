"""How much memory of its own a process has, and how far it grows while something runs."""
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY = 0.05  # seconds between two looks


def own(process: int) -> int:
    """Bytes of a process that lie in no file."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return sum(int(fields[name].split()[0]) for name in ("RssAnon", "RssShmem")) * 1024


class Growth:
    """bytes: how far the process was above where the block found it, at most."""

    def __init__(self, process: int) -> None:
        self.process, self.bytes, self._over = process, 0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._first = own(self.process)
        self._watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self.bytes = max(self.bytes, own(self.process) - self._first)
