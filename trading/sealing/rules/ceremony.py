"""The key ceremony of one tender: n custodians make a key that none of them, nor any k-1 of them, ever holds.

Pedersen's distributed key generation with Feldman commitments, behind a round of hashes so that nobody chooses last:
r0 hashes, r1 `Reveal`s, r2 checks and signatures over the transcript. Functions only; the caller keeps the state.
Indices run from 1 to n in the order of `Terms.custodians`. A custodian needs nothing but its seed and the transcript.
"""
from collections.abc import Sequence
from dataclasses import dataclass, field

from nacl import bindings
from nacl.exceptions import CryptoError

from kernel.canonical import sha256
from trading.sealing.rules import scalars
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.hpke import expand, extract

BOX = bindings.crypto_box_SEALBYTES + 32


@dataclass(frozen=True)
class Terms:
    """ceremony: its id · k: how many open · custodians: their Ed25519 identity keys, in order."""

    ceremony: str
    tender: str
    k: int
    custodians: tuple[bytes, ...]

    def __post_init__(self) -> None:
        n = len(self.custodians)
        if not all(isinstance(name, str) and name for name in (self.ceremony, self.tender)):
            raise Fault("ceremony_malformed", what="id")
        if not 3 <= n <= 255 or not isinstance(self.k, int) or not 2 <= self.k <= n:
            raise Fault("ceremony_malformed", what="k, n")
        if len(set(self.custodians)) != n or not all(scalars.is_point(key) for key in self.custodians):
            raise Fault("ceremony_malformed", what="custodians")

    @property
    def indices(self) -> range:
        return range(1, len(self.custodians) + 1)

    def index_of(self, identity: bytes) -> int:
        if identity not in self.custodians:
            raise Fault("not_a_custodian")
        return self.custodians.index(identity) + 1


@dataclass(frozen=True)
class Deal:
    """What one custodian chose. Secret, and always made afresh from the seed."""

    index: int
    commitments: tuple[bytes, ...]
    proof: bytes
    coefficients: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True)
class Reveal:
    """Round r1, public. boxes[j-1] is for custodian j: 80 sealed bytes, or the 32-byte share itself once a complaint made it public."""

    index: int
    commitments: tuple[bytes, ...]
    proof: bytes
    boxes: tuple[bytes, ...]


def identity_seed(seed: bytes) -> bytes:
    """The Ed25519 seed of a custodian's identity key, so that one sheet of paper restores everything."""
    return expand(extract(b"", seed), b"tbid/identity/v1")


def identity_key(identity: bytes) -> bytes:
    """Public key of an identity seed."""
    return bindings.crypto_sign_seed_keypair(identity)[0]


def deal(terms: Terms, index: int, seed: bytes) -> Deal:
    """Coefficients, Feldman commitments and proof of possession of custodian `index`."""
    if len(seed) != 32:
        raise ValueError("a custodian's seed has 32 bytes")
    prk = extract(terms.ceremony.encode(), seed)
    coefficients = tuple(scalars.reduce(expand(prk, b"tbid/coefficient/v1" + bytes([j]), 64)) for j in range(terms.k))
    commitments = tuple(scalars.base_times(a) for a in coefficients)
    # The nonce is bound to all that the challenge depends on: the same nonce under two challenges would give a_0 away.
    nonce = scalars.reduce(expand(prk, b"tbid/pop-nonce/v1" + bytes([index]) + commitments[0], 64))
    first = scalars.base_times(nonce)
    challenge = _possession(terms, index, commitments[0], first)
    answer = scalars.plus_scalar(nonce, scalars.times_scalar(challenge, coefficients[0]))
    return Deal(index, commitments, first + answer, coefficients)


def _possession(terms: Terms, index: int, commitment: bytes, first: bytes) -> bytes:
    return scalars.h2s(b"tbid/pop/v1", terms.ceremony.encode(), bytes([index]), commitment, first)


def r0(terms: Terms, made: Deal | Reveal) -> bytes:
    """The hash that is posted in the first round."""
    return sha256(b"tbid/r0/v1" + terms.ceremony.encode() + bytes([made.index]) + b"".join(made.commitments) + made.proof)


def share_for(dealt: Deal, j: int) -> bytes:
    """s_ij: the polynomial at x = j. Also what an accused custodian publishes."""
    at, result = scalars.scalar(j), scalars.ZERO
    for coefficient in reversed(dealt.coefficients):
        result = scalars.plus_scalar(scalars.times_scalar(at, result), coefficient)
    return result


def reveal(terms: Terms, dealt: Deal) -> Reveal:
    """Round r1: the shares leave in sealed boxes to the X25519 form of each identity key."""
    boxes = tuple(
        bindings.crypto_box_seal(share_for(dealt, j), scalars.montgomery(key)) for j, key in enumerate(terms.custodians, 1)
    )
    return Reveal(dealt.index, dealt.commitments, dealt.proof, boxes)


def check_reveal(terms: Terms, shown: Reveal, posted: bytes) -> None:
    """Form, agreement with the hash of r0, proof of possession. Raises the Fault that names the custodian."""
    index = shown.index
    if (
        index not in terms.indices
        or len(shown.commitments) != terms.k
        or len(shown.boxes) != len(terms.custodians)
        or not all(scalars.is_point(a) for a in shown.commitments)
        or not all(len(box) in (BOX, 32) for box in shown.boxes)
        or len(shown.proof) != 64
    ):
        raise Fault("reveal_malformed", index=index)
    if r0(terms, shown) != posted:
        raise Fault("reveal_differs", index=index)
    first, answer = shown.proof[:32], shown.proof[32:]
    challenge = _possession(terms, index, shown.commitments[0], first)
    if not scalars.is_scalar(answer) or not scalars.is_point(first):
        raise Fault("possession_false", index=index)
    if scalars.base_times(answer) != scalars.plus(first, scalars.times(challenge, shown.commitments[0])):
        raise Fault("possession_false", index=index)


def share_fits(commitments: Sequence[bytes], j: int, share: bytes) -> bool:
    return scalars.is_scalar(share) and scalars.base_times(share) == scalars.evaluate(tuple(commitments), j)


def open_box(terms: Terms, shown: Reveal, identity: bytes) -> bytes | None:
    """The share meant for this identity seed if box and share are good; None is the ground of a complaint."""
    public, secret = bindings.crypto_sign_seed_keypair(identity)
    j = terms.index_of(public)
    content = shown.boxes[j - 1]
    if len(content) != 32:
        try:
            content = bindings.crypto_box_seal_open(
                content, scalars.montgomery(public), bindings.crypto_sign_ed25519_sk_to_curve25519(secret)
            )
        except CryptoError:
            return None
    return content if share_fits(shown.commitments, j, content) else None


def blames(shown: Reveal, j: int, published: bytes | None) -> bool:
    """Custodian j complained and the accused published this share (None: silence). Is the accused to blame?

    False settles the complaint: the public share is good and `settled` puts it in place of the box.
    """
    return published is None or not share_fits(shown.commitments, j, published)


def settled(shown: Reveal, j: int, published: bytes) -> Reveal:
    """The reveal with the published share standing in clear where custodian j's box stood."""
    if blames(shown, j, published):
        raise Fault("share_wrong", index=shown.index)
    return Reveal(shown.index, shown.commitments, shown.proof, (*shown.boxes[: j - 1], published, *shown.boxes[j:]))
