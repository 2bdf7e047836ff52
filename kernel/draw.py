"""tdraw/v1: a draw nobody can bias, everybody can repeat, and that names nobody before its time.

Drawn this way: experts, seats of a committee, the floating coefficient of a works tender, ties.
The pool and the rules stand in the ledger before any contribution does; every party commits before any party reveals;
from then on the order of calling follows from hashes alone. Persons appear as pids: salted hashes, opened after the award.

Pure. Hashes are lower-case hex in records and transcripts, raw bytes inside other hashes.
`verify` checks the whole transcript of a draw; `kernel.draw_form` sees to it that there is something to compute with.
Sources: RFC 6962 §2.1 (root of the pool); RFC 3797 and DB35/T 2223-2024 (publish pool and algorithm ahead).
"""
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kernel.canonical import canon, lp, sha256
from kernel.draw_form import faults
from kernel.errors import Text
from kernel.tree import leaf_hash, root

ACCEPTED = "accepted"
OUT = "out"
REPLIES = (ACCEPTED, "declined", "unreachable", "conflict")
NO_SALT = bytes(32)
COEFFICIENT = "k"


@dataclass(frozen=True, slots=True)
class Entry:
    """One lot in the pool. org: per-draw tag of the employer (never its name) · w: tickets, at least 1."""

    pid: str
    cats: tuple[str, ...]
    org: str
    w: int = 1

    def plain(self) -> dict[str, Any]:
        return {"pid": self.pid, "cats": list(self.cats), "org": self.org, "w": self.w}


@dataclass(frozen=True)
class DrawRules:
    """What is fixed before any randomness: who contributes, how many of which category, who is recused and why."""

    draw: str
    parties: tuple[str, ...]
    quota: tuple[tuple[str, int], ...]
    max_per_org: int = 1
    excluded: tuple[tuple[str, str], ...] = ()

    def plain(self) -> dict[str, Any]:
        return {
            "draw": self.draw,
            "parties": list(self.parties),
            "quota": [list(pair) for pair in self.quota],
            "max_per_org": self.max_per_org,
            "excluded": [list(pair) for pair in self.excluded],
        }

    @property
    def recused(self) -> frozenset[str]:
        return frozenset(pid for pid, _ in self.excluded)


@dataclass(frozen=True)
class Walk:
    """Where the calling stands. seats: (category, pid) in the order of acceptance · next: the only call allowed now.

    next is None when every quota is full or nobody callable is left; short then says how many seats of which category stay empty.
    """

    seats: tuple[tuple[str, str], ...]
    next: tuple[str, str] | None
    short: tuple[tuple[str, int], ...]


class OutOfOrder(ValueError):
    """An outcome that does not belong where it stands; `text` says which and what was due."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def pid(salt: bytes, expert_id: str) -> str:
    """The name under which an expert enters one draw; salt: 32 bytes, its own for each expert and draw."""
    if len(salt) != 32:
        raise ValueError("a salt has 32 bytes")
    return sha256(b"tdraw/pid/v1" + lp(salt, expert_id.encode())).hex()


def pool_leaf(entry: Entry) -> bytes:
    return leaf_hash(canon(entry.plain()))


def pool_root(pool: Iterable[Entry]) -> str:
    """Root over the leaves in ascending order of pid: the order of a table or of arrival must not matter."""
    return root([pool_leaf(entry) for entry in sorted(pool, key=lambda e: e.pid)]).hex()


def rules_hash(rules: DrawRules) -> str:
    return sha256(canon(rules.plain())).hex()


def commit(party: str, contribution: bytes) -> str:
    """What a party posts before it shows its 32 random bytes."""
    if len(contribution) != 32:
        raise ValueError("a contribution has 32 bytes")
    return sha256(b"tdraw/commit/v1" + lp(party.encode(), contribution)).hex()


def seed(draw: str, pool: str, rules: str, contributions: Mapping[str, bytes], beacon: bytes = b"") -> bytes:
    """pool and rules are the hex root and hash; one honest contribution is enough to make the seed unpredictable."""
    head = lp(b"tdraw/seed/v1", draw.encode(), bytes.fromhex(pool), bytes.fromhex(rules), beacon)
    return sha256(head + b"".join(lp(party.encode(), contributions[party]) for party in sorted(contributions)))


def ticket(seed_: bytes, pid_: str, j: int) -> bytes:
    return hmac.digest(seed_, b"tdraw/ticket/v1" + bytes.fromhex(pid_) + j.to_bytes(4, "big"), "sha256")


def rank(seed_: bytes, entry: Entry) -> bytes:
    """The smallest of the entry's tickets: weight w gives w chances, without modulo and without floats."""
    return min(ticket(seed_, entry.pid, j) for j in range(entry.w))


