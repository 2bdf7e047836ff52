"""Files by digest, and folders of named files. obstore underneath: a local folder, or S3 by setting.

A blob's key is random (S11: a name tells nothing); its SHA-256 stands in the row that refers to it.
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


@dataclass(frozen=True)
class Blob:
    key: str
    digest: str  # hex SHA-256
    size: int


class Blobs:
    def __init__(self, settings: Settings) -> None:
        if settings.blob_url:
            self._store: Any = from_url(settings.blob_url)
        else:
            folder = settings.home.resolve() / "blobs"
            folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(folder)

    def put(self, data: bytes, limit: int | None = None) -> Blob:
        """Keeps bytes under a fresh key. Malformed("file") above the limit."""
        if limit is not None and len(data) > limit:
            raise too_large(limit)
        key = new_id()
        obstore.put(self._store, key, data, mode="create")
        return Blob(key, hashlib.sha256(data).hexdigest(), len(data))

    def put_stream(self, source: BinaryIO, limit: int | None = None) -> Blob:
        """Keeps a stream in constant memory; counts and hashes on the way."""
        digest, size, key = hashlib.sha256(), 0, new_id()
        with tempfile.TemporaryFile() as spool:
            while part := source.read(STEP):
                size += len(part)
                if limit is not None and size > limit:
                    raise too_large(limit)
                digest.update(part)
                spool.write(part)
            spool.seek(0)
            obstore.put(self._store, key, spool, mode="create", chunk_size=5 * STEP, max_concurrency=2)
        return Blob(key, digest.hexdigest(), size)

    def get(self, key: str) -> bytes:
        return bytes(obstore.get(self._store, key).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        for part in obstore.get(self._store, key).stream(min_chunk_size=STEP):
            yield bytes(part)

    def read_range(self, key: str, start: int, length: int) -> bytes:
        return bytes(obstore.get_range(self._store, key, start=start, length=length))

    def delete(self, key: str) -> None:
        obstore.delete(self._store, key)


def too_large(limit: int) -> Malformed:
    size = f"{limit // 2**20} MB"
    return Malformed("file", Text(f"文件超过 {size}", f"The file is larger than {size}"))


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
        with spool.open("wb") as file:
            file.write(data)
            if self.durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(spool, target)
        if self.durable:
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def drop(self, folder: str) -> None:
        """Removes a folder of files that nobody needs any more."""
        shutil.rmtree(self.root / folder, ignore_errors=True)
