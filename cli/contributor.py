"""A custodian's part in draws of experts: it commits to 32 random bytes, keeps them, and shows them once all have committed."""
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experts.contribution import contribute
from kernel.centre import write_secret
from kernel.errors import Refusal
from trading.sealing.custodian import Done

Post = Callable[[str, dict[str, Any]], None]


class Contributor:
    """home: the custodian's own folder; each contribution lies there until the draw is over. post: (path, fields)."""

    def __init__(self, home: Path, post: Post, random: Callable[[int], bytes] = os.urandom) -> None:
        self._home, self._post, self._random = home, post, random

    def run(self, tasks: list[dict[str, Any]]) -> list[Done]:
        done = []
        for task in tasks:
            kind, on = str(task["kind"]), str(task["project"])
            try:
                {"draw_commit": self._commit, "draw_reveal": self._reveal}[kind](task)
                done.append(Done(kind, on))
            except (Refusal, KeyError, FileNotFoundError, ValueError):
                done.append(Done(kind, on, "refused"))
        return done

    def _file(self, draw: str) -> Path:
        if not draw.isalnum():
            raise ValueError(draw)
        return self._home / f"draw-{draw}"

    def _commit(self, task: dict[str, Any]) -> None:
        """Kept before it is sent: a commitment whose value is lost could only be opened by the other custodians."""
        draw = str(task["draw"])
        made = contribute(draw, str(task["party"]), str(task["key"]), self._random)
        file = self._file(draw)
        file.unlink(missing_ok=True)
        write_secret(file, bytes.fromhex(made.value))
        self._post(f"/api/programs/draws/{draw}/commit", {"commit": made.commit, "sealed": made.sealed.hex()})

    def _reveal(self, task: dict[str, Any]) -> None:
        draw = str(task["draw"])
        self._post(f"/api/programs/draws/{draw}/reveal", {"value": self._file(draw).read_bytes().hex()})
