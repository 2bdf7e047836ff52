"""The chunks of a TBID1 file: key schedule, nonces, and the pipeline that keeps memory small whatever the size.

A slot is one chunk in flight: 1 MiB of plaintext and 1 MiB + 17 of ciphertext. The spare byte in front of the
ciphertext is the 0x00 of an RFC 6962 leaf, so that a chunk is hashed where it lies, without a copy.
"""
import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import AES, CHUNK, TAG
from trading.sealing.rules.hpke import expand, extract

THREADS_LIMIT = 8  # 8 threads hold at most 16 slots = 33 MiB


class Source(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Sink(Protocol):
    def write(self, data: memoryview, /) -> int | None: ...


def fill(source: Source, view: memoryview) -> int:
    """Reads until the view is full or the source ends; how many bytes came."""
    done = 0
    while done < len(view):
        got = source.readinto(view[done:])
        if not got:
            break
        done += got
    return done


def put(sink: Sink, view: memoryview) -> None:
    while len(view):
        written = sink.write(view)
        view = view[len(view) if written is None else written :]


def at_end(source: Source) -> bool:
    return fill(source, memoryview(bytearray(1))) == 0


@dataclass(frozen=True)
class Keys:
    """What the file key, the lock and the header's hash determine."""

    cipher: AESGCM | ChaCha20Poly1305
    base_nonce: int
    commitment: bytes

    def nonce(self, index: int, final: bool) -> bytes:
        """base XOR (0^3 ‖ final? ‖ u64 index): position and end are part of what is authenticated."""
        return (self.base_nonce ^ (final << 64 | index)).to_bytes(12, "big")


def body_keys(hh: bytes, file_key: bytes, lock: bytes, aead: str) -> Keys:
    """The commitment binds the file key, because neither AES-GCM nor Poly1305 does: one file, one meaning."""
    if len(file_key) != 32:
        raise Fault("file_key_unusable")
    prk = extract(hh, file_key + lock)
    key = expand(prk, b"tbid/body-key")
    nonce = int.from_bytes(expand(prk, b"tbid/base-nonce", 12), "big")
    cipher = AESGCM(key) if aead == AES else ChaCha20Poly1305(key)
    return Keys(cipher, nonce, expand(prk, b"tbid/key-commitment"))


class Slot:
    """One chunk in flight. `size` is its length in plaintext."""

    def __init__(self) -> None:
        self.plain = memoryview(bytearray(CHUNK))
        self.leaf = memoryview(bytearray(1 + CHUNK + TAG))
        self.index = 0
        self.size = 0

    @property
    def cipher(self) -> memoryview:
        return self.leaf[1 : 1 + self.size + TAG]

    def hash(self) -> bytes:
        return hashlib.sha256(self.leaf[: 1 + self.size + TAG]).digest()

    def seal(self, keys: Keys, final: bool) -> bytes:
        """Encrypts plain into cipher; the leaf hash."""
        keys.cipher.encrypt_into(keys.nonce(self.index, final), self.plain[: self.size], None, self.cipher)
        return self.hash()

    def open(self, keys: Keys, final: bool) -> bytes:
        """Decrypts cipher into plain; the leaf hash. cryptography's InvalidTag where it is not authentic."""
        keys.cipher.decrypt_into(keys.nonce(self.index, final), self.cipher, None, self.plain[: self.size])
        return self.hash()


@contextmanager
def _runner(threads: int) -> Iterator[Callable[[Callable[[Slot], bytes], Slot], "Future[bytes]"]]:
    if threads == 1:
        yield _at_once
        return
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield pool.submit
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _at_once(work: Callable[[Slot], bytes], slot: Slot) -> "Future[bytes]":
    done: Future[bytes] = Future()
    try:
        done.set_result(work(slot))
    except Exception as problem:  # noqa: BLE001  handed to the caller in the order of the chunks, as from a thread
        done.set_exception(problem)
    return done


def pipeline(
    sizes: Iterator[int],
    load: Callable[[Slot], None],
    work: Callable[[Slot], bytes],
    finish: Callable[[Slot, "Future[bytes]"], None],
    threads: int,
) -> None:
    """load and finish run in the caller's thread and in order; work runs in up to `threads` threads (AEAD and SHA-256 release the GIL)."""
    threads = max(1, min(threads, THREADS_LIMIT))
    free = [Slot() for _ in range(threads if threads == 1 else 2 * threads)]
    running: deque[tuple[Slot, Future[bytes]]] = deque()

    def retire() -> None:
        slot, future = running.popleft()
        finish(slot, future)
        free.append(slot)

    with _runner(threads) as run:
        for index, size in enumerate(sizes):
            if not free:
                retire()
            slot = free.pop()
            slot.index, slot.size = index, size
            load(slot)
            running.append((slot, run(work, slot)))
        while running:
            retire()
