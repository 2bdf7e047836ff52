"""The order of tied bidders by tdraw/v1 from two contributions, and its check. Source: 87号令 第六十八条 (random draw)."""
from collections.abc import Iterable, Mapping, Sequence

from kernel.canonical import sha256
from kernel.draw import NO_SALT, DrawRules, Entry, commit, order, pid, pool_root, rules_hash, seed

CENTRE, COMMITTEE = "centre", "committee"
CATEGORY = "tie"


def committee_share(digests: Iterable[str]) -> bytes:
    """The committee's 32 bytes: the hash of the digests (hex) of all sheets handed in, sorted."""
    return sha256(b"".join(bytes.fromhex(digest) for digest in sorted(digests)))


def drawn_order(name: str, bids: Sequence[str], shares: Mapping[str, bytes]) -> tuple[str, tuple[str, ...]]:
    """(seed in hex, bids in the order drawn). name: of the draw, session/lot/rank. A bid's id is no secret: its salt is zero."""
    pids = {pid(NO_SALT, bid): bid for bid in bids}
    pool = [Entry(p, (CATEGORY,), p[:16]) for p in pids]
    rules = DrawRules(name, tuple(sorted(shares)), ((CATEGORY, len(bids)),))
    drawn = seed(name, pool_root(pool), rules_hash(rules), shares)
    return drawn.hex(), tuple(pids[entry.pid] for entry in order(drawn, pool))


def tie_faults(name: str, bids: Sequence[str], tie_commit: str, shares: Mapping[str, str], digests: Iterable[str], given: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with a published draw of a tie: commit, committee, order. Empty: it can be repeated."""
    raw = {party: bytes.fromhex(share) for party, share in shares.items()}
    if set(raw) != {CENTRE, COMMITTEE} or any(len(share) != 32 for share in raw.values()):
        return ("parties",)
    found = []
    if commit(CENTRE, raw[CENTRE]) != tie_commit:
        found.append("commit")
    if committee_share(digests) != raw[COMMITTEE]:
        found.append("committee")
    if drawn_order(name, bids, raw)[1] != tuple(given):
        found.append("order")
    return tuple(found)
