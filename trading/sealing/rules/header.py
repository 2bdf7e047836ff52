"""The front of a TBID1 file: header, commitment, lengths, proof. All that a server can judge without any key.

    "TBID1\\n" | u32 header length | header | commitment 32 | u64 padded length | u64 chunk count | proof 64 | chunks
"""
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property

from kernel.canonical import canon, parse, sha256
from trading.sealing.rules import scalars
from trading.sealing.rules.faults import Fault

MAGIC = b"TBID1\n"
KEM = "tx25519"
AES, CHACHA = "aes-256-gcm", "chacha20-poly1305"
CHUNK = 1 << 20
TAG = 16
PARTS = ("price", "commercial", "technical", "base", "draw")
SMALLEST = 1 << 16  # bytes of plaintext after padding, so that a price form shows nothing by its size
LARGEST = 1 << 53
HEADER_LIMIT = 16_384  # bytes; a real header has about 600
TAIL = 32 + 8 + 8 + 64
PREFIX_LIMIT = len(MAGIC) + 4 + HEADER_LIMIT + TAIL

HEX64 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Header:
    """eph: the ephemeral Ed25519 key · key: u(Y) of the tender · supplier: salted commitment · prev: digest of the
    replaced envelope · lock: SHA-256("tbid/lock" ‖ secret). All in lower-case hex.
    """

    tender: str
    lot: str
    part: str
    supplier: str
    version: int
    eph: str
    key: str
    aead: str = AES
    prev: str | None = None
    lock: str | None = None
    v: int = 1
    kem: str = KEM
    chunk: int = CHUNK

    def fields(self) -> dict[str, str | int]:
        """As in the file: an absent value is an absent key."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def encode(self) -> bytes:
        """Canonical bytes. Fault header_invalid where a field has no valid form."""
        fields = self.fields()
        for name, value in fields.items():
            if not _valid(name, value):
                raise Fault("header_invalid", field=name)
        encoded = canon(fields)
        if len(encoded) > HEADER_LIMIT:
            raise Fault("header_too_long")
        return encoded


NAMES = set(Header.__dataclass_fields__)
REQUIRED = NAMES - {"prev", "lock"}


def _valid(name: str, value: object) -> bool:
    if name in ("v", "chunk"):
        return value == (1 if name == "v" else CHUNK)
    if name == "version":
        return isinstance(value, int) and 1 <= value < LARGEST
    if not isinstance(value, str):
        return False
    match name:
        case "kem":
            return value == KEM
        case "aead":
            return value in (AES, CHACHA)
        case "part":
            return value in PARTS
        case "tender" | "lot":
            return value != "" and all(not 0xD800 <= ord(letter) < 0xE000 for letter in value)
        case _:
            return HEX64.fullmatch(value) is not None


def read_header(data: bytes) -> Header:
    """Refuses bytes that would not encode to the very same bytes: one header, one meaning, one hash."""
    try:
        fields = parse(data)
    except (ValueError, RecursionError):
        raise Fault("header_not_canonical") from None
    if not isinstance(fields, dict):
        raise Fault("header_not_canonical")
    for name in sorted(REQUIRED | set(fields)):
        if name not in NAMES or name not in fields or not _valid(name, fields[name]):
            raise Fault("header_invalid", field=name)
    return Header(**fields)


def padme(size: int) -> int:
    """Padmé: keeps about log log of the size's bits, so at most 12 % longer (PURBs, PETS 2019, §4.3)."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def padded_length(size: int) -> int:
    """Bytes of plaintext that carry `size` bytes of data: length field, data, zeros."""
    return max(SMALLEST, padme(size + 8))


