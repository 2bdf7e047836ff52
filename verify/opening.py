"""Repeats an opening from its exported proofs, with nothing but the files (protocol TBID1, sections 1.3, 1.4, 1.6).

Checks, each with what it rests on:
  ceremony    every custodian signed the record from which the key follows
  close       the closing entry of the ledger, and where it is in clear the roots of its lists
  call        of two envelopes: the entry by which the committee called for the prices, and where it is in clear that it names each price here
  opening     per part: each partial decryption is its custodian's, any k combine to the file key, the key fits what the bidder
              committed to, and a price form that lies here says the published amount
"""
import io
from typing import Any

from kernel.canonical import parse as read
from kernel.errors import Refused, Text
from kernel.ledger.leaf import leaf_of, opens
from kernel.tree import leaf_hash
from trading.bids.rules import closing_root
from trading.sealing.rules.envelope import commitment_fits, open_with_key
from trading.sealing.rules.header import Prefix, parse_prefix, proof_holds
from trading.sealing.rules.partials import Occasion, Partial, combine
from trading.sealing.rules.price import parse_price
from trading.sealing.rules.transcript import Transcript, check_signatures, read_transcript
from verify.findings import Files, Finding


def check_opening(files: Files) -> list[Finding]:
    """Findings over `opening.json` and the files it names. ValueError, KeyError, TypeError: not in its form."""
    given = read(files["opening.json"])
    try:
        transcript = read_transcript(files["transcript.json"])
    except Refused as fault:
        return [_refused("ceremony", "密钥仪式记录", "record of the ceremony", fault)]
    first, second = (Occasion(given["ceremony"], given["tender"], leaf_hash(leaf_of(given[name]["o"]))) for name in ("close", "call" if "call" in given else "close"))
    found = [_ceremony(given, transcript), _close(files, given), *([_call(given)] if "call" in given else [])]
    listed = {digest for lot in read(files["closing.json"]) for digest in lot["digests"]} if "closing.json" in files else None
    for line in given["parts"]:
        wrong = _fault(files, line, transcript, second if line["part"] == "price" else first, listed)
        found.append(Finding("opening", wrong is None, wrong or _said(line)))
    return found


def _ceremony(given: dict[str, Any], transcript: Transcript) -> Finding:
    terms = transcript.terms
    silent = check_signatures(transcript, tuple(bytes.fromhex(s) for s in given["signatures"]))
    if (terms.ceremony, terms.tender) != (given["ceremony"], given["tender"]):
        return Finding("ceremony", False, Text("密钥仪式属于另一项目", "the ceremony is another tender's"))
    if silent:
        return Finding("ceremony", False, Text(f"保管人 {silent} 的签名缺失或无效", f"signatures of custodians {silent} are missing or false"))
    n, key = len(terms.custodians), transcript.public_key.hex()
    return Finding("ceremony", True, Text(f"{n} 位保管人，任意 {terms.k} 位可开，公钥 {key}", f"{n} custodians, any {terms.k} open, key {key}"))


def _close(files: Files, given: dict[str, Any]) -> Finding:
    close = given["close"]
    if "payload" not in close:
        return Finding("close", True, Text(f"截止记录 {close['o']}", f"closing entry {close['o']}"))
    payload = read(close["payload"].encode())
    if not opens(leaf_of(close["o"]), bytes.fromhex(close["salt"]), payload):
        return Finding("close", False, Text("截止记录与账本中的承诺不符", "the closing entry does not open its commitment"))
    roots = payload["body"]["roots"]
    if "closing.json" in files and {lot["lot"]: closing_root(lot["digests"]) for lot in read(files["closing.json"])} != roots:
        return Finding("close", False, Text("截止名单与账本的截止根不符", "the closing lists are not those of the ledger's entry"))
    return Finding("close", True, Text(f"截止记录 {close['o']}，{len(roots)} 个标段", f"closing entry {close['o']}, lots: {len(roots)}"))


