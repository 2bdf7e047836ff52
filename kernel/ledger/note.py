"""Signed notes, witness cosignatures and checkpoints, byte for byte as other logs' tools read them.

Sources: C2SP signed-note, tlog-cosignature, tlog-checkpoint. Only Ed25519: 0x01 the log's own signature over
the text, 0x04 a witness's signature over time and text. Pure; signing is deterministic. Everything that cannot
be read in exactly one way raises BadNote.
"""
import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

LOG, WITNESS = 0x01, 0x04
MOST_SIGNATURES = 100
MOST_BYTES = 1_000_000
_DASH = "\N{EM DASH} "
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class BadNote(ValueError):
    """A note, key, checkpoint or cosignature that is malformed, unsigned by the key asked for, or wrongly signed."""


class WrongSignature(BadNote):
    """A well-formed note that none of the known keys signed, or one of them wrongly."""


def line(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode()


def unline(text: str, length: int | None = None) -> bytes:
    """Reads base64; refuses any spelling that `line` would not write, and another length than asked for."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadNote("not base64") from error
    if line(data) != text or (length is not None and len(data) != length):
        raise BadNote("not the one base64 of its bytes, or a wrong length")
    return data


def number(text: str) -> int:
    """ASCII decimal without leading zeros, below 2^63: sizes, indexes, times."""
    if not _NUMBER.fullmatch(text) or int(text) >= 1 << 63:
        raise BadNote("not a decimal number")
    return int(text)


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise BadNote("a key name is not empty and has no space and no plus sign")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise BadNote("a note's text ends in a newline and has no control characters")


@dataclass(frozen=True)
class Verifier:
    """A public key under its name. kind: 0x01 a log's, 0x04 a witness's; key: 32 bytes."""

    name: str
    kind: int
    key: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.kind not in (LOG, WITNESS) or len(self.key) != 32:
            raise BadNote("only Ed25519 keys of the kinds 0x01 and 0x04")

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    def vkey(self) -> str:
        """name+hexid+base64(kind ‖ key), the form in which keys are handed out."""
        return f"{self.name}+{self.id.hex()}+{line(bytes([self.kind]) + self.key)}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise BadNote("a vkey is name+id+key")
        raw = unline(parts[2], 33)
        found = cls(parts[0], raw[0], raw[1:])
        if found.id.hex() != parts[1]:
            raise BadNote("the id of the vkey does not belong to its key")
        return found

    def accepts(self, text: str, signature: bytes) -> bool:
        """Did this key sign text? For a witness the signature begins with its time (u64, seconds)."""
        message = text.encode()
        if self.kind == WITNESS:
            if len(signature) != 72 or signature[0] > 127:
                return False
            message, signature = _timed(int.from_bytes(signature[:8], "big"), text), signature[8:]
        try:
            VerifyKey(self.key).verify(message, signature)
        except (BadSignatureError, ValueError):
            return False
        return True


@dataclass(frozen=True, repr=False)
class Signer:
    """A key that signs. seed: the 32 secret bytes of Ed25519."""

    name: str
    kind: int
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.kind, bytes(SigningKey(self.seed).verify_key))

    def skey(self) -> str:
        """PRIVATE+KEY+name+hexid+base64(kind ‖ seed), the form in which key files hold it."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{line(bytes([self.kind]) + self.seed)}"

    @classmethod
    def parse(cls, text: str) -> "Signer":
        parts = text.split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise BadNote("not a private key")
        raw = unline(parts[4], 33)
        found = cls(parts[2], raw[0], raw[1:])
        if found.verifier.id.hex() != parts[3]:
            raise BadNote("the id of the private key does not belong to it")
        return found

    def sign(self, text: str, seconds: int | None = None) -> str:
        """The signature line over text. A witness must give its time, seconds since 1970; a log must not."""
        _check_text(text)
        if (seconds is not None) != (self.kind == WITNESS):
            raise ValueError("a witness signs with a time, a log without")
        key, head = SigningKey(self.seed), self.verifier.id
        if seconds is None:
            body = key.sign(text.encode()).signature
        else:
            body = seconds.to_bytes(8, "big") + key.sign(_timed(seconds, text)).signature
        return f"{_DASH}{self.name} {line(head + body)}\n"


def _timed(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


@dataclass(frozen=True)
class Signature:
    """One signature line as it was read. time: seconds, of a witness's only."""

    by: Verifier
    raw: bytes
    text: str

    @property
    def time(self) -> int | None:
        return int.from_bytes(self.raw[:8], "big") if self.by.kind == WITNESS else None


@dataclass(frozen=True)
class Note:
    """text with its final newline, and the signatures that were verified, one for each key, in their order."""

    text: str
    signatures: tuple[Signature, ...]


def sign(text: str, *signers: Signer) -> bytes:
    """A note of text signed by logs (0x01)."""
    return (text + "\n" + "".join(s.sign(text) for s in signers)).encode()


def _signature_lines(block: str) -> list[tuple[str, bytes, str]]:
    lines = block.split("\n")
    if lines.pop() != "" or not lines or len(lines) > MOST_SIGNATURES:
        raise BadNote("signature lines missing, unfinished or too many")
    found = []
    for text in lines:
        name, gap, code = text.removeprefix(_DASH).partition(" ")
        _check_name(name)
        raw = unline(code)
        if not text.startswith(_DASH) or not gap or len(raw) < 5:
            raise BadNote("not a signature line")
        found.append((name, raw, text + "\n"))
    return found


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> Note:
    """Verifies a note against the known keys.

    Lines of unknown keys are passed over; one bad signature of a known key spoils the note; none good is BadNote.
    """
    if len(data) > MOST_BYTES:
        raise BadNote("note too long")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    _check_text(whole)
    cut = whole.rfind("\n\n")
    if cut < 0:
        raise BadNote("no signatures")
    text = whole[: cut + 1]
    known = {(v.name, v.id): v for v in verifiers}
    good: dict[tuple[str, bytes], Signature] = {}
    for name, raw, as_read in _signature_lines(whole[cut + 2 :]):
        key = (name, raw[:4])
        if key not in known or key in good:
            continue
        if not known[key].accepts(text, raw[4:]):
            raise WrongSignature(f"bad signature of {name}")
        good[key] = Signature(known[key], raw[4:], as_read)
    if not good:
        raise WrongSignature("signed by no known key")
    return Note(text, tuple(good.values()))


def add(data: bytes, lines: bytes, witnesses: Iterable[Verifier]) -> bytes:
    """The note with the good signature lines of further known witnesses; what an answer holds beside them drops out.

    A key that has signed already is not added again. BadNote where the answer cannot be read or a known key's line in it is wrong.
    """
    head, _, block = data.decode().rpartition("\n\n")
    have = {(name, raw[:4]) for name, raw, _ in _signature_lines(block)}
    fresh = open_note(f"{head}\n\n".encode() + lines, witnesses)
    if fresh.text != head + "\n":
        raise BadNote("the answer brings a text of its own")
    return data + "".join(s.text for s in fresh.signatures if (s.by.name, s.by.id) not in have).encode()


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: origin of the log, number of leaves, RFC 6962 root. Our own logs write no extension lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        return "".join(f"{part}\n" for part in (self.origin, self.size, line(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        _check_text(text)
        origin, *rest = text[:-1].split("\n")
        if len(rest) < 2 or not origin or not all(rest):
            raise BadNote("a checkpoint has an origin, a size and a root, and no empty line")
        return cls(origin, number(rest[0]), unline(rest[1], 32), tuple(rest[2:]))


@dataclass(frozen=True)
class Signed:
    """A checkpoint that its log signed. cosigned: witness → its time in seconds, for the known witnesses that signed too."""

    checkpoint: Checkpoint
    cosigned: dict[Verifier, int]
    data: bytes


def open_checkpoint(data: bytes, log: Verifier, witnesses: Iterable[Verifier] = ()) -> Signed:
    """Reads a signed checkpoint of exactly this log. Whether the witnesses suffice is for the caller to judge."""
    note = open_note(data, [log, *witnesses])
    if all(s.by != log for s in note.signatures):
        raise WrongSignature("the log itself has not signed")
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != log.name:
        raise BadNote("the checkpoint of another log")
    return Signed(checkpoint, {s.by: s.time for s in note.signatures if s.time is not None}, data)
