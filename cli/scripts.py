"""`mingbiao scripts URL`: are the programs that a server sends to browsers those that its ledger names?"""
import argparse
import hashlib
import sys
from html.parser import HTMLParser

import httpx

from kernel.ledger.note import BadNote, Verifier
from kernel.ledger.opened import opened_leaf
from kernel.ledger.proof import BadProof

GOOD, CHANGED, UNREADABLE = 0, 1, 2
PAGES = ("/", "/sign-in", "/sign-up", "/verify", "/custodian")  # pages that anybody gets, whose scripts must be of the list


class Scripts(HTMLParser):
    """sources: where a page takes its scripts from · inline: whether it carries one itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.inline = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.sources.append(str(given["src"]).partition("?")[0])
        self.inline |= (tag == "script" and not given.get("src")) or any(name.startswith("on") for name in given)


def add_parsers(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("scripts", help="核对服务器发给浏览器的脚本 compare a server's scripts with the ledger")
    parser.add_argument("server", help="中心网址 the centre's address")
    parser.add_argument("--log", required=True, help="账本公钥，由监督部门给出 the ledger's key, as the supervising office gives it")
    parser.add_argument("--witness", action="append", default=[], help="见证方公钥，可多个 a witness's key; may be repeated")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 all the same · 1 something differs, each on its line · 2 the server or a key cannot be read."""
    try:
        log, witnesses = Verifier.parse(args.log), [Verifier.parse(key) for key in args.witness]
        with httpx.Client(base_url=args.server, timeout=30) as client:
            index, files = listed(client, log, witnesses)
            wrong = [*compared(client, files), *pages(client, files)]
    except (httpx.HTTPError, BadNote, BadProof, KeyError, TypeError, ValueError) as why:
        print(f"无法核对 cannot be checked: {type(why).__name__}: {why}", file=sys.stderr)
        return UNREADABLE
    for zh, en in wrong:
        print(f"不符：{zh} | refused: {en}")
    if not wrong:
        print(f"相符：{len(files)} 个脚本，账本第 {index} 号 | good: {len(files)} scripts, entry {index} of the ledger")
    return CHANGED if wrong else GOOD


def listed(client: httpx.Client, log: Verifier, witnesses: list[Verifier]) -> tuple[int, dict[str, str]]:
    """Index of the newest list, and path → hex SHA-256. BadProof where it stands under no checkpoint of this log; ValueError for another leaf."""
    answer = client.get("/ledger/scripts")
    answer.raise_for_status()
    payload, _, index, _ = opened_leaf(answer.json(), log, witnesses, min(1, len(witnesses)))
    if payload["tag"] != "kernel.scripts.publish":
        raise ValueError("another leaf")
    return index, payload["body"]["files"]


def compared(client: httpx.Client, files: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for path, digest in sorted(files.items()):
        answer = client.get(path)
        if answer.status_code != 200 or hashlib.sha256(answer.content).hexdigest() != digest:
            found.append((f"{path} 与账本不同", f"{path} is not what the ledger names"))
    return found


def pages(client: httpx.Client, files: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for path in PAGES:
        page = Scripts()
        page.feed(client.get(path).text)
        if page.inline:
            found.append((f"{path} 页内夹带脚本", f"{path} carries a script of its own"))
        found += [(f"{path} 使用未列明的 {source}", f"{path} runs {source}, which is not listed") for source in page.sources if source not in files]
    return found
