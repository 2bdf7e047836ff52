"""The public record of a finished ceremony: its bytes, its signatures, and the keys that follow from it.

The record says everything: Y, each custodian's verification key Y_j, and (with a seed) a lost custodian's share.
"""
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kernel.canonical import canon, parse, sha256
from trading.sealing.rules import scalars
from trading.sealing.rules.ceremony import Reveal, Terms, check_reveal, deal, identity_key, identity_seed, open_box
from trading.sealing.rules.faults import Fault


@dataclass(frozen=True)
class Transcript:
    """reveals[i-1] belongs to custodian i. Only ever made by `read_transcript`, so always checked."""

    raw: bytes
    terms: Terms
    reveals: tuple[Reveal, ...]

    @cached_property
    def key(self) -> bytes:
        """Y = Σ A_i0, whose private key nobody holds."""
        return scalars.sum_points(shown.commitments[0] for shown in self.reveals)

    @property
    def public_key(self) -> bytes:
        """u(Y): what the notice carries and the bidders seal to."""
        return scalars.montgomery(self.key)

    @cached_property
    def verification_keys(self) -> tuple[bytes, ...]:
        """Y_1 … Y_n: each custodian's share in the exponent, against which its partials are checked."""
        total = tuple(scalars.sum_points(column) for column in zip(*(shown.commitments for shown in self.reveals), strict=True))
        return tuple(scalars.evaluate(total, j) for j in self.terms.indices)


@dataclass(frozen=True)
class Share:
    """A custodian's part of the key; secret."""

    index: int
    value: bytes = field(repr=False)


def build_transcript(terms: Terms, hashes: tuple[bytes, ...], reveals: tuple[Reveal, ...]) -> bytes:
    """hashes are those posted in r0, reveals those of r1, both in the order of the custodians."""
    return canon({
        "v": 1,
        "ceremony": terms.ceremony,
        "tender": terms.tender,
        "k": terms.k,
        "custodians": _hex(terms.custodians),
        "r0": _hex(hashes),
        "commitments": [_hex(shown.commitments) for shown in reveals],
        "proofs": _hex(shown.proof for shown in reveals),
        "boxes": [_hex(shown.boxes) for shown in reveals],
    })


def _hex(values: Any) -> list[str]:
    return [value.hex() for value in values]


def read_transcript(raw: bytes) -> Transcript:
    """Reads and checks the whole record: whoever relies on Y calls this and `check_signatures`."""
    try:
        fields = parse(raw)
        if set(fields) != {"v", "ceremony", "tender", "k", "custodians", "r0", "commitments", "proofs", "boxes"} or fields["v"] != 1:
            raise Fault("transcript_malformed", what="fields")
        terms = Terms(fields["ceremony"], fields["tender"], fields["k"], _unhex(fields["custodians"]))
        hashes, proofs = _unhex(fields["r0"]), _unhex(fields["proofs"])
        commitments, boxes = [_unhex(row) for row in fields["commitments"]], [_unhex(row) for row in fields["boxes"]]
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise Fault("transcript_malformed", what=type(problem).__name__) from None
    if not len(hashes) == len(proofs) == len(commitments) == len(boxes) == len(terms.custodians):
        raise Fault("transcript_malformed", what="length")
    reveals = tuple(Reveal(i, commitments[i - 1], proofs[i - 1], boxes[i - 1]) for i in terms.indices)
    for shown, posted in zip(reveals, hashes, strict=True):
        check_reveal(terms, shown, posted)
        for j, box in enumerate(shown.boxes, 1):
            if len(box) == 32 and scalars.base_times(box) != scalars.evaluate(shown.commitments, j):
                raise Fault("share_wrong", index=shown.index)
    made = Transcript(raw, terms, reveals)
    if not scalars.is_point(made.key) or not all(scalars.is_point(key) for key in made.verification_keys):
        raise Fault("transcript_malformed", what="key")
    return made


def _unhex(values: Any) -> tuple[bytes, ...]:
    made = tuple(bytes.fromhex(value) for value in values)
    if _hex(made) != values:
        raise ValueError("a list of lower-case hex")
    return made


def statement(raw: bytes) -> bytes:
    """What each custodian signs in r2."""
    return b"tbid/transcript/v1" + sha256(raw)


def sign_transcript(transcript: Transcript, identity: bytes) -> bytes:
    """By a custodian that has called `share_of` without a Fault; identity is its Ed25519 seed."""
    transcript.terms.index_of(identity_key(identity))
    return scalars.sign(identity, statement(transcript.raw))


def check_signatures(transcript: Transcript, signatures: tuple[bytes, ...]) -> tuple[int, ...]:
    """Indices whose signature is missing or false; empty is good. A bidder's client demands empty, against identities it pinned."""
    given = dict(zip(transcript.terms.indices, signatures, strict=False))
    keys = dict(zip(transcript.terms.indices, transcript.terms.custodians, strict=True))
    return tuple(i for i in transcript.terms.indices if not scalars.signed(keys[i], statement(transcript.raw), given.get(i, b"")))


def share_of(transcript: Transcript, identity: bytes) -> Share:
    """Σ s_ij from all boxes of one custodian. Fault share_wrong names whom to complain about."""
    index = transcript.terms.index_of(identity_key(identity))
    parts = []
    for shown in transcript.reveals:
        part = open_box(transcript.terms, shown, identity)
        if part is None:
            raise Fault("share_wrong", index=shown.index)
        parts.append(part)
    return Share(index, scalars.sum_scalars(parts))


def restore(seed: bytes, transcript: Transcript, identity: bytes | None = None) -> Share:
    """A lost machine's share from the paper seed and the public record; identity is derived from the seed unless it is a key of its own."""
    identity = identity_seed(seed) if identity is None else identity
    index = transcript.terms.index_of(identity_key(identity))
    if deal(transcript.terms, index, seed).commitments != transcript.reveals[index - 1].commitments:
        raise Fault("seed_differs")
    return share_of(transcript, identity)
