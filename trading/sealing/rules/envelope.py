"""Sealing and opening TBID1 files as streams: at most some 40 MiB of memory for any size.

A file is read and written once, front to back. What an opening writes is only worth something when the call returns:
on any Fault the caller throws the output away, since the last chunk may be the one that is false.
"""
import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from nacl import bindings
from nacl.exceptions import CryptoError

from kernel.canonical import sha256
from kernel.tree import leaf_hash, root
from trading.sealing.rules import body, scalars
from trading.sealing.rules.body import Keys, Sink, Slot, Source
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import (
    AES,
    CHUNK,
    MAGIC,
    TAG,
    TAIL,
    Header,
    Prefix,
    check_point,
    check_prefix,
    chunk_count,
    header_length,
    padded_length,
    parse_prefix,
    proof_holds,
    statement,
)
from trading.sealing.rules.hpke import file_key_from_dh

ZEROS = bytes(CHUNK)


@dataclass(frozen=True)
class Params:
    """What a sealing needs to be told. key: the 32 bytes of u(Y) · supplier: salted commitment, hex · lock: secret or empty."""

    tender: str
    lot: str
    part: str
    supplier: str
    version: int
    key: bytes
    prev: str | None = None
    lock: bytes = b""
    aead: str = AES


@dataclass(frozen=True)
class Sealed:
    """digest: the envelope's name in the ledger · leaves: chunk hashes for a resumable upload · file_key: the receipt file's secret."""

    digest: bytes
    file_key: bytes
    prefix: Prefix
    leaves: tuple[bytes, ...]


@dataclass(frozen=True)
class Checked:
    digest: bytes
    prefix: Prefix
    leaves: tuple[bytes, ...]


@dataclass(frozen=True)
class Opened:
    """size: bytes of the data that came out."""

    digest: bytes
    header: Header
    size: int


def digest_from(prefix: bytes, leaves: list[bytes] | tuple[bytes, ...]) -> bytes:
    """RFC 6962 root over the prefix and the chunk ciphertexts, the latter given by their leaf hashes."""
    return root([leaf_hash(prefix), *leaves])


def lock_name(secret: bytes) -> str:
    """How a header names a bidder's lock without giving it away. The secret must be random: this hash is public."""
    return sha256(b"tbid/lock" + secret).hex()


def prefix_for(params: Params, size: int, random: Callable[[int], bytes]) -> tuple[Prefix, bytes, Keys]:
    """A fresh ephemeral key, the file key for the tender's custodians, and the signed front of the file."""
    public, secret = bindings.crypto_sign_seed_keypair(random(32))
    header = Header(
        params.tender, params.lot, params.part, params.supplier, params.version, public.hex(), params.key.hex(),
        params.aead, params.prev, lock_name(params.lock) if params.lock else None,
    )
    encoded = header.encode()
    try:
        dh = bindings.crypto_scalarmult(bindings.crypto_sign_ed25519_sk_to_curve25519(secret), params.key)
    except (CryptoError, RuntimeError):
        raise Fault("key_unusable") from None  # a small-order key gives the all-zero result (RFC 7748 §6.1)
    file_key = file_key_from_dh(dh, scalars.montgomery(public), params.key, encoded)
    hh = sha256(encoded)
    keys = body.body_keys(hh, file_key, params.lock, params.aead)
    padded = padded_length(size)
    chunks = chunk_count(padded)
    proof = bindings.crypto_sign(statement(hh, keys.commitment, padded, chunks), secret)[:64]
    tail = keys.commitment + padded.to_bytes(8, "big") + chunks.to_bytes(8, "big") + proof
    raw = MAGIC + len(encoded).to_bytes(4, "big") + encoded + tail
    return Prefix(raw, header, encoded, keys.commitment, padded, chunks, proof), file_key, keys


def seal(source: Source, sink: Sink, params: Params, size: int, random: Callable[[int], bytes], threads: int = 1) -> Sealed:
    """Seals exactly `size` bytes of source into sink. random gives fresh secret bytes; all else follows from them."""
    prefix, file_key, keys = prefix_for(params, size, random)
    leaves: list[bytes] = []
    left = size

    def load(slot: Slot) -> None:
        nonlocal left
        start = 8 if slot.index == 0 else 0
        slot.plain[:start] = size.to_bytes(8, "big")[:start]
        end = start + min(left, slot.size - start)
        if body.fill(source, slot.plain[start:end]) != end - start:
            raise Fault("source_changed")
        left -= end - start
        slot.plain[end : slot.size] = ZEROS[: slot.size - end]

    def work(slot: Slot) -> bytes:
        return slot.seal(keys, slot.index == prefix.chunks - 1)

    def finish(slot: Slot, future: "Future[bytes]") -> None:
        leaves.append(future.result())
        body.put(sink, slot.cipher)

    body.put(sink, memoryview(prefix.raw))
    body.pipeline(_sizes(prefix), load, work, finish, threads)
    if not body.at_end(source):
        raise Fault("source_changed")
    return Sealed(digest_from(prefix.raw, leaves), file_key, prefix, tuple(leaves))


def check_structure(source: Source) -> Checked:
    """Reads a whole file as a server does, with no key: form, lengths, point, proof, and nothing missing or appended."""
    prefix = check_prefix(_front(source))
    leaves: list[bytes] = []
    slot = Slot()
    for size in _sizes(prefix):
        slot.size = size
        _load_cipher(source, slot)
        leaves.append(slot.hash())
    if not body.at_end(source):
        raise Fault("appended")
    return Checked(digest_from(prefix.raw, leaves), prefix, tuple(leaves))