def chunk_count(padded: int) -> int:
    return -(-padded // CHUNK)


@dataclass(frozen=True)
class Prefix:
    """Everything before the chunks, already read and found well-formed; `raw` is exactly those bytes."""

    raw: bytes
    header: Header
    encoded: bytes
    commitment: bytes
    padded: int
    chunks: int
    proof: bytes

    @cached_property
    def hh(self) -> bytes:
        return sha256(self.encoded)

    @property
    def point(self) -> bytes:
        """The ephemeral point that custodians multiply."""
        return bytes.fromhex(self.header.eph)

    @property
    def total(self) -> int:
        """Bytes of the whole file."""
        return len(self.raw) + self.padded + TAG * self.chunks

    def span(self, index: int) -> tuple[int, int]:
        """Offset in the file and length of a chunk's ciphertext: what a resumable upload writes and hashes."""
        if not 0 <= index < self.chunks:
            raise IndexError(index)
        plain = min(CHUNK, self.padded - index * CHUNK)
        return len(self.raw) + index * (CHUNK + TAG), plain + TAG


def statement(hh: bytes, commitment: bytes, padded: int, chunks: int) -> bytes:
    """What the ephemeral key signs."""
    return b"tbid/pok/v1" + hh + commitment + padded.to_bytes(8, "big") + chunks.to_bytes(8, "big")


def header_length(start: bytes) -> int:
    """From the first ten bytes of a file."""
    if not MAGIC.startswith(start[: len(MAGIC)]):
        raise Fault("not_an_envelope")
    if len(start) < len(MAGIC) + 4:
        raise Fault("truncated")
    length = int.from_bytes(start[len(MAGIC) : len(MAGIC) + 4], "big")
    if length > HEADER_LIMIT:
        raise Fault("header_too_long")
    return length


def parse_prefix(data: bytes) -> Prefix:
    """Reads the front of a file; data may be longer. Checks form and lengths, not yet the proof."""
    start = len(MAGIC) + 4
    end = start + header_length(data)
    if len(data) < end + TAIL:
        raise Fault("truncated")
    encoded, tail = bytes(data[start:end]), bytes(data[end : end + TAIL])
    prefix = Prefix(
        bytes(data[: end + TAIL]), read_header(encoded), encoded, tail[:32],
        int.from_bytes(tail[32:40], "big"), int.from_bytes(tail[40:48], "big"), tail[48:],
    )
    padded = prefix.padded
    if not SMALLEST <= padded < LARGEST or padme(padded) != padded or chunk_count(padded) != prefix.chunks:
        raise Fault("length_lies")
    return prefix


def proof_holds(prefix: Prefix) -> bool:
    return scalars.signed(prefix.point, statement(prefix.hh, prefix.commitment, prefix.padded, prefix.chunks), prefix.proof)


def check_prefix(data: bytes) -> Prefix:
    """All that can be said about an upload from its first `PREFIX_LIMIT` bytes, with no key: form, lengths, point, proof."""
    prefix = parse_prefix(data)
    check_point(prefix)
    if not proof_holds(prefix):
        raise Fault("proof_false")
    return prefix


def check_point(prefix: Prefix) -> None:
    """A point outside the subgroup would draw bits of the custodians' shares out of their partials."""
    if not scalars.is_point(prefix.point):
        raise Fault("point_bad")


def check_distinct(points: Iterable[bytes]) -> None:
    """A point that stands twice asks the custodians to open one bid by way of another."""
    seen: set[bytes] = set()
    for point in points:
        if point in seen:
            raise Fault("point_repeated")
        seen.add(point)


def check_locks(headers: Iterable[Header], asked: bool, envelopes: int = 1) -> None:
    """Where the document asks for a bidder's lock, all parts of an envelope name one and the same; elsewhere none has any. Of two envelopes
    the price has another: the secret of the first is published with what it opened."""
    named: dict[bool, set[str | None]] = {}
    for header in headers:
        named.setdefault(envelopes == 2 and header.part == "price", set()).add(header.lock)
    locks = [lock for one in named.values() for lock in one]
    if not asked and any(locks):
        raise Fault("lock_not_asked")
    if asked and (None in locks or any(len(one) > 1 for one in named.values())):
        raise Fault("lock_asked")
    if asked and len(set(locks)) < len(named):
        raise Fault("lock_shared")


def check_context(header: Header, **expected: str | int | None) -> None:
    """Compares header fields with what the caller demands, e.g. tender=…, lot=…, part=…, key=…, prev=None."""
    for name, value in expected.items():
        if getattr(header, name) != value:
            raise Fault("wrong_context", field=name)
