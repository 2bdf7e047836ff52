"""RFC 6962 Merkle trees over byte strings: roots, inclusion and consistency proofs, and their checks.

Pure. Sizes are leaf counts, hashes 32 raw bytes. Sources: RFC 6962 §2.1, RFC 9162 §2.1.
"""
import hashlib
from collections.abc import Callable, Sequence

EMPTY = hashlib.sha256(b"").digest()
Span = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(n: int) -> int:
    """The largest power of two smaller than n (n > 1)."""
    return 1 << ((n - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf *hashes*. Linear time, no recursion."""
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        level = 0
        while stack and stack[-1][0] == level:
            leaf = node_hash(stack.pop()[1], leaf)
            level += 1
        stack.append((level, leaf))
    if not stack:
        return EMPTY
    result = stack.pop()[1]
    while stack:
        result = node_hash(stack.pop()[1], result)
    return result


def inclusion(index: int, size: int, span: Span) -> list[bytes]:
    """Audit path of leaf `index` in a tree of `size`; span(lo, hi) gives the hash of leaves lo..hi-1."""
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    path: list[bytes] = []
    lo, hi = 0, size
    while hi - lo > 1:
        mid = lo + split(hi - lo)
        if index < mid:
            path.append(span(mid, hi))
            hi = mid
        else:
            path.append(span(lo, mid))
            lo = mid
    return path[::-1]


def consistency(old: int, new: int, span: Span) -> list[bytes]:
    """Proof that the tree of `old` leaves is a prefix of the tree of `new` leaves."""
    if not 0 < old <= new:
        raise ValueError("sizes out of order")

    def walk(m: int, lo: int, hi: int, whole: bool) -> list[bytes]:
        if m == hi - lo:
            return [] if whole else [span(lo, hi)]
        k = split(hi - lo)
        if m <= k:
            return [*walk(m, lo, lo + k, whole), span(lo + k, hi)]
        return [*walk(m - k, lo + k, hi, False), span(lo, lo + k)]

    return walk(old, 0, new, True)


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Does `path` lead from the leaf hash at `index` to the root `expected`? RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return False
    fn, sn, result = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            result = node_hash(step, result)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            result = node_hash(result, step)
        fn >>= 1
        sn >>= 1
    return sn == 0 and result == expected


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Is the tree (old, old_root) a prefix of (new, new_root)? RFC 9162 §2.1.4.2."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(sr, step)
        fn >>= 1
        sn >>= 1
    return sn == 0 and fr == old_root and sr == new_root
