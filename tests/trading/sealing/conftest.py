"""A second implementation of the format, written from the byte description alone, and two finished ceremonies.

Nothing in `Oracle` imports the rules: HPKE comes from pyhpke, Ed25519, X25519, HKDF and AEADs from cryptography.
"""
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, KEMKeyPair

from trading.sealing.rules.ceremony import Terms, deal, identity_key, identity_seed, r0, reveal
from trading.sealing.rules.transcript import Transcript, build_transcript, read_transcript

MIB = 1048576
CIPHERS = {"aes-256-gcm": AESGCM, "chacha20-poly1305": ChaCha20Poly1305}


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def merkle(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + merkle(leaves[:k]) + merkle(leaves[k:])).digest()


class Oracle:
    """seal() may be told to lie: every argument after `lock` replaces the honest value."""

    @staticmethod
    def keys(file_key: bytes, hh: bytes, lock: bytes) -> tuple[bytes, bytes, bytes]:
        def derive(info: bytes, length: int) -> bytes:
            return HKDF(SHA256(), length, hh, info).derive(file_key + lock)

        return derive(b"tbid/body-key", 32), derive(b"tbid/base-nonce", 12), derive(b"tbid/key-commitment", 32)

    @staticmethod
    def nonce(base: bytes, index: int, final: bool) -> bytes:
        mask = b"\x00\x00\x00" + bytes([final]) + index.to_bytes(8, "big")
        return bytes(a ^ b for a, b in zip(base, mask, strict=True))

    @staticmethod
    def padme(size: int) -> int:
        e = size.bit_length() - 1
        low = e - e.bit_length()
        return -(-size >> low << low)

    def header(self, pair: Ed25519PrivateKey, key: bytes, /, **changes: object) -> dict[str, object]:
        fields: dict[str, object] = {
            "v": 1, "tender": "G26ABCDEF", "lot": "1", "part": "technical", "supplier": "ab" * 32, "version": 1,
            "kem": "tx25519", "aead": "aes-256-gcm", "chunk": MIB, "eph": pair.public_key().public_bytes_raw().hex(), "key": key.hex(),
        }
        return {name: value for name, value in {**fields, **changes}.items() if value is not None}

    def seal(
        self, data: bytes, key: bytes, lock: bytes = b"", *, seed: bytes = b"\x07" * 32, stated: int | None = None,
        dirt: bytes = b"", commitment: bytes | None = None, encoded: bytes | None = None, **changes: object,
    ) -> tuple[bytes, bytes]:
        """File and file key."""
        eph = Ed25519PrivateKey.from_private_bytes(seed)
        if lock and "lock" not in changes:
            changes["lock"] = hashlib.sha256(b"tbid/lock" + lock).hexdigest()
        fields = self.header(eph, key, **changes)
        head = encoded or canonical(fields)
        scalar = X25519PrivateKey.from_private_bytes(hashlib.sha512(seed).digest()[:32])
        suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
        pair = KEMKeyPair(KEMKey.from_pyca_cryptography_key(scalar), KEMKey.from_pyca_cryptography_key(scalar.public_key()))
        _, context = suite.create_sender_context(suite.kem.deserialize_public_key(key), head, eks=pair)
        file_key = context.export(b"tbid file key v1", 32)
        hh = hashlib.sha256(head).digest()
        body_key, base, committed = self.keys(file_key, hh, lock)
        committed = commitment or committed
        plain = (len(data) if stated is None else stated).to_bytes(8, "big") + data
        padded = max(65536, self.padme(len(plain)))
        plain += bytes(padded - len(plain) - len(dirt)) + dirt
        count = -(-padded // MIB)
        lengths = padded.to_bytes(8, "big") + count.to_bytes(8, "big")
        proof = Ed25519PrivateKey.from_private_bytes(seed).sign(b"tbid/pok/v1" + hh + committed + lengths)
        cipher = CIPHERS[str(fields["aead"])](body_key)
        file = b"TBID1\n" + len(head).to_bytes(4, "big") + head + committed + lengths + proof
        for i in range(count):
            file += cipher.encrypt(self.nonce(base, i, i == count - 1), plain[i * MIB : (i + 1) * MIB], None)
        return file, file_key

    def open(self, file: bytes, file_key: bytes, lock: bytes = b"") -> bytes:
        assert file[:6] == b"TBID1\n"
        end = 10 + int.from_bytes(file[6:10], "big")
        head, committed, lengths, proof = file[10:end], file[end : end + 32], file[end + 32 : end + 48], file[end + 48 : end + 112]
        fields = json.loads(head)
        assert canonical(fields) == head
        hh = hashlib.sha256(head).digest()
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(fields["eph"])).verify(proof, b"tbid/pok/v1" + hh + committed + lengths)
        body_key, base, expected = self.keys(file_key, hh, lock)
        assert committed == expected
        assert fields.get("lock") == (hashlib.sha256(b"tbid/lock" + lock).hexdigest() if lock else None)
        cipher = CIPHERS[fields["aead"]](body_key)
        count, chunks = int.from_bytes(lengths[8:], "big"), self.chunks(file)
        assert len(chunks) == count
        plain = b"".join(cipher.decrypt(self.nonce(base, i, i == count - 1), chunk, None) for i, chunk in enumerate(chunks))
        assert len(plain) == int.from_bytes(lengths[:8], "big")
        size = int.from_bytes(plain[:8], "big")
        assert len(plain) == max(65536, self.padme(size + 8)) and not any(plain[8 + size :])
        return plain[8 : 8 + size]

    @staticmethod
    def front(file: bytes) -> int:
        """Where the chunks begin."""
        return 10 + int.from_bytes(file[6:10], "big") + 112

    def chunks(self, file: bytes) -> list[bytes]:
        start = self.front(file)
        return [file[i : i + MIB + 16] for i in range(start, len(file), MIB + 16)]

    def digest(self, file: bytes) -> bytes:
        parts = [file[: self.front(file)], *self.chunks(file)]
        return merkle([hashlib.sha256(b"\x00" + part).digest() for part in parts])


@dataclass
class Centre:
    """A finished ceremony with everybody's secrets."""

    terms: Terms
    seeds: list[bytes]
    transcript: Transcript

    @property
    def identities(self) -> list[bytes]:
        return [identity_seed(seed) for seed in self.seeds]


def hold_ceremony(k: int, n: int) -> Centre:
    seeds = [hashlib.sha256(f"custodian {k} {n} {i}".encode()).digest() for i in range(n)]
    terms = Terms(f"ceremony-{k}-of-{n}", "G26ABCDEF", k, tuple(identity_key(identity_seed(seed)) for seed in seeds))
    deals = [deal(terms, i, seed) for i, seed in enumerate(seeds, 1)]
    raw = build_transcript(terms, tuple(r0(terms, one) for one in deals), tuple(reveal(terms, one) for one in deals))
    return Centre(terms, seeds, read_transcript(raw))


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture(scope="session", params=[(2, 3), (3, 5)], ids=["2-of-3", "3-of-5"])
def centre(request: pytest.FixtureRequest) -> Centre:
    return hold_ceremony(*request.param)


@pytest.fixture(scope="session")
def small_centre() -> Centre:
    return hold_ceremony(2, 3)


@pytest.fixture
def dice() -> Callable[[int], bytes]:
    return random.Random(20260101).randbytes