def order(seed_: bytes, pool: Iterable[Entry], excluded: Iterable[str] = ()) -> tuple[Entry, ...]:
    """The one order in which people may be called; the recused are left out of it."""
    gone = frozenset(excluded)
    ranked = sorted((rank(seed_, entry), entry.pid, entry) for entry in pool if entry.pid not in gone)
    return tuple(entry for _, _, entry in ranked)


def walk(
    order_: Sequence[Entry],
    quota: Sequence[tuple[str, int]],
    max_per_org: int,
    outcomes: Sequence[tuple[str, str]] = (),
) -> Walk:
    """Follows the outcomes through the order and says who is strictly next.

    An outcome is (pid, reply) for the person called, or (pid, "out") for a seated person who lawfully lost the seat
    (实施条例 第四十八条; 87号令 第四十九条): the seat is then filled by the next in the same order, never by a new draw.
    OutOfOrder names the first outcome that does not belong where it stands.
    """
    entries = {entry.pid: entry for entry in order_}
    called: set[str] = set()
    seats: list[tuple[str, str]] = []
    for number, (person, reply) in enumerate(outcomes, 1):
        if reply == OUT:
            kept = [seat for seat in seats if seat[1] != person]
            if len(kept) == len(seats):
                raise OutOfOrder(Text(f"第 {number} 项：{person} 并未入席", f"outcome {number}: {person} holds no seat to leave"))
            seats = kept
            continue
        if reply not in REPLIES:
            raise OutOfOrder(Text(f"第 {number} 项：未知结果 {reply}", f"outcome {number}: unknown reply {reply}"))
        due = _next(order_, quota, max_per_org, called, seats, entries)
        if due is None or due[1] != person:
            zh, en = (due[1], due[1]) if due else ("无人", "nobody")
            raise OutOfOrder(Text(f"第 {number} 项：呼叫了 {person}，应为 {zh}", f"outcome {number}: {person} was called, {en} is next"))
        called.add(person)
        if reply == ACCEPTED:
            seats.append(due)
    short = tuple((cat, missing) for cat, missing in _missing(quota, seats) if missing)
    return Walk(tuple(seats), _next(order_, quota, max_per_org, called, seats, entries), short)


