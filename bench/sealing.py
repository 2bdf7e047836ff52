"""Sealing, ceremonies, partial decryptions, each against the library's bare operation over the same bytes or points."""
import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl import bindings

from bench.measure import Line, compare
from trading.sealing.rules.ceremony import Terms, deal, identity_key, identity_seed, r0, reveal
from trading.sealing.rules.envelope import Params, check_structure, open_with_key, seal
from trading.sealing.rules.partials import Occasion, answer_all, combine_points
from trading.sealing.rules.transcript import Transcript, build_transcript, read_transcript, restore

MIB = 1 << 20


class Nowhere:
    """Takes bytes and forgets them."""

    def write(self, data: memoryview) -> int:
        return len(data)


def bare(chunks: list[memoryview], threads: int) -> None:
    """AES-256-GCM and SHA-256 of every chunk, nothing else."""
    key = AESGCM(bytes(32))

    def one(n: int) -> bytes:
        return hashlib.sha256(key.encrypt(n.to_bytes(12, "big"), chunks[n], None)).digest()

    if threads == 1:
        for n in range(len(chunks)):
            one(n)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(len(chunks))))


def envelopes(size: int, rounds: int) -> Iterator[Line]:
    """size: bytes of the sealed data."""
    data = os.urandom(MIB) * (size // MIB)
    chunks = [memoryview(data)[n : n + MIB] for n in range(0, size, MIB)]
    params = Params("tender", "lot", "technical", "ab" * 32, 1, _key())
    file = io.BytesIO()
    made = seal(io.BytesIO(data), file, params, size, os.urandom)
    for threads in sorted({1, os.cpu_count() or 1}):
        said = f"{size // MIB} MiB, {threads} thread{'s' if threads > 1 else ''}"
        yield compare(f"seal {said}", lambda t=threads: seal(io.BytesIO(data), Nowhere(), params, size, os.urandom, t),  # type: ignore[misc]
                      "AES-256-GCM + SHA-256", lambda t=threads: bare(chunks, t), rounds, len(chunks), "MiB")  # type: ignore[misc]
        yield compare(f"open {said}", lambda t=threads: (file.seek(0), open_with_key(file, Nowhere(), made.file_key, threads=t)),  # type: ignore[misc]
                      "AES-256-GCM + SHA-256", lambda t=threads: bare(chunks, t), rounds, len(chunks), "MiB")  # type: ignore[misc]
    yield compare(f"check without a key {size // MIB} MiB", lambda: (file.seek(0), check_structure(file)),
                  "SHA-256", lambda: [hashlib.sha256(chunk).digest() for chunk in chunks], rounds, len(chunks), "MiB")


def _key() -> bytes:
    return bindings.crypto_sign_ed25519_pk_to_curve25519(bindings.crypto_sign_seed_keypair(bytes(32))[0])


def hold(k: int, n: int) -> tuple[list[bytes], Transcript]:
    """A whole ceremony without the network: every custodian deals, reveals, and checks the record."""
    seeds = [hashlib.sha256(bytes([k, n, i])).digest() for i in range(n)]
    terms = Terms(f"bench-{k}-{n}", "tender", k, tuple(identity_key(identity_seed(seed)) for seed in seeds))
    deals = [deal(terms, i, seed) for i, seed in enumerate(seeds, 1)]
    transcript = read_transcript(build_transcript(terms, tuple(r0(terms, one) for one in deals), tuple(reveal(terms, one) for one in deals)))
    for seed in seeds:
        restore(seed, transcript)
    return seeds, transcript


def multiply(times: int) -> None:
    """libsodium's multiplication of a point by a scalar, the bare unit of all of this."""
    point, scalar = bindings.crypto_sign_seed_keypair(bytes(32))[0], bytes([9]) * 31 + b"\x00"
    for _ in range(times):
        bindings.crypto_scalarmult_ed25519_noclamp(scalar, point)


def ceremonies(bids: int, rounds: int) -> Iterator[Line]:
    for k, n in ((2, 3), (3, 5)):
        yield compare(f"key ceremony {k}-of-{n}", lambda k=k, n=n: hold(k, n), f"{k * n} point multiplications", lambda m=k * n: multiply(m), rounds, 1, "ceremony")  # type: ignore[misc]
        seeds, transcript = hold(k, n)
        given = {}
        for number in range(bids):
            out = io.BytesIO()
            sealed = seal(io.BytesIO(b"offer"), out, Params("tender", "lot", "price", f"{number:064x}", 1, transcript.public_key), 5, os.urandom)
            given[sealed.digest] = sealed.prefix
        occasion, share = Occasion(transcript.terms.ceremony, "tender", bytes(32)), restore(seeds[0], transcript)
        yield compare(f"partial decryption {k}-of-{n}", lambda s=share, o=occasion, g=given, t=transcript: answer_all(s, o, g, t.public_key, os.urandom),  # type: ignore[misc]
                      "one point multiplication", lambda: multiply(bids), rounds, bids, "bid")
        points = {i: bindings.crypto_sign_seed_keypair(bytes([i]) * 32)[0] for i in range(1, k + 1)}
        yield compare(f"combining {k} partials", lambda p=points, k=k: [combine_points(p, k) for _ in range(bids)],  # type: ignore[misc]
                      f"{k} point multiplications", lambda k=k: multiply(k * bids), rounds, bids, "bid")  # type: ignore[misc]
