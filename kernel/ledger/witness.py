"""A small witness: it cosigns a log's checkpoints as long as each continues the last one it signed.

Source: C2SP tlog-witness (add-checkpoint). The state, one (size, root) for each origin, is on disk before the
signature leaves; check and update happen under one file lock, so two processes on one home cannot roll it back.
A witness that lost its state must be founded anew under a new key: `found` is the only way to an empty state.
"""
import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kernel.canonical import canon, parse
from kernel.ledger.note import BadNote, Checkpoint, Signer, Verifier, WrongSignature, line, number, open_note, unline
from kernel.tree import EMPTY, check_consistency

MOST_BYTES = 256 * 1024
LONGEST_PROOF = 63
SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True)
class Request:
    """An add-checkpoint body: size the log thinks the witness saw last, proof from there, the signed checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        lines = [f"old {self.old}", *map(line, self.proof)]
        return "".join(f"{text}\n" for text in lines).encode() + b"\n" + self.checkpoint

    @classmethod
    def parse(cls, body: bytes) -> "Request":
        """BadNote for anything but the form of the specification."""
        head, gap, checkpoint = body.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise BadNote("not ASCII") from error
        if not gap or not first.startswith("old ") or len(lines) > LONGEST_PROOF:
            raise BadNote("no old size, or a proof too long")
        return cls(number(first[4:]), tuple(unline(text, 32) for text in lines), checkpoint)


def found(home: Path, signer: Signer) -> None:
    """Writes key (0600) and empty state of a new witness. FileExistsError where one stands already."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (home / "key").exists():
        raise FileExistsError(home)
    _replace(home / "state", canon([]))
    with open(os.open(home / "key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(signer.skey() + "\n")
        file.flush()
        os.fsync(file.fileno())


class Witness:
    """home: the folder that `found` made. trusted: the logs' keys, each for the origin of its name; now: ms since 1970."""

    def __init__(self, home: Path, trusted: Iterable[Verifier], now: Callable[[], int]) -> None:
        self._home, self._now = home, now
        self._signer = Signer.parse((home / "key").read_text().strip())
        self._trusted: dict[str, list[Verifier]] = {}
        for key in trusted:
            self._trusted.setdefault(key.name, []).append(key)
        self._read()

    @property
    def verifier(self) -> Verifier:
        return self._signer.verifier

    def seen(self, origin: str) -> tuple[int, bytes]:
        """Size and root last cosigned; (0, empty root) where none was."""
        return self._read().get(origin, (0, EMPTY))

    def add_checkpoint(self, body: bytes) -> tuple[int, bytes]:
        """HTTP status and body: 200 the cosignature line; 409 the size last cosigned (text/x.tlog.size);

        400 unreadable, 403 not signed by a trusted key, 404 unknown origin, 422 the proof does not hold.
        """
        if len(body) > MOST_BYTES:
            return 400, b"too long\n"
        try:
            request = Request.parse(body)
            origin, _, _ = request.checkpoint.decode().partition("\n")
            if origin not in self._trusted:
                return 404, b"unknown origin\n"
            text = open_note(request.checkpoint, self._trusted[origin]).text
            checkpoint = Checkpoint.parse(text)
        except WrongSignature:
            return 403, b"not signed by a trusted key\n"
        except ValueError:
            return 400, b"malformed\n"
        if request.old > checkpoint.size:
            return 400, b"old size above the checkpoint's\n"
        with self._alone():
            return self._decide(request, checkpoint, text)

    def _decide(self, request: Request, new: Checkpoint, text: str) -> tuple[int, bytes]:
        state = self._read()
        size, root = state.get(new.origin, (0, EMPTY))
        if request.old != size or (new.size == size and new.root != root):
            return 409, b"%d\n" % size
        if size == 0 or new.size == size:
            holds = not request.proof
        else:
            holds = check_consistency(size, new.size, root, new.root, request.proof)
        if not holds:
            return 422, b"the proof does not hold\n"
        cosignature = self._signer.sign(text, self._now() // 1000)
        if (size, root) != (new.size, new.root):
            self._write({**state, new.origin: (new.size, new.root)})
        return 200, cosignature.encode()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self._home / "lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read(self) -> dict[str, tuple[int, bytes]]:
        kept = parse((self._home / "state").read_bytes())
        return {origin: (size, bytes.fromhex(root)) for origin, size, root in kept}

    def _write(self, state: dict[str, tuple[int, bytes]]) -> None:
        _replace(self._home / "state", canon([[origin, size, root.hex()] for origin, (size, root) in state.items()]))


def _replace(path: Path, data: bytes) -> None:
    """The file has the old content or the new one, whatever is pulled out and when; the new one once this returns."""
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
