"""Pseudonyms: what stands in a page instead of a bidder, a seat, an expert, a session or an asker.

Each is a function of a secret key and the thing's place, so that it is stable inside one tender and says nothing
across two. Numbers and letters follow the keyed order or the drawn order, never arrival, alphabet or price.
Masks of ID numbers, phones, names and accounts stand in kernel/codes.py.
"""
import hashlib
import hmac
from collections.abc import Iterable, Sequence


def bidder_numbers(key: bytes, tender: str, bidders: Iterable[str]) -> dict[str, int]:
    """投标人 1 … n of one tender. ValueError: a bidder stands twice."""
    ranked = sorted(_once(bidders), key=lambda bidder: _tag(key, "bidder", tender, bidder))
    return {bidder: number for number, bidder in enumerate(ranked, 1)}


def bidder_name(number: int) -> tuple[str, str]:
    """(Chinese, English) of a numbered bidder."""
    return f"投标人 {number}", f"Bidder {number}"


def dark_tags(key: bytes, lot: str, part: str, bidders: Iterable[str]) -> dict[str, str]:
    """暗标 tags, 16 bits in hex, new for every lot and part; no two bidders share one.

    ValueError: a bidder stands twice, or more bidders than a tag can tell apart.
    """
    names = _once(bidders)
    if len(names) > 4096:
        raise ValueError("too many bidders for a tag of 16 bits")
    tags: dict[str, str] = {}
    for bidder in sorted(names, key=lambda name: _tag(key, "dark", lot, part, name)):
        attempt = 0
        while (tag := _tag(key, "dark", lot, part, bidder, str(attempt))[:4].upper()) in tags.values():
            attempt += 1
        tags[bidder] = tag
    return tags


def seat_letters(drawn: Sequence[str]) -> dict[str, str]:
    """席位 A, B, C … in the drawn order of the members. ValueError: one stands twice, or more than 26."""
    if len(drawn) > 26:
        raise ValueError("more seats than letters")
    return {member: chr(ord("A") + index) for index, member in enumerate(_once(drawn))}


def pid_prefix(pid: str) -> str:
    """First ten hex of an expert's pid of one draw. ValueError: not a pid (64 hex)."""
    if len(pid) != 64 or set(pid) - set("0123456789abcdef"):
        raise ValueError("not a pid")
    return pid[:10]


def session_code(key: bytes, day: str, room: str) -> str:
    """4 hex, new for every day and room; day in ISO form."""
    return _tag(key, "session", day, room)[:4].upper()


def asker_tag(key: bytes, item: str) -> str:
    """提问人 or 异议人 of one item, 4 hex: a supplier has another tag in every item."""
    return _tag(key, "asker", item)[:4].upper()


def file_name(kind: str, part: str) -> str:
    """Name of a stored part: nothing of the bidder's own name. ValueError: other than letters, digits, - and _."""
    for word in (kind, part):
        if not word or not word.isascii() or not word.replace("-", "").replace("_", "").isalnum():
            raise ValueError(f"not a plain word: {word!r}")
    return f"{kind}-{part}.bin"


def to_minute(moment: int) -> int:
    """An instant (ms UTC) cut to its minute: the finest time shown after the opening."""
    return moment - moment % 60_000


def _tag(key: bytes, *words: str) -> str:
    if len(key) < 16:
        raise ValueError("a key of at least 16 bytes")
    data = b"".join(len(encoded).to_bytes(4, "big") + encoded for encoded in (word.encode() for word in words))
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def _once(names: Iterable[str]) -> list[str]:
    listed = list(names)
    if len(set(listed)) != len(listed):
        raise ValueError("somebody stands twice")
    return listed
