"""Files by digest, and folders of named files. obstore underneath: a local folder, or S3 by setting.

A blob's key is random (S11: a name tells nothing); its SHA-256 stands in the row that refers to it. A file that came in
pieces stays in pieces: the keys of all of them in order, separated by spaces, are its key, and it reads as one.
"""
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import obstore
from obstore.store import LocalStore, from_url

from kernel.errors import Malformed, Text
from kernel.settings import Settings
from kernel.values import new_id

STEP = 1 << 20
AT_ONCE = 512  # blocks of one call of the system, which takes 1,024 at most
READ = 4 * STEP  # bytes of one reading: a request of its own where the files are in S3


@dataclass(frozen=True)
class Blob:
    key: str
    digest: str  # hex SHA-256
    size: int


class Blobs:
    """durable: what is put stands on the disk when `put` returns; S3 answers for itself."""

    def __init__(self, settings: Settings, durable: bool = False) -> None:
        self.durable, self._folder = durable, None if settings.blob_url else settings.home.resolve() / "blobs"
        if self._folder is None:
            self._store: Any = from_url(settings.blob_url)
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)

    def put(self, data: bytes, limit: int | None = None) -> Blob:
        """Keeps bytes under a fresh key. Malformed("file") above the limit."""
        if limit is not None and len(data) > limit:
            raise too_large(limit)
        return Blob(self.keep(data), hashlib.sha256(data).hexdigest(), len(data))

    def put_stream(self, source: BinaryIO, limit: int | None = None) -> Blob:
        """Keeps a stream in constant memory; counts and hashes on the way."""
        digest, size = hashlib.sha256(), 0
        with tempfile.TemporaryFile() as spool:
            while part := source.read(STEP):
                size += len(part)
                if limit is not None and size > limit:
                    raise too_large(limit)
                digest.update(part)
                spool.write(part)
            spool.seek(0)
            return Blob(self.keep(spool), digest.hexdigest(), size)

    def keep(self, data: bytes | BinaryIO) -> str:
        """Keeps bytes or an open file, for a caller who hashes by himself; the fresh key, which nobody knows before it returns."""
        intake = self.intake()
        try:
            for part in (data,) if isinstance(data, bytes) else iter(lambda: data.read(STEP), b""):
                intake.add([part])
            return intake.done()
        except BaseException:
            intake.undo()
            raise

    def intake(self) -> "Intake | RemoteIntake":
        """For bytes that come in blocks. Its caller ends it by done or undo."""
        key = new_id()
        return RemoteIntake(self._store, key) if self._folder is None else Intake(self._folder, key, self.durable)

    def get(self, key: str) -> bytes:
        return b"".join(self.stream(key))

    def stream(self, key: str) -> Iterator[bytes]:
        """By ranges: obstore's own stream of a local file comes in 8 KiB and takes ten times as long."""
        for one in key.split() or [key]:
            size = obstore.head(self._store, one)["size"]
            for start in range(0, size, READ):
                yield bytes(obstore.get_range(self._store, one, start=start, end=min(size, start + READ)))

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Of one piece."""
        return bytes(obstore.get_range(self._store, key, start=start, length=length))

    def delete(self, key: str) -> None:
        for one in key.split() or [key]:
            obstore.delete(self._store, one)


class Intake:
    """A file that grows by blocks under a key that nobody knows yet. obstore takes twice as long for a local file."""

    def __init__(self, folder: Path, key: str, durable: bool) -> None:
        self._folder, self.key, self._durable = folder, key, durable
        self._size = self._out = 0
        self._file = (folder / key).open("xb", buffering=0)

    def add(self, blocks: list[bytes]) -> None:
        for at in range(0, len(blocks), AT_ONCE):
            some, file = blocks[at : at + AT_ONCE], self._file.fileno()
            wrote, size = os.writev(file, some), sum(map(len, some))
            rest = memoryview(b"".join(some) if wrote < size else b"")[wrote:]
            while rest:
                rest = rest[os.write(file, rest) :]
            self._size += size
        if self._durable and self._size - self._out >= STEP:
            self._write_out()

    def _write_out(self) -> None:
        """The system starts writing at once, so that little is left to wait for, and has the memory back for the next bytes: fresh memory is dear."""
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self._out = self._size

    def done(self) -> str:
        """The key, once bytes and name are on the disk."""
        if self._durable:
            os.fsync(self._file.fileno())
        if self._out:
            self._write_out()
        self._file.close()
        if self._durable:
            sync(self._folder)
        return self.key

    def undo(self) -> None:
        self._file.close()
        (self._folder / self.key).unlink(missing_ok=True)


class RemoteIntake:
    """The same where the files are in S3."""

    def __init__(self, store: Any, key: str) -> None:
        self.key, self._writer = key, obstore.open_writer(store, key, buffer_size=5 * STEP, max_concurrency=2)

    def add(self, blocks: list[bytes]) -> None:
        for block in blocks:
            self._writer.write(block)

    def done(self) -> str:
        self._writer.close()
        return self.key

    def undo(self) -> None:
        """What was not closed is no object."""


def too_large(limit: int) -> Malformed:
    size = f"{limit // 2**20} MB"
    return Malformed("file", Text(f"文件超过 {size}", f"The file is larger than {size}"))


def sync(path: Path) -> None:
    """A file's bytes, or a folder's names, are on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderStore:
    """Named files under a folder, replaced whole or not at all (ledger tiles). durable: also through a power cut."""

    def __init__(self, root: Path, durable: bool = False) -> None:
        self.root, self.durable = root, durable

    def get(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, path: str, data: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        spool = target.with_name(target.name + f".{os.getpid()}.new")
        spool.write_bytes(data)
        if self.durable:
            sync(spool)
        os.replace(spool, target)
        if self.durable:
            sync(target.parent)

    def drop(self, folder: str) -> None:
        """Removes a folder of files that nobody needs any more."""
        shutil.rmtree(self.root / folder, ignore_errors=True)
