"""The tree and its entries as immutable files that anyone may mirror. Source: C2SP tlog-tiles.

A store is anything with get and put by path. Tiles hold 256 hashes of 32 bytes; level L holds the roots of full
tiles of level L-1. Bundles hold up to 256 entries, each behind its u16 length. Pure but for the store.
"""
import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Protocol

from kernel.tree import EMPTY, leaf_hash, node_hash, root, split

WIDTH = 256
HASH = 32
LONGEST_ENTRY = 65_535
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


class Store(Protocol):
    """Files by path. put must replace a file whole or not at all."""

    def get(self, path: str) -> bytes | None: ...

    def put(self, path: str, data: bytes) -> None: ...


class Missing(LookupError):
    """A tile or bundle that the size of the tree demands is absent or too short."""


def path(level: int | None, n: int, width: int = WIDTH) -> str:
    """Path of tile n of a level (None: the entry bundles); a width below 256 names a partial one."""
    digits = f"{n:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{'entries' if level is None else level}/{number}" + (f".p/{width}" if width < WIDTH else "")


def parse_path(text: str) -> tuple[int | None, int, int]:
    """(level, n, width) of a path; ValueError for any spelling that `path` would not write."""
    found = _PATH.fullmatch(text)
    if found is None:
        raise ValueError("not the path of a tile")
    level = None if found[1] == "entries" else int(found[1])
    result = level, int(found[2].replace("/", "").replace("x", "")), int(found[3] or WIDTH)
    if path(*result) != text or (level or 0) > 63:
        raise ValueError("not the path of a tile")
    return result


def layout(size: int) -> Iterator[tuple[int | None, int, int]]:
    """Every (level, n, width) that a tree of this size consists of: the bundles, then the levels upwards."""
    level: int | None = None
    count = size
    while count:
        full, rest = divmod(count, WIDTH)
        yield from ((level, n, WIDTH) for n in range(full))
        if rest:
            yield level, full, rest
        level, count = (0, size) if level is None else (level + 1, full)


def finished(old: int, new: int) -> list[str]:
    """Folders of partial tiles and bundles that grew full between two sizes and may now be deleted."""
    folders, level, before, after = [], 0, old, new
    while before // WIDTH < after // WIDTH:
        full = range(before // WIDTH, after // WIDTH)
        folders += [path(kind, n) + ".p" for kind in ([None, 0] if level == 0 else [level]) for n in full]
        level, before, after = level + 1, before // WIDTH, after // WIDTH
    return folders


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries as one bundle. ValueError for more than 256, or one above 65,535 bytes."""
    if len(entries) > WIDTH or any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise ValueError("a bundle holds up to 256 entries of up to 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. ValueError where the lengths do not add up."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise ValueError("a bundle ends inside an entry")
        entries.append(data[at + 2 : end])
        at = end
    return entries


def _load(store: Store, level: int | None, n: int, width: int) -> bytes | None:
    """A file of this width, or else the full one, of which a partial is the beginning."""
    data = store.get(path(level, n, width))
    return data if data is not None or width == WIDTH else store.get(path(level, n))


def entries_of(store: Store, size: int, n: int) -> list[bytes]:
    """The entries n·256 … of a log of this size. Missing, or ValueError for a broken bundle."""
    width = min(WIDTH, size - n * WIDTH)
    data = _load(store, None, n, width) if n >= 0 < width else None
    entries = [] if data is None else unbundle(data)
    if not 0 < width <= len(entries):
        raise Missing(path(None, n, max(width, 1)))
    return entries[:width]


class Span:
    """Hashes of ranges of leaves out of the tiles of a tree of this size, for `kernel.tree` to prove with.

    The store is believed: this serves the log's own proofs. Whoever checks a foreign log replays its entries.
    A proof reads O(log n) tiles; the last `keep` tiles stay in memory.
    """

    def __init__(self, store: Store, size: int, keep: int = 256) -> None:
        self._store, self.size, self._keep = store, size, keep
        self._tiles: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def __call__(self, lo: int, hi: int) -> bytes:
        """Root over the leaves lo … hi-1, where lo is a multiple of the largest power of two below or at hi-lo."""
        if not 0 <= lo < hi <= self.size:
            raise ValueError("span outside the tree")
        count = hi - lo
        if count & (count - 1):
            middle = lo + split(count)
            return node_hash(self(lo, middle), self(middle, hi))
        if lo % count:
            raise ValueError("not a subtree")
        level, rest = divmod(count.bit_length() - 1, 8)
        n, offset = divmod(lo >> (8 * level), WIDTH)
        tile = self.tile(level, n)[offset * HASH : (offset + (1 << rest)) * HASH]
        return root([tile[i : i + HASH] for i in range(0, len(tile), HASH)])

    def root(self, size: int | None = None) -> bytes:
        """Root of the tree at this or an earlier size."""
        size = self.size if size is None else size
        return self(0, size) if size else EMPTY

    def tile(self, level: int, n: int) -> bytes:
        """The hashes of tile n that stand in a tree of this size. Missing if the store lacks them."""
        data = self._tiles.pop((level, n), None)
        if data is None:
            width = min(WIDTH, (self.size >> (8 * level)) - n * WIDTH)
            data = (_load(self._store, level, n, width) if width > 0 else None) or b""
            if not 0 < width * HASH <= len(data):
                raise Missing(path(level, n, max(width, 1)))
            data = data[: width * HASH]
        self._tiles[level, n] = data
        if len(self._tiles) > self._keep:
            self._tiles.popitem(last=False)
        return data


def append(store: Store, size: int, entries: Sequence[bytes]) -> tuple[int, bytes]:
    """Writes the tiles and bundles of a log that grows from `size` by these entries; returns new size and root.

    Files of the old size stay untouched, so a run cut short is repeated from the old size, with other entries too,
    as long as no checkpoint above that size was signed. Missing if the store does not hold the log of `size`.
    """
    new = size + len(entries)
    if not entries:
        return new, Span(store, size).root()
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise ValueError("an entry has up to 65,535 bytes")
    begun = entries_of(store, size, size // WIDTH) if size % WIDTH else []
    whole = [*begun, *entries]
    for at in range(0, len(whole), WIDTH):
        part = whole[at : at + WIDTH]
        store.put(path(None, size // WIDTH + at // WIDTH, len(part)), bundle(part))
    fresh, level = [leaf_hash(entry) for entry in entries], 0
    before = Span(store, size)
    while fresh:
        count = size >> (8 * level)
        first, old_width = divmod(count, WIDTH)
        head = before.tile(level, first) if old_width else b""
        hashes = [*(head[i : i + HASH] for i in range(0, len(head), HASH)), *fresh]
        tiles = [hashes[i : i + WIDTH] for i in range(0, len(hashes), WIDTH)]
        for n, tile in enumerate(tiles, first):
            store.put(path(level, n, len(tile)), b"".join(tile))
        fresh, level = [root(tile) for tile in tiles if len(tile) == WIDTH], level + 1
    return new, Span(store, new).root()
