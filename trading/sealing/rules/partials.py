"""Opening without a private key: each custodian multiplies the ephemeral point by its share and proves that it did.

D_j = s_j·A with a DLEQ proof (Chaum–Pedersen) that log_B Y_j = log_A D_j; any k of them combine in the exponent to the
point whose X25519 form the bidder computed. A false proof is its custodian's, a false commitment the bidder's.
"""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.canonical import canon, parse, sha256
from trading.sealing.rules import scalars
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import HEX64, Prefix, check_distinct, check_point, proof_holds
from trading.sealing.rules.hpke import file_key_from_dh
from trading.sealing.rules.transcript import Share, Transcript


@dataclass(frozen=True)
class Occasion:
    """The one opening a partial is good for. close: hash of the close leaf (of a draw: of the last commit leaf)."""

    ceremony: str
    tender: str
    close: bytes

    def context(self, lot: str, part: str, digest: bytes) -> bytes:
        return canon({
            "ceremony": self.ceremony, "tender": self.tender, "lot": lot, "part": part,
            "digest": digest.hex(), "close": self.close.hex(),
        })


@dataclass(frozen=True)
class Partial:
    """digest: of the envelope · point: D · challenge, answer: c and z of the proof."""

    digest: bytes
    point: bytes
    challenge: bytes
    answer: bytes


@dataclass(frozen=True)
class Batch:
    """All partials of one custodian for one occasion."""

    index: int
    occasion: Occasion
    partials: tuple[Partial, ...]


@dataclass(frozen=True)
class Combined:
    """blamed: custodians whose proof failed; they were left out."""

    file_key: bytes
    blamed: tuple[int, ...]


def _challenge(context: bytes, key: bytes, point: bytes, result: bytes, first: bytes, second: bytes) -> bytes:
    return scalars.h2s(b"tbid/dleq/v1", context, key, point, result, first, second)


def partial(share: Share, point: bytes, context: bytes, digest: bytes, random: Callable[[int], bytes]) -> Partial:
    """s·point with its proof. The nonce is hedged with the share, so that a broken generator does not give the share away."""
    if not scalars.is_point(point):
        raise Fault("point_bad")
    key, result = scalars.base_times(share.value), scalars.times(share.value, point)
    nonce = scalars.h2s(b"tbid/dleq-nonce/v1", share.value, random(32), context, point)
    challenge = _challenge(context, key, point, result, scalars.base_times(nonce), scalars.times(nonce, point))
    return Partial(digest, result, challenge, scalars.plus_scalar(nonce, scalars.times_scalar(challenge, share.value)))


def partial_holds(key: bytes, point: bytes, context: bytes, given: Partial) -> bool:
    """Does the partial come from the share behind Y_j = key? Recomputes T1 = z·B - c·Y_j and T2 = z·point - c·D."""
    c, z = given.challenge, given.answer
    if not (scalars.is_scalar(c) and scalars.is_scalar(z) and all(scalars.is_point(p) for p in (key, point, given.point))):
        return False
    first = scalars.minus(scalars.base_times(z), scalars.times(c, key))
    second = scalars.minus(scalars.times(z, point), scalars.times(c, given.point))
    return _challenge(context, key, point, given.point, first, second) == c


def answer_all(
    share: Share, occasion: Occasion, envelopes: Mapping[bytes, Prefix], key: bytes, random: Callable[[int], bytes]
) -> Batch:
    """A custodian's whole answer. envelopes: digest → prefix; key: u(Y) of this ceremony.

    Refuses the batch when one header names another tender or key, one proof fails, or one point is bad or stands
    twice: a repeated point would open one bid by way of another. Times and ledger proofs are the custodian program's to check before.
    """
    check_distinct(prefix.point for prefix in envelopes.values())
    made = []
    for digest, prefix in sorted(envelopes.items()):
        header = prefix.header
        for name, found, wanted in (("tender", header.tender, occasion.tender), ("key", header.key, key.hex())):
            if found != wanted:
                raise Fault("wrong_context", field=name)
        check_point(prefix)
        if not proof_holds(prefix):
            raise Fault("proof_false")
        made.append(partial(share, prefix.point, occasion.context(header.lot, header.part, digest), digest, random))
    return Batch(share.index, occasion, tuple(made))


