"""The one byte form: JSON, UTF-8, keys sorted, no spaces; objects, arrays, strings, integers only.

RFC 8785 restricted to ASCII keys and integers below 2^53. No null, no booleans, no floats:
an absent value is an absent key. Everything that is hashed or signed goes through here.
"""
import hashlib
import hmac
import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

LIMIT = 1 << 53


def canon(value: Any) -> bytes:
    """Bytes of value. Raises ValueError on anything that has no canonical form."""
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(value: Any) -> None:
    if isinstance(value, bool) or value is None or isinstance(value, float):
        raise ValueError(f"no canonical form: {type(value).__name__}")
    if isinstance(value, int):
        if not -LIMIT < value < LIMIT:
            raise ValueError("integer out of range")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError("keys are ASCII strings")
            _check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner)
    elif isinstance(value, str):
        value.encode()
    else:
        raise ValueError(f"no canonical form: {type(value).__name__}")  # noqa: TRY004


def plain(value: Any) -> Any:
    """A Python value as canonical material: None drops out, booleans become 0/1, bytes hex, Decimal text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int | str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return plain({f.name: getattr(value, f.name) for f in fields(value)})
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple | set | frozenset):
        items = [plain(v) for v in value if v is not None]
        return sorted(items, key=str) if isinstance(value, set | frozenset) else items
    raise ValueError(f"no canonical form: {type(value).__name__}")


def parse(data: bytes) -> Any:
    """Reads canonical bytes; refuses (ValueError) what would not encode to the very same bytes."""
    try:
        value = json.loads(data)
        again = canon(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if again != data:
        raise ValueError("not canonical")
    return value


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def salted(salt: bytes, value: Any) -> str:
    """hex HMAC-SHA256(salt, canon(value)): how low-entropy or personal data is committed to."""
    return hmac.new(salt, canon(value), hashlib.sha256).hexdigest()


def lp(*parts: bytes) -> bytes:
    """Each part behind its u32 big-endian length."""
    return b"".join(len(p).to_bytes(4, "big") + p for p in parts)
