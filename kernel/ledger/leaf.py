"""What stands in the log: one commitment a leaf, all leaves of one form and one length.

A leaf says nothing until its opening (salt and payload) is published, and a cover leaf never says anything:
counting or measuring leaves counts and measures nothing. Pure; randomness comes from the caller.
"""
import re
from typing import Any

from kernel.canonical import canon, salted

SALT = 32
LENGTH = 78
_FORM = re.compile(rb'\{"o":"([0-9a-f]{64})","v":1\}')


def leaf(salt: bytes, payload: Any) -> bytes:
    """The leaf that commits to payload under a salt of 32 fresh random bytes.

    ValueError where the salt has another length or the payload no canonical form.
    """
    if len(salt) != SALT:
        raise ValueError("a salt has 32 bytes")
    return leaf_of(salted(salt, payload))


def cover(noise: bytes) -> bytes:
    """A leaf without an opening; noise is 32 random bytes that nobody keeps."""
    if len(noise) != SALT:
        raise ValueError("a cover takes 32 bytes of noise")
    return leaf_of(noise.hex())


def leaf_of(o: str) -> bytes:
    """The leaf that holds a commitment (hex) made before."""
    return canon({"v": 1, "o": o})


def commitment(data: bytes) -> str:
    """The hex commitment inside a leaf. ValueError for bytes that are no leaf."""
    found = _FORM.fullmatch(data)
    if found is None:
        raise ValueError("not a leaf")
    return found[1].decode()


def opens(data: bytes, salt: bytes, payload: Any) -> bool:
    """Does (salt, payload) open the leaf `data`? False as well for what could never be a leaf or a payload."""
    try:
        return leaf(salt, payload) == data
    except ValueError:
        return False
