import pytest

from kernel.ledger.leaf import LENGTH, commitment, cover, leaf, opens

SALT = bytes(range(32))
PAYLOAD = {"v": 1, "tag": "trading.bids.submit", "t": 1_800_000_000_000, "body": {"name": "张三"}}


def test_leaf_is_the_hmac_of_the_canonical_payload() -> None:
    """HMAC-SHA256 computed with openssl dgst -mac HMAC over {"tag":"x","v":1}."""
    assert leaf(SALT, {"v": 1, "tag": "x"}) == (
        b'{"o":"9c10ac15634061eafb08f0218d176e8b1e5233362a6c30d95387820aa7059cee","v":1}'
    )


def test_leaves_and_covers_look_alike() -> None:
    assert len(leaf(SALT, PAYLOAD)) == len(leaf(SALT, {})) == len(cover(SALT)) == LENGTH
    assert commitment(cover(SALT)) == SALT.hex()


def test_opens_only_with_its_salt_and_payload() -> None:
    data = leaf(SALT, PAYLOAD)
    assert opens(data, SALT, PAYLOAD)
    assert not opens(data, bytes(32), PAYLOAD)
    assert not opens(data, SALT, {**PAYLOAD, "t": 1_800_000_000_001})
    assert not opens(data, SALT[:31], PAYLOAD)
    assert not opens(data, SALT, {**PAYLOAD, "body": 1.5})
    assert not opens(data + b"\n", SALT, PAYLOAD)


def test_salt_and_noise_have_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        leaf(SALT[:16], PAYLOAD)
    with pytest.raises(ValueError, match="32 bytes"):
        cover(b"")


@pytest.mark.parametrize("data", [b"", b"{}", leaf(SALT, PAYLOAD) + b"\n", leaf(SALT, PAYLOAD).replace(b'"v":1', b'"v":2'), leaf(SALT, PAYLOAD).upper()])
def test_commitment_refuses_other_bytes(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a leaf"):
        commitment(data)
