"""One small log of our own making: keys, entries with openings, and its export as files."""
import hashlib
import itertools
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kernel.canonical import canon
from kernel.ledger import leaf, note, proof, tiles
from kernel.tree import consistency, inclusion

LOG = note.Signer("centre.example/rehearsal/2027", note.LOG, bytes(range(32)))
WITNESS = note.Signer("witness.example/w1", note.WITNESS, bytes(range(32, 64)))
SECOND = note.Signer("witness.example/w2", note.WITNESS, bytes(range(64, 96)))
SIZE, OLD = 700, 300


class Memory(dict[str, bytes]):
    """A store that counts its reads."""

    reads = 0

    def get(self, path: str, default: bytes | None = None) -> bytes | None:
        self.reads += 1
        return super().get(path, default)

    def put(self, path: str, data: bytes) -> None:
        self[path] = data


def salt(index: int) -> bytes:
    return hashlib.sha256(b"salt %d" % index).digest()


def payload(index: int) -> dict[str, object]:
    return {"v": 1, "tag": "trading.notices.publish", "t": 1_800_000_000_000 + index * 500, "body": {"title": f"公告 {index}"}, "rows": []}


def entry(index: int) -> bytes:
    """Every third leaf is a cover."""
    return leaf.cover(salt(index)) if index % 3 == 2 else leaf.leaf(salt(index), payload(index))


@dataclass
class Log:
    """A log in memory, grown in the given steps, so that partial tiles of earlier sizes lie about too."""

    entries: Sequence[bytes]
    steps: Sequence[int]
    signer: note.Signer = LOG
    witness: note.Signer = WITNESS

    def __post_init__(self) -> None:
        self.store, self.roots = Memory(), {}
        for lo, hi in itertools.pairwise([0, *self.steps]):
            size, self.roots[hi] = tiles.append(self.store, lo, self.entries[lo:hi])
            assert size == hi

    def checkpoint(self, size: int, *witnesses: note.Signer, seconds: int = 1_800_000_000) -> bytes:
        text = note.Checkpoint(self.signer.name, size, self.roots[size]).text()
        return note.sign(text, self.signer) + "".join(w.sign(text, seconds) for w in witnesses).encode()

    def consistency(self, old: int, new: int) -> list[bytes]:
        return consistency(old, new, tiles.Span(self.store, new)) if old else []

    def proof(self, index: int, size: int, *witnesses: note.Signer) -> bytes:
        path = inclusion(index, size, tiles.Span(self.store, size))
        return proof.Proof(index, tuple(path), self.checkpoint(size, *witnesses)).encode()


def write_export(folder: Path, log: Log, old: int, size: int) -> None:
    folder.mkdir(parents=True)
    (folder / "vkeys").write_text("".join(s.verifier.vkey() + "\n" for s in (LOG, WITNESS, SECOND)))
    (folder / "checkpoint").write_bytes(log.checkpoint(size, WITNESS))
    (folder / "checkpoint.old").write_bytes(log.checkpoint(old, WITNESS))
    (folder / "consistency").write_text("".join(note.line(h) + "\n" for h in log.consistency(old, size)))
    for path, data in log.store.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    for index, at in ((0, size), (255, size), (256, size), (17, old), (size - 1, size)):
        (folder / f"{index}.tlog-proof").write_bytes(log.proof(index, at, WITNESS))
        (folder / f"{index}.entry").write_bytes(log.entries[index])
    opened = [i for i in range(size) if log.entries[i] == leaf.leaf(salt(i), payload(i))]
    lines = [canon({"index": i, "salt": salt(i).hex(), "payload": payload(i)}) + b"\n" for i in opened]
    (folder / "openings.jsonl").write_bytes(b"".join(lines))


@pytest.fixture(scope="session")
def grow() -> type[Log]:
    return Log


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture(scope="session")
def honest_log() -> Log:
    return Log([entry(i) for i in range(SIZE)], [1, 200, 256, OLD, 513, SIZE])


@pytest.fixture(scope="session")
def rewritten_log() -> Log:
    """The same log with entry 100 replaced after OLD was published; the log and the witness's key sign it all the same."""
    entries = [entry(i) for i in range(SIZE)]
    entries[100] = leaf.leaf(salt(100), {**payload(100), "tag": "trading.notices.withdraw"})
    return Log(entries, [1, 200, 256, OLD, 513, SIZE])