def _missing(quota: Sequence[tuple[str, int]], seats: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    return [(cat, n - sum(seat[0] == cat for seat in seats)) for cat, n in quota]


def _next(
    order_: Sequence[Entry],
    quota: Sequence[tuple[str, int]],
    max_per_org: int,
    called: set[str],
    seats: Sequence[tuple[str, str]],
    entries: Mapping[str, Entry],
) -> tuple[str, str] | None:
    taken: dict[str, int] = {}
    for _, person in seats:
        taken[entries[person].org] = taken.get(entries[person].org, 0) + 1
    for cat, missing in _missing(quota, seats):
        if missing <= 0:
            continue
        for entry in order_:
            if cat in entry.cats and entry.pid not in called and taken.get(entry.org, 0) < max_per_org:
                return cat, entry.pid
    return None


def coefficient_pid(text: str) -> str:
    """A coefficient is no secret: its salt is 32 zero bytes. text: its decimal text as the scheme states it, e.g. 0.03."""
    return pid(NO_SALT, text)


def coefficient_pool(texts: Iterable[str]) -> tuple[Entry, ...]:
    """One entry a coefficient, each of its own "employer", all of category "k". ValueError if one stands there twice."""
    pids = [coefficient_pid(text) for text in texts]
    if len(set(pids)) != len(pids) or not pids:
        raise ValueError("coefficients must be present and different")
    return tuple(Entry(p, (COEFFICIENT,), p[:16], 1) for p in pids)


def coefficient_rules(draw: str, parties: Iterable[str]) -> DrawRules:
    return DrawRules(draw, tuple(parties), ((COEFFICIENT, 1),))


def coefficient_drawn(seed_: bytes, texts: Sequence[str]) -> str:
    """The text of the coefficient that the seed puts first."""
    first = order(seed_, coefficient_pool(texts))[0].pid
    return next(text for text in texts if coefficient_pid(text) == first)


def verify(transcript: dict[str, Any], lang: str = "zh") -> list[str]:
    """What is wrong with a draw, one sentence each; empty means that everything fits. Never raises on foreign input.

    Beside the keys of the vector a transcript may hold `beacon` (hex), `ledger.seed` (index of the last reveal),
    `ledger.outcomes` (one index an outcome) and `ledger.opened` (index of the release, absent before it).
    """
    return [text(lang) for text in problems(transcript)]


def problems(transcript: dict[str, Any]) -> list[Text]:
    if found := faults(transcript):
        return found
    given = transcript["rules"]
    rules = DrawRules(
        given["draw"],
        tuple(given["parties"]),
        tuple((cat, n) for cat, n in given["quota"]),
        given["max_per_org"],
        tuple((who, why) for who, why in given["excluded"]),
    )
    pool = [Entry(e["pid"], tuple(e["cats"]), e["org"], e["w"]) for e in transcript["pool"]]
    return [
        *_pool_problems(transcript, rules, pool),
        *_seed_problems(transcript, rules),
        *_walk_problems(transcript, rules, pool),
        *_ledger_problems(transcript, rules),
        *_opened_problems(transcript),
    ]


def _pool_problems(t: dict[str, Any], rules: DrawRules, pool: Sequence[Entry]) -> list[Text]:
    found = []
    if len({entry.pid for entry in pool}) != len(pool):
        found.append(Text("候选池中有重复的编号", "An identifier stands twice in the pool"))
    if pool_root(pool) != t["pool_root"]:
        found.append(Text("候选池与公布的根不符", "The pool does not give the published root"))
    if rules_hash(rules) != t["rules_hash"]:
        found.append(Text("抽取规则与公布的摘要不符", "The rules do not give the published hash"))
    return found


def _seed_problems(t: dict[str, Any], rules: DrawRules) -> list[Text]:
    if not set(rules.parties) == set(t["contribs"]) == set(t["commits"]):
        return [Text("参与方与规则所列不一致", "The contributing parties are not those of the rules")]
    shown = {party: bytes.fromhex(r) for party, r in t["contribs"].items()}
    found = [
        Text(f"{party} 公开的随机数与其承诺不符", f"{party} showed another contribution than it had committed to")
        for party in sorted(shown)
        if commit(party, shown[party]) != t["commits"][party]
    ]
    if seed(rules.draw, t["pool_root"], t["rules_hash"], shown, bytes.fromhex(t.get("beacon", ""))).hex() != t["seed"]:
        found.append(Text("种子不能由各方随机数算出", "The seed does not follow from the contributions"))
    return found


def _walk_problems(t: dict[str, Any], rules: DrawRules, pool: Sequence[Entry]) -> list[Text]:
    ranked = order(bytes.fromhex(t["seed"]), pool, rules.recused)
    try:
        end = walk(ranked, rules.quota, rules.max_per_org, [(who, reply) for who, reply in t["outcomes"]])
    except OutOfOrder as why:
        return [Text(f"呼叫未按抽取次序进行；{why.text.zh}", f"The calls do not follow the order: {why.text.en}")]
    found = []
    if end.next:
        found.append(Text(f"名额未满而停止，下一位应为 {end.next[1]}", f"The calls stop before the seats are full; {end.next[1]} is next"))
    if [list(seat) for seat in end.seats] != t["seats"]:
        found.append(Text("席位与呼叫结果不符", "The seats do not follow from the outcomes"))
    return found


def _ledger_problems(t: dict[str, Any], rules: DrawRules) -> list[Text]:
    ledger = t["ledger"]
    if set(ledger["commits"]) != set(rules.parties):
        return [Text("账本位置未覆盖全部参与方", "The ledger positions do not cover every party")]
    first, last = min(ledger["commits"].values()), max(ledger["commits"].values())
    replies = ledger.get("outcomes", [])
    after = [last, *([ledger["seed"]] if "seed" in ledger else []), *replies, *([ledger["opened"]] if "opened" in ledger else [])]
    found = []
    if not ledger["pool"] < ledger["rules"] < first:
        found.append(Text("候选池、规则、承诺的入账次序不对", "Pool, rules and commitments entered the ledger out of order"))
    if len(set(ledger["commits"].values())) != len(rules.parties) or any(a >= b for a, b in pairwise(after)):
        found.append(Text("承诺、种子、结果、公开的入账次序不对", "Commits, seed, outcomes and release entered the ledger out of order"))
    if replies and len(replies) != len(t["outcomes"]):
        found.append(Text("并非每次呼叫结果都已入账", "Not every outcome has its place in the ledger"))
    return found


def _opened_problems(t: dict[str, Any]) -> list[Text]:
    seated = {who for _, who in t["seats"]}
    found = []
    if t["opened_ids"] and "opened" not in t["ledger"]:
        found.append(Text("身份在入账公开之前已被公开", "Identities are open although no release stands in the ledger"))
    for who, (salt, expert_id) in t["opened_ids"].items():
        if who not in seated:
            found.append(Text(f"公开了未入席者 {who}", f"{who} was opened without holding a seat"))
        if pid(bytes.fromhex(salt), expert_id) != who:
            found.append(Text(f"公开的身份与编号 {who} 不符", f"The opened identity is not that of {who}"))
    return found
