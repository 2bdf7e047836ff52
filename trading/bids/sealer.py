"""Seals a whole bid from plain files, as a bidder's own machine does: for walks, replays and the offline tool.

The server never calls this: it would have to see the plain files.
"""
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nacl.signing import SigningKey

from kernel.canonical import canon, sha256
from trading.bids.packing import pack
from trading.bids.rules import supplier_commitment
from trading.sealing.rules.envelope import Params, open_with_key, seal
from trading.sealing.rules.header import parse_prefix
from trading.sealing.rules.price import PriceForm, build_price

Files = Mapping[str, Mapping[str, bytes]]
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class SealedPart:
    """data: the TBID1 file · file_key: the receipt file's secret, which alone opens it again."""

    data: bytes
    digest: str
    file_key: bytes = field(repr=False)

    @property
    def front(self) -> int:
        """Bytes before its first chunk."""
        return len(parse_prefix(self.data).raw)


def manifest(tender: str, lot: str, version: int, files: Files, signer: bytes) -> dict[str, bytes]:
    """manifest.json over the plain files of all parts, its Ed25519 signature and the signer's public key."""
    rows = [[part, name, len(data), sha256(data).hex()] for part, of in sorted(files.items()) for name, data in sorted(of.items())]
    body = canon({"tender": tender, "lot": lot, "version": version, "files": rows})
    key = SigningKey(signer)
    signature = key.sign(b"tbid/manifest/v1" + sha256(body)).signature
    return {MANIFEST: body, "manifest.sig": signature, "manifest.pub": key.verify_key.encode()}


def seal_bid(
    project: str, lot: str, key: bytes, code: str, price: PriceForm | bytes, salt: bytes, random: Callable[[int], bytes], *,
    files: Files | None = None, signer: bytes = b"", version: int = 1, previous: Mapping[str, str] | None = None, lock: bytes = b"",
    price_lock: bytes = b"", envelopes: int = 1,
) -> dict[str, SealedPart]:
    """part → sealed file. key: u(Y) of the tender, 32 bytes · code: credit code · salt: 32 bytes · signer: Ed25519 seed.

    files: part → name → plain file, for `commercial` and `technical`; without any, the bid is its price alone.
    previous: part → digest in the version this one replaces. price as bytes is sealed as it is. lock: the secret of the
    bidder's own lock, 32 fresh random bytes where the tender asks for one; without it nobody opens the bid, ever. price_lock: of two envelopes, another for the
    price. envelopes: with
    two the manifest, which the committee reads first, does not list the price form: its hash would give the amount away to whoever tries amounts.
    """
    plain = {"price": price if isinstance(price, bytes) else build_price(price)}
    if files is not None:
        given: dict[str, dict[str, bytes]] = {part: dict(files.get(part, {})) for part in ("commercial", "technical")}
        shown = {"price": {"price.json": plain["price"]}} if envelopes == 1 else {}
        given["technical"] |= manifest(project, lot, version, {**given, **shown}, signer)
        plain |= {part: pack(of) for part, of in given.items()}
    supplier = supplier_commitment(salt, code)
    return {
        part: _seal(data, Params(project, lot, part, supplier, version, key, (previous or {}).get(part), (part == "price" and price_lock) or lock), random)
        for part, data in plain.items()
    }


def _seal(data: bytes, params: Params, random: Callable[[int], bytes]) -> SealedPart:
    """Opens its own file again before it lets it go, as every bidder's client does."""
    out = io.BytesIO()
    made = seal(io.BytesIO(data), out, params, len(data), random)
    sealed = out.getvalue()
    open_with_key(io.BytesIO(sealed), None, made.file_key, params.lock, digest=made.digest)
    return SealedPart(sealed, made.digest.hex(), made.file_key)