@pytest.fixture(scope="session")
def honest_export(honest_log: Log, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "honest"
    write_export(folder, honest_log, OLD, SIZE)
    return folder


def flip(path: str, at: int) -> Callable[[Path, Log], None]:
    def change(folder: Path, _: Log) -> None:
        data = bytearray((folder / path).read_bytes())
        data[at] ^= 1
        (folder / path).write_bytes(data)

    return change


def drop(path: str) -> Callable[[Path, Log], None]:
    return lambda folder, _: (folder / path).unlink()


def swap(text: bytes, other: bytes, path: str) -> Callable[[Path, Log], None]:
    def change(folder: Path, _: Log) -> None:
        data = (folder / path).read_bytes()
        assert text in data
        (folder / path).write_bytes(data.replace(text, other, 1))

    return change


def rewrite(keep: Sequence[str]) -> Callable[[Path, Log], None]:
    def change(folder: Path, rewritten: Log) -> None:
        kept = {name: (folder / name).read_bytes() for name in keep}
        shutil.rmtree(folder)
        write_export(folder, rewritten, OLD, SIZE)
        for name, data in kept.items():
            (folder / name).write_bytes(data)

    return change


def stray(folder: Path, _: Log) -> None:
    (folder / "tile/0/003").write_bytes(bytes(8192))


def unsigned(folder: Path, log: Log) -> None:
    """The checkpoint without its witness."""
    data = (folder / "checkpoint").read_bytes()
    (folder / "checkpoint").write_bytes(data[: data.rindex("—".encode())])


MUTATIONS: dict[str, tuple[Callable[[Path, Log], None], str]] = {
    "byte of a leaf tile": (flip("tile/0/001", 4000), "tile/0/001"),
    "byte of an upper tile": (flip("tile/1/000.p/2", 40), "tile/1/000.p/2"),
    "byte of an older partial tile": (flip("tile/0/001.p/44", 0), "tile/0/001.p/44"),
    "byte of an entry": (flip("tile/entries/001", 700), "checkpoint"),
    "length of an entry": (flip("tile/entries/001", 1), "tile/entries/001"),
    "bundle gone": (drop("tile/entries/000"), "tile/entries/000"),
    "last bundle gone": (drop("tile/entries/002.p/188"), "tile/entries/002.p/188"),
    "tile gone": (drop("tile/0/000"), "tile/0/000"),
    "tile beyond the tree": (stray, "tile/0/003"),
    "byte of a proof's path": (flip("255.tlog-proof", 60), "255.tlog-proof"),
    "index of a proof": (swap(b"index 255\n", b"index 254\n", "255.tlog-proof"), "255.tlog-proof"),
    "byte of a proved entry": (flip("0.entry", 30), "0.tlog-proof"),
    "proved entry gone": (drop("0.entry"), "0.entry"),
    "byte of the checkpoint's root": (flip("checkpoint", 40), "checkpoint"),
    "size of the checkpoint": (swap(b"\n700\n", b"\n699\n", "checkpoint"), "checkpoint"),
    "checkpoint without witness": (unsigned, "checkpoint"),
    "cosignature": (flip("checkpoint", -6), "checkpoint"),
    "older checkpoint": (flip("checkpoint.old", 40), "checkpoint.old"),
    "consistency proof": (flip("consistency", 50), "consistency"),
    "consistency proof gone": (drop("consistency"), "consistency"),
    "another log's key": (swap(LOG.verifier.id.hex().encode(), b"00000000", "vkeys"), "vkeys"),
    "opened payload": (swap("公告 4".encode(), "公告 5".encode(), "openings.jsonl"), "openings.jsonl"),
    "opening of another leaf": (swap(b'"index":0,', b'"index":2,', "openings.jsonl"), "openings.jsonl"),
    "log rewritten, older checkpoint kept": (rewrite(["checkpoint.old"]), "consistency"),
    "log rewritten, receipts kept": (rewrite(["17.tlog-proof", "17.entry"]), "17.tlog-proof"),
}


@pytest.fixture(params=MUTATIONS)
def mutated(
    request: pytest.FixtureRequest, honest_export: Path, rewritten_log: Log, tmp_path: Path
) -> tuple[Path, str]:
    """A copy of the honest export with one thing changed, and the file where that shows."""
    change, where = MUTATIONS[request.param]
    folder = tmp_path / "mutated"
    shutil.copytree(honest_export, folder)
    change(folder, rewritten_log)
    return folder, where


@pytest.fixture
def log_of_times(tmp_path: Path) -> Callable[[list[int]], Path]:
    """Exports a log of four opened leaves whose moments are given."""
    counter = itertools.count()

    def build(moments: list[int]) -> Path:
        folder = tmp_path / f"times{next(counter)}"
        folder.mkdir()
        said = [{"v": 1, "tag": "trading.bids.submit", "t": 1_800_000_000_000 + moment} for moment in moments]
        log = Log([leaf.leaf(salt(i), one) for i, one in enumerate(said)], [1, len(said)])
        for name, size in (("checkpoint", len(said)), ("checkpoint.old", 1)):
            (folder / name).write_bytes(log.checkpoint(size))
        (folder / "vkeys").write_text(LOG.verifier.vkey() + "\n")
        (folder / "consistency").write_text("".join(note.line(h) + "\n" for h in log.consistency(1, len(said))))
        for path, data in log.store.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        lines = [canon({"index": i, "salt": salt(i).hex(), "payload": one}) + b"\n" for i, one in enumerate(said)]
        (folder / "openings.jsonl").write_bytes(b"".join(lines))
        return folder

    return build
