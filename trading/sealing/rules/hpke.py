"""HPKE (RFC 9180) reduced to what TBID1 needs: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, base mode, exporter only.

The receiver starts from `dh` instead of a private key, because no private key of a tender ever exists: k custodians'
partials combine to the very X25519 result that an RFC 9180 receiver would compute (RFC 9180 §4.1, §5.1, §5.3).
"""
import hashlib
import hmac

KEM = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(part.to_bytes(2, "big") for part in (0x0020, 0x0001, 0x0003))
EXPORT = b"tbid file key v1"


def extract(salt: bytes, material: bytes) -> bytes:
    """HKDF-Extract with SHA-256 (RFC 5869 §2.2)."""
    return hmac.new(salt or bytes(32), material, hashlib.sha256).digest()


def expand(key: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869 §2.3)."""
    result, block, counter = b"", b"", 1
    while len(result) < length:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        result += block
        counter += 1
    return result[:length]


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return extract(salt, b"HPKE-v1" + suite + label + material)


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes) -> bytes:
    return expand(key, (32).to_bytes(2, "big") + b"HPKE-v1" + suite + label + info)


def file_key_from_dh(dh: bytes, enc: bytes, receiver: bytes, info: bytes) -> bytes:
    """The exported file key. enc and receiver are X25519 public keys, info the header bytes."""
    shared = _expand(KEM, _extract(KEM, b"", b"eae_prk", dh), b"shared_secret", enc + receiver)
    context = b"\x00" + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", info)
    exporter = _expand(SUITE, _extract(SUITE, shared, b"secret", b""), b"exp", context)
    return _expand(SUITE, exporter, b"sec", EXPORT)