def _call(given: dict[str, Any]) -> Finding:
    """A price that nobody called for was not to be opened: its bid had been rejected."""
    call = given["call"]
    if "payload" not in call:
        return Finding("call", True, Text(f"报价开启记录 {call['o']}", f"entry that called for the prices {call['o']}"))
    payload = read(call["payload"].encode())
    if payload["on"] != given["tender"] or not opens(leaf_of(call["o"]), bytes.fromhex(call["salt"]), payload):
        return Finding("call", False, Text("报价开启记录与账本中的承诺不符", "the call for the prices does not open its commitment"))
    named = payload["body"]["digests"]
    stray = [line["bid"] for line in given["parts"] if line["part"] == "price" and line["digest"] not in named]
    if stray:
        return Finding("call", False, Text(f"未要求开启的报价被开启：{'、'.join(stray)}", f"prices opened that nobody called for: {', '.join(stray)}"))
    return Finding("call", True, Text(f"报价开启记录 {call['o']}，{len(named)} 份", f"call for the prices {call['o']}, files: {len(named)}"))


def _fault(files: Files, line: dict[str, Any], transcript: Transcript, occasion: Occasion, listed: set[str] | None) -> Text | None:
    who, content = f"{line['bid']} {line['part']}", files[line["file"]]
    if listed is not None and line["digest"] not in listed:
        return Text(f"投标 {who} 的密封文件不在截止名单中", f"bid {who}: its sealed file is not in the closing list")
    key, lock, digest = bytes.fromhex(line["file_key"]), bytes.fromhex(line.get("lock", "")), bytes.fromhex(line["digest"])
    try:
        prefix = parse_prefix(content)
        if prefix.header.part != line["part"] or not proof_holds(prefix):
            return Text(f"投标 {who} 的文件头不符", f"bid {who}: the front of its file does not hold")
        if line["partials"]:
            given = {one[0]: Partial(digest, *(bytes.fromhex(word) for word in one[1:])) for one in line["partials"]}
            made = combine(transcript, occasion, prefix, digest, given)
            if made.blamed or made.file_key != key:
                return Text(f"投标 {who} 的部分解密与公布的密钥不符", f"bid {who}: the partial decryptions do not give the published key")
        return _content(who, line, prefix, content, key, lock, digest)
    except Refused as fault:
        return _refused("opening", f"投标 {who} 不能以公布的密钥打开", f"bid {who} does not open with its published key", fault).words


def _content(who: str, line: dict[str, Any], prefix: Prefix, content: bytes, key: bytes, lock: bytes, digest: bytes) -> Text | None:
    """A bidder that sealed rubbish is found out by the same key: it fits no commitment, or the form cannot be read."""
    whole, fits, amount = len(content) > len(prefix.raw), commitment_fits(prefix, key, lock), None
    if fits and whole:
        plain = io.BytesIO()
        try:
            open_with_key(io.BytesIO(content), plain, key, lock, digest=digest)
            amount = parse_price(plain.getvalue()).amount
        except Refused:
            if line["state"] != "rubbish":
                raise
            fits = False
    if fits != (line["state"] == "opened") and (whole or not fits):
        return Text(f"投标 {who} 公布的状态与密封文件不符", f"bid {who}: the published state is not what the sealed file gives")
    if fits and whole and amount != line.get("amount"):
        return Text(f"投标 {who} 公布的报价与密封文件不符", f"bid {who}: the published price is not the sealed one")
    return None


def _said(line: dict[str, Any]) -> Text:
    keys = len(line["partials"])
    by = Text(f"{keys} 份部分解密", f"{keys} partial decryptions") if keys else Text("投标人自行提供的密钥", "the bidder's own key")
    what = Text("无法读取的内容", "sealed rubbish") if line["state"] == "rubbish" else Text(f"报价 {line['amount']}", str(line["amount"])) if "amount" in line else Text("相符", "as sealed")
    return Text(f"投标 {line['bid']} {line['part']}：{by.zh}，{what.zh}", f"bid {line['bid']} {line['part']}: {by.en}, {what.en}")


def _refused(check: str, zh: str, en: str, fault: Refused) -> Finding:
    words = fault.reason.found or Text(fault.reason.rule, fault.reason.rule)
    return Finding(check, False, Text(f"{zh}：{words.zh}", f"{en}: {words.en}"))
