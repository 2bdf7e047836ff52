"""Opened parts at rest: under home/opened, encrypted with a key of the tender, from the opening on and never before.

The key follows from one server secret; AES-256-GCM over blocks of 1 MiB, nonce = block number with a mark on the last.
"""
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel.centre import Centre
from kernel.values import new_id

BLOCK = 1 << 20
TAG = 16


def key_of(centre: Centre, project: str, name: str) -> AESGCM:
    """One key a file, so that block numbers may serve as nonces."""
    return AESGCM(hmac.digest(centre.secret("opened"), f"{project}/{name}".encode(), "sha256"))


class PlainFile:
    """A sink that encrypts what is written to it. `name` is its key in the table; nothing stands on disk in clear."""

    def __init__(self, centre: Centre, project: str) -> None:
        self.name = new_id()
        self._path = path_of(centre, project, self.name)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._cipher, self._number, self._block = key_of(centre, project, self.name), 0, bytearray()
        self._file: BinaryIO = self._path.open("xb")

    def write(self, data: memoryview) -> int:
        self._block += data
        while len(self._block) > BLOCK:
            self._put(bytes(self._block[:BLOCK]), last=False)
            del self._block[:BLOCK]
        return len(data)

    def close(self) -> None:
        """Writes the last block. A file that was not closed does not read."""
        self._put(bytes(self._block), last=True)
        self._file.close()

    def drop(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _put(self, block: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), block, None))
        self._number += 1


def read_plain(centre: Centre, project: str, name: str) -> Iterator[bytes]:
    """The blocks of an opened part. cryptography's InvalidTag where the file was touched."""
    cipher, path = key_of(centre, project, name), path_of(centre, project, name)
    left, number = path.stat().st_size, 0
    with path.open("rb") as file:
        while left > 0:
            block = file.read(BLOCK + TAG)
            left -= len(block)
            yield cipher.decrypt(_nonce(number, left == 0), block, None)
            number += 1


def path_of(centre: Centre, project: str, name: str) -> Path:
    return centre.home / "opened" / project / name


def _nonce(number: int, last: bool) -> bytes:
    return (last << 64 | number).to_bytes(12, "big")
