"""Replays a tender's published dossier: what can be computed again from it is computed again, by the very rules that made it.

Checks, each with what it rests on:
  files       every file has the digest of the list; the root of the list is what stands in the ledger's entry
  scheme      the scoring scheme has the digest under which it was published
  closing     the root over the sealed files is that of the closing list
  opening     (works) every price opens as the custodians opened it and says the published amount (verify/opening.py)
  coefficient (works) the drawn coefficient follows from the parties' contributions
  draw        the draw of experts: order, calls, seats (kernel.draw)
  ties        (works) a drawn tie follows from both contributions
  result      candidates in the order of their figures; award among them, at the amount opened
What a dossier does not hold (single scores, losers of a procurement) is secret for good and cannot be repeated here.
"""
from decimal import Decimal
from itertools import pairwise
from typing import Any

from evaluation.rules.dossier import dossier_root
from evaluation.rules.ranking import Standing, by_lowest_price, by_score
from evaluation.rules.scheme import Unreadable, parse
from evaluation.rules.tie import tie_faults
from kernel import draw
from kernel.canonical import parse as read
from kernel.canonical import sha256
from kernel.errors import Text
from trading.bids.rules import closing_root
from verify.findings import Files, Finding, guarded
from verify.opening import check_opening


def check(files: Files, expected_root: str = "") -> list[Finding]:
    """Everything a dossier allows. expected_root: from the ledger's entry `evaluation.dossier.publish`, hex; empty: only printed.

    Foreign input: whatever cannot be read is a finding, never an exception.
    """
    findings = [_root(files, expected_root)]
    for name, one in (("scheme.json", _scheme), ("closing.json", _closing), ("opening.json", check_opening), ("coefficient.json", _coefficient), ("result.json", _result)):
        if name in files:
            findings += guarded(name, one, files)
        elif name in ("closing.json", "result.json"):
            findings.append(Finding(name.removesuffix(".json"), False, Text(f"缺少 {name}", f"{name} is missing")))
    for name in sorted(n for n in files if n.startswith("draw-") and n.endswith(".json")):
        findings += guarded(name, lambda given, name=name: _draw(given, name), files)
    return findings


def _root(files: Files, expected: str) -> Finding:
    found = dossier_root({name: sha256(content).hex() for name, content in files.items()})
    if expected and found != expected:
        return Finding("files", False, Text(f"卷宗根 {found} 与账本记录 {expected} 不符", f"root {found} is not the ledger's {expected}"))
    return Finding("files", True, Text(f"{len(files)} 个文件，根 {found}", f"{len(files)} files, root {found}"))


def _scheme(files: Files) -> list[Finding]:
    given = read(files["scheme.json"])
    try:
        found = parse(given["scheme"]).digest()
    except Unreadable as why:
        return [Finding("scheme", False, why.text)]
    good = found == given["digest"]
    return [Finding("scheme", good, Text(f"评分办法摘要 {found}", f"digest of the scheme {found}"))]


def _closing(files: Files) -> list[Finding]:
    found = []
    for lot in read(files["closing.json"]):
        digests = lot["digests"]
        again = closing_root(digests)
        good = again == lot["root"] and len(set(digests)) == len(digests)
        found.append(Finding("closing", good, Text(f"标段 {lot['lot']}：{lot['count']} 份投标，截止根 {again}", f"lot {lot['lot']}: {lot['count']} bids, closing root {again}")))
    return found


def _coefficient(files: Files) -> list[Finding]:
    given = read(files["coefficient.json"])
    contributions = {party: bytes.fromhex(share) for party, share in given["contribs"].items()}
    kept = set(contributions) == set(given["commits"]) and all(draw.commit(p, r) == given["commits"][p] for p, r in contributions.items())
    rules = draw.coefficient_rules(given["draw"], sorted(given["commits"]))
    seed = draw.seed(given["draw"], draw.pool_root(draw.coefficient_pool(given["choices"])), draw.rules_hash(rules), contributions)
    value = draw.coefficient_drawn(seed, given["choices"])
    good = kept and seed.hex() == given["seed"] and value == given["value"]
    return [Finding("coefficient", good, Text(f"系数 {value}", f"coefficient {value}"))]


def _draw(files: Files, name: str) -> list[Finding]:
    wrong = draw.problems(read(files[name]))
    return [Finding("draw", False, text) for text in wrong] or [Finding("draw", True, Text(f"{name} 抽取有效", f"{name}: the draw is good"))]


def _result(files: Files) -> list[Finding]:
    given = read(files["result.json"])
    candidates, awards = given.get("candidates", []), given["awards"]
    found = [_order([c for c in candidates if c["lot"] == lot], given) for lot in sorted({c["lot"] for c in candidates})]
    prices = {line["bid"]: line.get("amount") for line in read(files["opening.json"])["parts"]} if "opening.json" in files else {}
    for award in awards:
        opened = prices.get(award["bid"], award["amount"])
        named = not candidates or award["bid"] in {c["bid"] for c in candidates if c["lot"] == award["lot"]}
        good = opened == award["amount"] and named
        found.append(Finding("result", good, Text(f"中标 {award['winner']}，金额 {award['amount']}", f"award to {award['winner']}, {award['amount']}")))
    for tie in given.get("ties", []):
        faults = tie_faults(tie["draw"], sorted(tie["order"]), tie["commit"], tie["contribs"], tie["sheets"], tie["order"])
        found.append(Finding("ties", not faults, Text(f"并列抽取 {'、'.join(faults) or '有效'}", f"draw of a tie: {', '.join(faults) or 'good'}")))
    return found


def _order(candidates: list[dict[str, Any]], given: dict[str, Any]) -> Finding:
    """Ranks follow the figures; equal figures need a tie that was settled, by a draw that is in the dossier or by the buyer."""
    ordered = sorted(candidates, key=lambda c: c["rank"])
    prices = {c["bid"]: Decimal(c["evaluated"]) for c in ordered}
    if all("total" in c for c in ordered):
        ranked = by_score([Standing(c["bid"], Decimal(c["total"]), prices[c["bid"]]) for c in ordered])
    else:
        ranked = by_lowest_price(prices, {c["bid"]: c["amount"] for c in ordered})
    place = {r.bidder: r.rank for r in ranked}
    drawn = {bid for tie in given.get("ties", []) for bid in tie["order"]}
    good = [c["rank"] for c in ordered] == list(range(1, len(ordered) + 1)) and all(
        place[a["bid"]] < place[b["bid"]] or (place[a["bid"]] == place[b["bid"]] and _settled(a, b, drawn)) for a, b in pairwise(ordered))
    return Finding("result", good, Text("候选人次序与公布的得分、报价一致" if good else "候选人次序与公布的得分、报价不符",
                                        "candidates stand in the order of their figures" if good else "candidates are not in the order of their figures"))


def _settled(a: dict[str, Any], b: dict[str, Any], drawn: set[str]) -> bool:
    return a.get("tie") == b.get("tie") == "buyer" or {a["bid"], b["bid"]} <= drawn
