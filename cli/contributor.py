"""A custodian's part in draws of experts: it commits to 32 random bytes, keeps them, and shows them once all have committed;
and it helps to open what a silent party sealed."""
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experts.contribution import contribute
from kernel.centre import write_secret
from kernel.errors import Refusal
from trading.sealing.custodian import Done
from trading.sealing.gates import Gate

Post = Callable[[str, dict[str, Any]], None]
Get = Callable[[str], dict[str, Any]]
Break = Callable[[dict[str, Any]], dict[str, Any]]


class Contributor:
    """home: the custodian's own folder; each contribution lies there until the draw is over. post: (path, fields) · get: path →
    answer · break_silence: the custodian's own, behind its gates."""

    def __init__(self, home: Path, post: Post, get: Get, break_silence: Break, random: Callable[[int], bytes] = os.urandom) -> None:
        self._home, self._post, self._get, self._break, self._random = home, post, get, break_silence, random

    def run(self, tasks: list[dict[str, Any]]) -> list[Done]:
        done = []
        for task in tasks:
            kind, on = str(task["kind"]), str(task["project"])
            try:
                {"draw_commit": self._commit, "draw_reveal": self._reveal, "draw_silent": self._silent}[kind](task)
                done.append(Done(kind, on))
            except Gate as gate:
                done.append(Done(kind, on, gate.code))
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

    def _silent(self, task: dict[str, Any]) -> None:
        """The papers must be of the very draw that the task names."""
        draw = str(task["draw"])
        papers = self._get(f"/api/programs/draws/{draw}/silent")
        if papers["draw"] != draw:
            raise Gate("context")
        self._post(f"/api/programs/draws/{draw}/partials", self._break(papers))