class Leaves:
    """The leaf hashes, 32 bytes each, of whole sealed chunks that lie one after the other and come in blocks of any length."""

    def __init__(self) -> None:
        self._whole, self._leaf, self._room = bytearray(), hashlib.sha256(b"\x00"), CHUNK + TAG

    def add(self, block: bytes | memoryview) -> None:
        rest = memoryview(block)
        while rest:
            part, rest = rest[: self._room], rest[self._room :]
            self._leaf.update(part)
            self._room -= len(part)
            if not self._room:
                self._end()

    def _end(self) -> None:
        self._whole += self._leaf.digest()
        self._leaf, self._room = hashlib.sha256(b"\x00"), CHUNK + TAG

    def end(self) -> bytes:
        """All of them; the last chunk may be short."""
        if self._room < CHUNK + TAG:
            self._end()
        return bytes(self._whole)


def check_leaves(front: bytes, leaves: Sequence[bytes], size: int) -> Checked:
    """What `check_structure` says of a file of `size` bytes whose chunks were hashed as they came."""
    prefix = check_prefix(front)
    if len(front) != len(prefix.raw):
        raise Fault("length_lies")
    if size != prefix.total:
        raise Fault("truncated" if size < prefix.total else "appended")
    return Checked(digest_from(prefix.raw, list(leaves)), prefix, tuple(leaves))


def digest_of(source: Source) -> bytes:
    """The digest of a well-formed file."""
    return check_structure(source).digest


def commitment_fits(prefix: Prefix, file_key: bytes, lock: bytes = b"") -> bool:
    """Is this the key that the sealer committed to? With good partials and a false commitment the bidder sealed rubbish."""
    return hmac.compare_digest(body.body_keys(prefix.hh, file_key, lock, prefix.header.aead).commitment, prefix.commitment)


def open_with_key(
    source: Source, sink: Sink | None, file_key: bytes, lock: bytes = b"", digest: bytes | None = None, threads: int = 1
) -> Opened:
    """Opens a file by its file key into sink (None: only checks, as a client does with its own envelope before it submits).

    digest: the one recorded in the ledger, where the caller knows it. Every departure from the format is a Fault.
    """
    prefix = parse_prefix(_front(source))
    keys = body.body_keys(prefix.hh, file_key, lock, prefix.header.aead)
    if not proof_holds(prefix):
        raise _why_proof_fails(prefix, keys, source)
    check_point(prefix)
    _check_lock(prefix.header, lock)
    if not hmac.compare_digest(keys.commitment, prefix.commitment):
        raise Fault("commitment")
    leaves: list[bytes] = []
    size = left = 0

    def work(slot: Slot) -> bytes:
        return slot.open(keys, slot.index == prefix.chunks - 1)

    def finish(slot: Slot, future: "Future[bytes]") -> None:
        nonlocal size, left
        try:
            leaves.append(future.result())
        except InvalidTag:
            raise _why_chunk_fails(prefix, keys, slot) from None
        start = 0
        if slot.index == 0:
            start, size = 8, int.from_bytes(slot.plain[:8], "big")
            if size > prefix.padded - 8 or padded_length(size) != prefix.padded:
                raise Fault("length_lies")
            left = size
        end = start + min(left, slot.size - start)
        left -= end - start
        if bytes(slot.plain[end : slot.size]).strip(b"\x00"):
            raise Fault("padding_dirty")
        if sink is not None:
            body.put(sink, slot.plain[start:end])

    body.pipeline(_sizes(prefix), lambda slot: _load_cipher(source, slot), work, finish, threads)
    if not body.at_end(source):
        raise Fault("appended")
    found = digest_from(prefix.raw, leaves)
    if digest is not None and found != digest:
        raise Fault("digest_differs")
    return Opened(found, prefix.header, size)


def _sizes(prefix: Prefix) -> Iterator[int]:
    for start in range(0, prefix.padded, CHUNK):
        yield min(CHUNK, prefix.padded - start)


def _front(source: Source) -> bytes:
    """The bytes up to and including the proof, or as many as there are."""
    start = _read(source, len(MAGIC) + 4)
    return start + _read(source, header_length(start) + TAIL)


def _read(source: Source, size: int) -> bytes:
    buffer = memoryview(bytearray(size))
    return bytes(buffer[: body.fill(source, buffer)])


def _load_cipher(source: Source, slot: Slot) -> None:
    if body.fill(source, slot.cipher) != slot.size + TAG:
        raise Fault("truncated")


def _check_lock(header: Header, lock: bytes) -> None:
    if header.lock is None:
        if lock:
            raise Fault("lock_unwanted")
    elif not lock:
        raise Fault("lock_missing")
    elif lock_name(lock) != header.lock:
        raise Fault("lock_wrong")


def _why_proof_fails(prefix: Prefix, keys: Keys, source: Source) -> Fault:
    """The commitment depends on the header: if it still fits, the header is whole and lengths or proof were touched."""
    if not hmac.compare_digest(keys.commitment, prefix.commitment):
        return Fault("header_edited")
    scratch, rest = memoryview(bytearray(CHUNK)), 0
    while got := body.fill(source, scratch):
        rest += got
    return Fault("proof_false" if rest == prefix.total - len(prefix.raw) else "length_lies")


def _why_chunk_fails(prefix: Prefix, keys: Keys, slot: Slot) -> Fault:
    """A chunk that is authentic at another place was moved; else it was altered."""
    last = prefix.chunks - 1
    final = prefix.padded - last * CHUNK
    cipher = bytes(slot.cipher)
    for index in range(prefix.chunks):
        if index == slot.index or (index == last and final > slot.size):
            continue
        length = (final if index == last else slot.size) + TAG
        try:
            keys.cipher.decrypt(keys.nonce(index, index == last), cipher[:length], None)
        except InvalidTag:
            continue
        return Fault("reordered", index=slot.index)
    return Fault("flipped", index=slot.index)
