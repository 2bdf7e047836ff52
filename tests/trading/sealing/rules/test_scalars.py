import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from trading.sealing.rules import scalars
from trading.sealing.rules.scalars import BASE, IDENTITY, ORDER, ORDER_TWO, ZERO

numbers = st.integers(1, ORDER - 1)


def test_mixed_order_point_is_refused():
    mixed = scalars.plus(BASE, ORDER_TWO)
    assert scalars.is_point(BASE)
    assert not scalars.is_point(mixed)
    assert not scalars.is_point(IDENTITY)
    assert not scalars.is_point(ORDER_TWO)
    with pytest.raises(ValueError):
        scalars.montgomery(mixed)


def test_non_canonical_point_is_refused():
    """y = 1 + p encodes the identity a second time; y = p + 18 another point."""
    for y in ((1 << 255) - 18, (1 << 255) - 1):
        assert not scalars.is_point(y.to_bytes(32, "little"))
    assert not scalars.is_point(BASE[:31])


def test_montgomery_form_of_the_base_point_is_nine():
    """RFC 7748 §4.1."""
    assert scalars.montgomery(BASE) == bytes([9]) + bytes(31)


def test_order_annihilates_the_base_point():
    assert scalars.plus(scalars.base_times(scalars.scalar(ORDER - 1)), BASE) == IDENTITY
    assert scalars.base_times(ZERO) == IDENTITY
    assert scalars.times(ZERO, BASE) == IDENTITY
    assert scalars.times(scalars.scalar(5), IDENTITY) == IDENTITY


def test_h2s_is_length_prefixed_sha512_modulo_the_order():
    wide = hashlib.sha512((3).to_bytes(8, "big") + b"abc" + (0).to_bytes(8, "big") + (1).to_bytes(8, "big") + b"d").digest()
    assert scalars.h2s(b"abc", b"", b"d") == (int.from_bytes(wide, "little") % ORDER).to_bytes(32, "little")
    assert scalars.h2s(b"ab", b"c") != scalars.h2s(b"a", b"bc")


def test_second_encoding_of_a_scalar_is_refused():
    assert scalars.is_scalar((ORDER - 1).to_bytes(32, "little"))
    assert not scalars.is_scalar(ORDER.to_bytes(32, "little"))
    assert not scalars.is_scalar(b"\x01")


@given(numbers, numbers)
def test_points_follow_scalars(a, b):
    x, y = scalars.scalar(a), scalars.scalar(b)
    assert scalars.base_times(scalars.plus_scalar(x, y)) == scalars.plus(scalars.base_times(x), scalars.base_times(y))
    assert scalars.base_times(scalars.times_scalar(x, y)) == scalars.times(x, scalars.base_times(y))


@given(st.lists(numbers, min_size=2, max_size=5), st.integers(1, 9))
def test_commitments_evaluate_as_the_polynomial_does(coefficients, x):
    value = sum(a * x**m for m, a in enumerate(coefficients)) % ORDER
    commitments = tuple(scalars.base_times(scalars.scalar(a)) for a in coefficients)
    assert scalars.evaluate(commitments, x) == scalars.base_times(scalars.scalar(value))


def test_commitments_chosen_to_cancel_evaluate_to_the_identity():
    """A_0 = -3·A_1: the polynomial is zero at 3, which libsodium's own multiplication would call an error."""
    slope = scalars.scalar(77)
    commitments = (scalars.base_times(scalars.scalar(-3 * 77)), scalars.base_times(slope))
    assert scalars.evaluate(commitments, 3) == IDENTITY
    assert scalars.evaluate((*commitments, BASE), 0) == commitments[0]


@given(st.lists(numbers, min_size=3, max_size=3), st.sets(st.integers(1, 255), min_size=3, max_size=3))
def test_lagrange_recovers_the_value_at_zero(coefficients, indices):
    def at(x):
        return scalars.scalar(sum(a * x**m for m, a in enumerate(coefficients)))

    terms = (scalars.times_scalar(scalars.lagrange(i, indices), at(i)) for i in indices)
    assert scalars.sum_scalars(terms) == scalars.scalar(coefficients[0])


def test_signature_holds_for_its_message_and_key_only():
    seed = bytes(range(32))
    key = SigningKey(seed).verify_key.encode()
    signature = scalars.sign(seed, b"message")
    assert scalars.signed(key, b"message", signature)
    assert not scalars.signed(key, b"massage", signature)
    assert not scalars.signed(BASE, b"message", signature)
    assert not scalars.signed(key, b"message", signature[:63])
