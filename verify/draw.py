"""抽取记录核验程序 / Checks the transcript of a draw (tdraw/v1).

    python verify/draw.py FILE.json

任何人都可以用它重算一次专家（或系数）抽取：只需 Python 3，不需要安装任何东西，也不联网。
Anybody can repeat a draw of experts (or of a coefficient) with it: plain Python 3, nothing to install, no network.
It shares no line with the system that made the transcript. Exit code 0: everything fits. 1: something does not, and what.

How a draw works:
1. The pool (who can be drawn, as meaningless numbers) and the rules (how many, who is recused) enter the public ledger.
2. Then each party picks 32 secret bytes and posts only their fingerprint. Nobody can change theirs afterwards.
3. Then all show their bytes. Mixed together with pool and rules they give the seed.
4. Seed and number give each person tickets; the smallest ticket decides the order of calling. Nobody chooses.
5. People are called strictly in this order until the seats are full. A refusal means the next one, never a new draw.
6. After the award the identities of those who sat are opened, and only theirs.
"""
import hashlib
import hmac
import itertools
import json
import re
import sys


def sha256(data):
    return hashlib.sha256(data).digest()


def joined(*parts):
    """Each part behind its length in four bytes, so that no two lists of parts look alike."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def canonical(value):
    """The one way to write a value down: JSON, sorted names, no spaces; texts, whole numbers, lists and objects only."""
    if isinstance(value, dict):
        if not all(isinstance(name, str) and name.isascii() for name in value):
            raise ValueError("names must be ASCII")
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in sorted(value)) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(item) for item in value) + b"]"
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53):
        return json.dumps(value, ensure_ascii=False).encode()
    raise ValueError(f"{value!r} may not stand in a transcript")


def tree_root(leaves):
    """Merkle tree of RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + tree_root(leaves[:half]) + tree_root(leaves[half:]))


def lots(t):
    """Step 1: do pool and rules give the fingerprints that were in the ledger before anybody contributed?"""
    pids = [entry["pid"] for entry in t["pool"]]
    if not all(re.fullmatch("[0-9a-f]{64}", pid) for pid in pids) or len(set(pids)) != len(pids):
        yield "候选池编号重复或格式不对", "the numbers in the pool are doubled or malformed"
    if not all(set(e) == {"pid", "cats", "org", "w"} and 1 <= e["w"] < 2**32 for e in t["pool"]):
        yield "候选池条目格式不对", "an entry of the pool is malformed"
    if tree_root([canonical(e) for e in sorted(t["pool"], key=lambda e: e["pid"])]).hex() != t["pool_root"]:
        yield "候选池与公布的根不符", "the pool is not the one that was published"
    if sha256(canonical(t["rules"])).hex() != t["rules_hash"]:
        yield "规则（名额或回避名单）与公布的摘要不符", "the rules (seats or recusals) are not those that were published"


def contributions(t):
    """Steps 2 and 3: did each party show the bytes it had promised, and do they give the seed?"""
    parties = t["rules"]["parties"]
    if len(set(parties)) < 2 or not sorted(parties) == sorted(t["contribs"]) == sorted(t["commits"]):
        yield "参与方与规则不一致", "the parties are not those of the rules"
        return
    mixed = b""
    for party in sorted(parties):
        secret = bytes.fromhex(t["contribs"][party])
        promised = sha256(b"tdraw/commit/v1" + joined(party.encode(), secret)).hex()
        if len(secret) != 32 or promised != t["commits"][party]:
            yield f"{party} 公开的随机数与承诺不符", f"{party} did not show what it had promised"
        mixed += joined(party.encode(), secret)
    head = joined(
        b"tdraw/seed/v1",
        t["rules"]["draw"].encode(),
        bytes.fromhex(t["pool_root"]),
        bytes.fromhex(t["rules_hash"]),
        bytes.fromhex(t.get("beacon", "")),
    )
    if sha256(head + mixed).hex() != t["seed"]:
        yield "种子不能由各方随机数算出", "the seed does not come from the contributions"


def calling_order(t):
    """Step 4: everybody who is not recused, the smallest ticket first."""
    seed, recused = bytes.fromhex(t["seed"]), {pid for pid, _ in t["rules"]["excluded"]}

    def smallest(entry):
        head = b"tdraw/ticket/v1" + bytes.fromhex(entry["pid"])
        return min(hmac.digest(seed, head + j.to_bytes(4, "big"), "sha256") for j in range(entry["w"]))

    ranked = sorted((smallest(e), e["pid"]) for e in t["pool"] if e["pid"] not in recused)
    by_pid = {e["pid"]: e for e in t["pool"]}
    return [by_pid[pid] for _, pid in ranked]


