"""Arithmetic of edwards25519: scalars modulo ℓ, points, hashing to scalars, Lagrange coefficients.

Scalars are 32 bytes little-endian below ℓ, points their 32-byte RFC 8032 encoding. Everything secret goes through
libsodium's constant-time functions; Python integers only ever hold public values (indices, coefficients λ).
"""
import hashlib
from collections.abc import Iterable

from nacl import bindings
from nacl.exceptions import CryptoError

ORDER = (1 << 252) + 27742317777372353535851937790883648493
BASE = bytes([0x58]) + bytes([0x66]) * 31
IDENTITY = bytes([1]) + bytes(31)
ZERO = bytes(32)
ORDER_TWO = ((1 << 255) - 20).to_bytes(32, "little")  # the point (0, -1)


def reduce(wide: bytes) -> bytes:
    """64 bytes, little-endian, modulo ℓ."""
    return bindings.crypto_core_ed25519_scalar_reduce(wide)


def scalar(number: int) -> bytes:
    return (number % ORDER).to_bytes(32, "little")


def is_scalar(data: bytes) -> bool:
    """Is it the one encoding of a scalar? A second encoding of z would make a proof malleable."""
    return len(data) == 32 and int.from_bytes(data, "little") < ORDER


def h2s(*parts: bytes) -> bytes:
    """SHA-512 over each u64(length) ‖ part, read little-endian modulo ℓ."""
    digest = hashlib.sha512()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return reduce(digest.digest())


def plus_scalar(a: bytes, b: bytes) -> bytes:
    return bindings.crypto_core_ed25519_scalar_add(a, b)


def times_scalar(a: bytes, b: bytes) -> bytes:
    return bindings.crypto_core_ed25519_scalar_mul(a, b)


def sum_scalars(values: Iterable[bytes]) -> bytes:
    result = ZERO
    for value in values:
        result = plus_scalar(result, value)
    return result


def base_times(s: bytes) -> bytes:
    return IDENTITY if s == ZERO else bindings.crypto_scalarmult_ed25519_base_noclamp(s)


def times(s: bytes, point: bytes) -> bytes:
    """s·point. libsodium refuses the identity on either side, which hostile commitments can bring about: handled here."""
    if s == ZERO or point == IDENTITY:
        return IDENTITY
    return bindings.crypto_scalarmult_ed25519_noclamp(s, point)


def plus(p: bytes, q: bytes) -> bytes:
    return bindings.crypto_core_ed25519_add(p, q)


def minus(p: bytes, q: bytes) -> bytes:
    return bindings.crypto_core_ed25519_sub(p, q)


def sum_points(points: Iterable[bytes]) -> bytes:
    result = IDENTITY
    for point in points:
        result = plus(result, point)
    return result


def evaluate(commitments: tuple[bytes, ...], x: int) -> bytes:
    """Σ x^m·A_m: what a Feldman-committed polynomial is worth at x, in the exponent (Horner)."""
    at, result = scalar(x), IDENTITY
    for commitment in reversed(commitments):
        result = plus(times(at, result), commitment)
    return result


def is_point(data: bytes) -> bool:
    """Canonical, on the curve, of order exactly ℓ (so never the identity)."""
    return len(data) == 32 and bindings.crypto_core_ed25519_is_valid_point(data)


def montgomery(point: bytes) -> bytes:
    """The X25519 form u(P). ValueError for anything but a point of order ℓ."""
    if not is_point(point):
        raise ValueError("not a point of the prime-order subgroup")
    return bindings.crypto_sign_ed25519_pk_to_curve25519(point)


def lagrange(index: int, indices: Iterable[int]) -> bytes:
    """λ_index for x = 0 over the given distinct indices."""
    above, below = 1, 1
    for other in indices:
        if other != index:
            above = above * other % ORDER
            below = below * (other - index) % ORDER
    return scalar(above * pow(below, -1, ORDER))


def sign(seed: bytes, message: bytes) -> bytes:
    """Ed25519 signature (64 bytes) by the key of a 32-byte seed."""
    return bindings.crypto_sign(message, bindings.crypto_sign_seed_keypair(seed)[1])[:64]


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        bindings.crypto_sign_open(signature + message, key)
    except CryptoError:
        return False
    return True


def self_test() -> None:
    """Stops the start where libsodium takes B + (0, -1) for a point of the subgroup (CVE-2025-69277).

    With such a point a bidder or custodian could learn a share modulo the cofactor, or void a proof.
    """
    if is_point(plus(BASE, ORDER_TWO)) or not is_point(BASE):
        raise RuntimeError("this libsodium accepts points outside the prime-order subgroup; PyNaCl 1.6.2 or newer is needed")


self_test()