def build_batch(batch: Batch) -> bytes:
    occasion = batch.occasion
    return canon({
        "v": 1, "ceremony": occasion.ceremony, "tender": occasion.tender, "close": occasion.close.hex(), "index": batch.index,
        "partials": [[p.digest.hex(), p.point.hex(), p.challenge.hex(), p.answer.hex()] for p in batch.partials],
    })


def read_batch(raw: bytes) -> Batch:
    """Form only; `signed_batch` and `partial_holds` say whether to believe it."""
    try:
        fields = parse(raw)
        if set(fields) != {"v", "ceremony", "tender", "close", "index", "partials"} or fields["v"] != 1:
            raise ValueError("fields")
        if not isinstance(fields["ceremony"], str) or not isinstance(fields["tender"], str) or not isinstance(fields["index"], int):
            raise ValueError("types")  # noqa: TRY004  caught below
        occasion = Occasion(fields["ceremony"], fields["tender"], _word(fields["close"]))
        partials = tuple(Partial(*map(_word, row)) for row in fields["partials"])
    except (ValueError, TypeError, RecursionError):
        raise Fault("batch_malformed") from None
    if len({p.digest for p in partials}) != len(partials):
        raise Fault("batch_malformed")
    return Batch(fields["index"], occasion, partials)


def _word(value: Any) -> bytes:
    if not HEX64.fullmatch(value):
        raise ValueError("32 bytes of lower-case hex")
    return bytes.fromhex(value)


def sign_batch(raw: bytes, identity: bytes) -> bytes:
    return scalars.sign(identity, b"tbid/partials/v1" + sha256(raw))


def signed_batch(raw: bytes, key: bytes, signature: bytes) -> bool:
    """key: the custodian's identity key as pinned in the ledger."""
    return scalars.signed(key, b"tbid/partials/v1" + sha256(raw), signature)


def false_partials(transcript: Transcript, batch: Batch, envelopes: Mapping[bytes, Prefix]) -> tuple[bytes, ...]:
    """Digests of a batch whose partial is false or was not asked for; empty is good."""
    if batch.index not in transcript.terms.indices:
        raise Fault("not_a_custodian")
    key = transcript.verification_keys[batch.index - 1]

    def holds(given: Partial) -> bool:
        prefix = envelopes.get(given.digest)
        if prefix is None:
            return False
        context = batch.occasion.context(prefix.header.lot, prefix.header.part, given.digest)
        return partial_holds(key, prefix.point, context, given)

    return tuple(p.digest for p in batch.partials if not holds(p))


def combine_points(points: Mapping[int, bytes], k: int) -> bytes:
    """S = Σ λ_i·D_i over k of the indices (proofs already verified)."""
    if len(points) < k:
        raise Fault("too_few_partials", good=len(points), need=k, blamed="-")
    chosen = sorted(points)[:k]
    return scalars.sum_points(scalars.times(scalars.lagrange(i, chosen), points[i]) for i in chosen)


def combine(transcript: Transcript, occasion: Occasion, prefix: Prefix, digest: bytes, given: Mapping[int, Partial]) -> Combined:
    """The file key of one envelope out of custodian index → partial. Verifies every proof; needs k good ones."""
    terms = transcript.terms
    if prefix.header.key != transcript.public_key.hex():
        raise Fault("wrong_context", field="key")
    check_point(prefix)
    context = occasion.context(prefix.header.lot, prefix.header.part, digest)
    good, blamed = {}, []
    for index, one in sorted(given.items()):
        if index not in terms.indices:
            raise Fault("not_a_custodian")
        if one.digest == digest and partial_holds(transcript.verification_keys[index - 1], prefix.point, context, one):
            good[index] = one.point
        else:
            blamed.append(index)
    if len(good) < terms.k:
        raise Fault("too_few_partials", good=len(good), need=terms.k, blamed=", ".join(map(str, blamed)) or "-")
    shared = scalars.montgomery(combine_points(good, terms.k))
    enc = scalars.montgomery(prefix.point)
    return Combined(file_key_from_dh(shared, enc, bytes.fromhex(prefix.header.key), prefix.encoded), tuple(blamed))