def next_call(line, rules, called, seats):
    """The first seat still empty, and the first in the line who may take it; None if there is nobody or no empty seat."""
    by_pid = {e["pid"]: e for e in line}
    orgs = [by_pid[pid]["org"] for _, pid in seats]
    for cat, number in rules["quota"]:
        if sum(seat[0] == cat for seat in seats) >= number:
            continue
        for e in line:
            if cat in e["cats"] and e["pid"] not in called and orgs.count(e["org"]) < rules["max_per_org"]:
                return [cat, e["pid"]]
    return None


def calls(t):
    """Step 5: was always the next one called, and do those who accepted hold the seats?"""
    line, rules, called, seats = calling_order(t), t["rules"], set(), []
    for pid, reply in t["outcomes"]:
        if reply == "out":  # a seated member had to leave: the next in the same order will be called
            if pid not in [seat[1] for seat in seats]:
                yield f"{pid} 并未入席却被替换", f"{pid} leaves a seat it never had"
                return
            seats = [seat for seat in seats if seat[1] != pid]
            continue
        due = next_call(line, rules, called, seats)
        if due is None or due[1] != pid:
            yield f"不应呼叫 {pid}", f"{pid} was called out of order; {due[1] if due else 'nobody'} was next"
            return
        if reply not in ("accepted", "declined", "unreachable", "conflict"):
            yield f"未知的结果 {reply}", f"unknown outcome {reply}"
            return
        called.add(pid)
        if reply == "accepted":
            seats.append(due)
    if due := next_call(line, rules, called, seats):
        yield f"名额未满即停止，下一位是 {due[1]}", f"the calling stopped too early; {due[1]} was next"
    if seats != t["seats"]:
        yield "席位与呼叫结果不符", "the seats are not those of the people who accepted"


def ledger_order(t):
    """Was everything in the ledger in its turn? Positions must rise."""
    at = t["ledger"]
    if sorted(at["commits"]) != sorted(t["rules"]["parties"]):
        yield "账本中缺少参与方的承诺", "the promise of a party is not in the ledger"
        return
    promises = sorted(at["commits"].values())
    seed = [at["seed"]] if "seed" in at else []
    opened = [at["opened"]] if "opened" in at else []
    replies = at.get("outcomes", [])
    places = [at["pool"], at["rules"], *promises, *seed, *replies, *opened]
    if any(type(place) is not int or place < 0 for place in places) or any(a >= b for a, b in itertools.pairwise(places)):
        yield "入账次序不对（候选池、规则、承诺、种子、结果、公开）", "the ledger's order is wrong"
    if replies and len(replies) != len(t["outcomes"]):
        yield "并非每个结果都已入账", "not every outcome is in the ledger"


def identities(t):
    """Step 6: do the opened identities give the numbers that were seated, and nobody else's?"""
    if t["opened_ids"] and "opened" not in t["ledger"]:
        yield "身份公开早于入账", "identities were opened before the ledger says so"
    for pid, (salt, expert) in t["opened_ids"].items():
        if pid not in [seat[1] for seat in t["seats"]]:
            yield f"公开了未入席者 {pid}", f"{pid} was opened but never sat"
        if len(bytes.fromhex(salt)) != 32 or sha256(b"tdraw/pid/v1" + joined(bytes.fromhex(salt), expert.encode())).hex() != pid:
            yield f"公开的身份与编号 {pid} 不符", f"the opened identity does not belong to {pid}"


def problems(t):
    for check in (lots, contributions, calls, ledger_order, identities):
        try:
            yield from check(t)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as why:
            yield f"记录格式不完整（{check.__name__}）", f"the transcript is incomplete or malformed ({check.__name__}: {why!r})"


def once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def main(arguments):
    sys.stdout.reconfigure(errors="backslashreplace")  # a console without Chinese letters must not stop the check
    if len(arguments) != 1:
        print("用法 usage: python draw.py FILE.json")
        return 1
    try:
        with open(arguments[0], "rb") as file:
            transcript = json.loads(file.read(), object_pairs_hook=once)
    except (OSError, ValueError, RecursionError) as why:
        print(f"无法读取文件 / the file cannot be read: {why}")
        return 1
    found = list(problems(transcript))
    for zh, en in found:
        print(f"✗ {zh}\n  {en}")
    if not found:
        print("✓ 抽取有效：候选池、规则、随机数、次序、席位全部相符")
        print("  the draw is good: pool, rules, contributions, order and seats all fit")
        for cat, pid in transcript["seats"]:
            print(f"  {cat}: {transcript['opened_ids'].get(pid, ['', pid])[1]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
