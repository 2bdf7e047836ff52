"""A sealed file goes up in pieces through the server's own door, against a handler that only writes and syncs the same bytes."""
import json
import random
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measure import Line, compare
from bench.serving import apart
from bench.writing import founded
from kernel.command import Actor
from tests.worlds.memory import Growth
from tests.worlds.readers import signed_in
from tests.worlds.sealed import Sealed, formal
from trading.bids.rules import supplier_commitment
from trading.bids.uploads import cuts
from trading.sealing.rules.envelope import Params, seal
from trading.sealing.rules.header import PREFIX_LIMIT, parse_prefix
from web.viewer import COOKIE

MIB = 1 << 20
FLYING = 3  # pieces of one file on their way at once


class Client:
    """A bidder's machine: signed in, one kept connection a thread, as many pieces on their way at once as the sealing page sends."""

    def __init__(self, port: int, world: Sealed, actor: Actor) -> None:
        opened = signed_in(world.centre, actor)
        self._port, self._world, self._lines = port, world, threading.local()
        self._headers = {"Cookie": f"{COOKIE}={opened.token}", "X-CSRF-Token": opened.csrf, "Accept": "application/json"}

    def ask(self, method: str, path: str, body: bytes | dict[str, Any] = b"") -> tuple[int, Any]:
        """Status and answer."""
        line = getattr(self._lines, "kept", None) or HTTPConnection("127.0.0.1", self._port, timeout=300)
        self._lines.kept = None
        line.request(method, path, json.dumps(body).encode() if isinstance(body, dict) else body, self._headers)
        answer = line.getresponse()
        said = answer.read()
        if method == "PUT":  # the next piece follows at once; a line that rests is closed by the server
            self._lines.kept = line
        else:
            line.close()
        return answer.status, json.loads(said) if said else None

    def send(self, path: str, file: Path) -> list[tuple[int, Any]]:
        """Puts every piece of a file at path/number; what was answered."""
        with ThreadPoolExecutor(FLYING) as pool:
            lanes = [pool.submit(lambda first=n: [self.ask("PUT", f"{path}/{number}", piece) for number, piece in pieces(file, first)]) for n in range(FLYING)]
            return [answer for lane in lanes for answer in lane.result()]

    def upload(self, part: str, file: Path) -> tuple[int, Any]:
        """Begins, sends every piece, finishes: the first answer that is none of success, or the last."""
        world = self._world
        status, place = self.ask("POST", "/supplier/uploads", {"project": world.project, "lot": world.lot, "part": part, "size": file.stat().st_size, "front": front_of(file)})
        if status != 201:
            return status, place
        refused = [answer for answer in self.send(f"/supplier/uploads/{place['id']}", file) if answer[0] != 200]
        return refused[0] if refused else self.ask("POST", f"/supplier/uploads/{place['id']}/finish", {})


def pieces(file: Path, first: int) -> Iterator[tuple[int, bytes]]:
    """Every FLYING-th piece from the first."""
    with file.open("rb") as source:
        for number, cut in list(enumerate(cuts(file.stat().st_size, front_of(file))))[first::FLYING]:
            source.seek(cut.start)
            yield number, source.read(cut.stop - cut.start)


def front_of(file: Path) -> int:
    with file.open("rb") as source:
        return len(parse_prefix(source.read(PREFIX_LIMIT)).raw)


class Generated:
    """A stream of pseudo-random bytes that costs neither disk nor memory."""

    def __init__(self, seed: int) -> None:
        self._block = random.Random(seed).randbytes(MIB)

    def readinto(self, buffer: memoryview) -> int:
        count = min(len(buffer), MIB)
        buffer[:count] = self._block[:count]
        return count


class Exactly:
    """The first `size` bytes of a stream."""

    def __init__(self, source: Generated, size: int) -> None:
        self._source, self._left = source, size

    def readinto(self, buffer: memoryview) -> int:
        count = self._source.readinto(buffer[: min(len(buffer), self._left)])
        self._left -= count
        return count


def sealed_file(world: Sealed, actor: Actor, path: Path, size: int) -> None:
    """A technical part of `size` bytes, sealed to the tender's key."""
    params = Params(world.project, world.lot, "technical", supplier_commitment(bytes(32), world.code_of(actor)), 1, world.key)
    with path.open("wb") as out:
        seal(Exactly(Generated(size), size), out, params, size, world.dice.randbytes)


def uploads(size: int, rounds: int) -> Iterator[Line]:
    """size: bytes before sealing. Each side first removes what it wrote the last time."""
    with founded("") as centre, TemporaryDirectory(prefix="bench") as folder:
        world = formal(centre, Path(folder))
        file, bidder, kept = Path(folder) / "technical.tbid", world.supplier(), centre.home / "blobs"
        sealed_file(world, bidder, file, size)
        with apart(centre.home) as (port, process):
            client = Client(port, world, bidder)

            def ours() -> None:
                shutil.rmtree(kept)
                kept.mkdir()
                status, answer = client.upload("technical", file)
                assert status == 200 and answer["state"] == "whole", answer

            def theirs() -> None:
                shutil.rmtree(centre.home / "bare")
                (centre.home / "bare").mkdir()
                assert {status for status, _ in client.send("/bare", file)} == {200}

            said = f"upload of {size // MIB:,} MiB"
            with Growth(process) as grown:
                line = compare(said, ours, "the same bytes written and synced", theirs, rounds, size // MIB, "MiB")
            yield line
            yield Line(f"{said}: memory of the server", "64 MiB more", grown.bytes / MIB, 64, shown="MiB")
