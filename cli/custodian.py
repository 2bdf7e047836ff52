"""`mingbiao custodian`: a key custodian's own machine. It holds one seed and asks the centre, its mailbox, what waits.

    init    makes the seed and prints the identity key (or restores both from a paper seed)
    enrol   prints the proof of possession that two regulators enter
    run     does what waits, once or every few seconds; refuses, and says why, wherever a check fails
"""
import argparse
import json
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from cli.contributor import Contributor
from kernel.canonical import sha256
from kernel.clock import system_ms
from kernel.errors import Reason, Refused, Text
from kernel.identity.programs import sign_request
from kernel.ledger.note import BadNote, Verifier
from kernel.rehearsal import clock_answer
from trading.sealing.custodian import Custodian, Done, found
from trading.sealing.enrol_custodian import enrolment
from trading.sealing.gates import GATES, Pins
from trading.sealing.rules.ceremony import identity_seed

SECONDS = 10.0
ANSWER_LIMIT = 64 << 20
STANDS = Text("此处已有保管人，未作改动：{home}", "A custodian stands here already; nothing was changed: {home}")
NONE_HERE = Text("此处没有保管人种子：{home}", "No custodian's seed here: {home}")
BAD_SEED = Text("种子应为 64 位十六进制", "A seed has 64 hexadecimal digits")
BAD_KEY = Text("无法读取公钥：{what}", "Cannot read this key: {what}")
UNREACHABLE = Text("中心没有应答：{what}", "The centre does not answer: {what}")
KEEP = Text("请将种子文件另存一份于纸上，遗失后凭它恢复。", "Keep the seed on paper as well: a lost machine is restored from it.")


class HttpMailbox:
    """The mailbox over HTTP, each request signed (docs/formats/programs.md). Paths under {server}/api/programs."""

    def __init__(self, server: str, program: str, seed: bytes, log: Verifier, client: httpx.Client) -> None:
        self._server, self._program, self._seed, self._log, self._client = server.rstrip("/"), program, seed, log, client
        self.draws: list[dict[str, Any]] = []  # what the last list of tasks held of draws

    def tasks(self) -> list[dict[str, Any]]:
        found = list(self._ask("GET", "/api/programs/tasks"))
        self.draws = [task for task in found if str(task.get("kind")).startswith("draw_")]
        return [task for task in found if task not in self.draws]

    def opening(self, project: str) -> dict[str, Any]:
        return dict(self._ask("GET", f"/api/programs/openings/{project}"))

    def coefficient(self, project: str) -> dict[str, Any]:
        return self.fetch(f"/api/programs/openings/{project}/coefficient")

    def post(self, act: str, fields: dict[str, Any]) -> None:
        self.send(f"/api/programs/acts/{act}", fields)

    def fetch(self, path: str) -> dict[str, Any]:
        return dict(self._ask("GET", path))

    def send(self, path: str, fields: dict[str, Any]) -> None:
        self._ask("POST", path, json.dumps(fields, ensure_ascii=False, sort_keys=True).encode())

    def tile(self, path: str) -> bytes | None:
        """Public and unsigned: what it proves is checked."""
        answer = self._client.get(f"{self._server}/ledger/{path}", timeout=SECONDS)
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.content

    def now(self) -> int:
        """A rehearsal's stepped clock, signed by its log."""
        nonce = secrets.token_hex(16)
        answer = self._client.get(f"{self._server}/api/programs/time", params={"nonce": nonce}, timeout=SECONDS)
        answer.raise_for_status()
        return clock_answer.read(answer.content, self._log, nonce)

    def _ask(self, method: str, path: str, body: bytes = b"") -> Any:
        nonce = self._send("POST", "/api/programs/nonces", json.dumps({"program": self._program}).encode(), {})["nonce"]
        return self._send(method, path, body, sign_request(self._seed, self._program, method, path, sha256(body).hex(), nonce))

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        answer = self._client.request(
            method, self._server + path, content=body, headers=headers | {"content-type": "application/json"}, timeout=SECONDS)
        if answer.status_code in (404, 409, 422):
            raise Refused(Reason(str(answer.headers.get("mingbiao-rule", "refused"))))
        answer.raise_for_status()
        if len(answer.content) > ANSWER_LIMIT:
            raise httpx.DecodingError("the answer is too long")
        return answer.json() if answer.content else None


def add_parsers(sub: Any) -> None:
    """Adds `custodian init|enrol|run`; handlers return the exit code."""
    parser = sub.add_parser("custodian", help="密钥保管人 · a key custodian's own machine")
    acts = parser.add_subparsers(dest="act", required=True)
    init = acts.add_parser("init", help="生成种子 · make the seed, print the identity key")
    init.add_argument("--home", type=Path, required=True)
    init.add_argument("--seed", help="由纸质种子恢复（十六进制） · restore from a paper seed (hex)")
    init.set_defaults(run=run_init)
    enrol = acts.add_parser("enrol", help="打印登记材料 · print what two regulators enter")
    enrol.add_argument("--home", type=Path, required=True)
    enrol.add_argument("--origin", required=True, help="账本名称 · the ledger's origin, such as centre.example/2026")
    enrol.add_argument("--name", required=True)
    enrol.add_argument("--party", required=True, choices=("centre", "regulator", "agent", "buyer", "notary", "association"))
    enrol.add_argument("--employer", required=True)
    enrol.set_defaults(run=run_enrol)
    run = acts.add_parser("run", help="运行 · do what waits")
    run.add_argument("--home", type=Path, required=True)
    run.add_argument("--server", required=True, metavar="URL")
    run.add_argument("--id", required=True, help="登记后的编号 · the id given at enrolment")
    run.add_argument("--log", required=True, metavar="VKEY", help="账本公钥 · the log's key, obtained outside the server")
    run.add_argument("--witness", action="append", default=[], metavar="VKEY", help="见证人公钥，可多次 · repeatable")
    run.add_argument("--rehearsal", action="store_true", help="使用演练时钟 · the rehearsal's stepped clock; only its own log is believed")
    run.add_argument("--once", action="store_true", help="只运行一次 · once, then end")
    run.add_argument("--every", type=float, default=5.0, metavar="SECONDS")
    run.set_defaults(run=run_run)


def run_init(args: argparse.Namespace) -> int:
    try:
        seed = bytes.fromhex(args.seed) if args.seed else os.urandom(32)
    except ValueError:
        seed = b""
    if len(seed) != 32:
        return _say(BAD_SEED, 2)
    try:
        identity = found(args.home, seed)
    except FileExistsError:
        return _say(STANDS, 1, home=args.home)
    _say(KEEP, 0)
    print(identity.hex())
    return 0


def run_enrol(args: argparse.Namespace) -> int:
    seed = _seed(args.home)
    if seed is None:
        return _say(NONE_HERE, 2, home=args.home)
    print(enrolment(identity_seed(seed), args.origin, args.name, args.party, args.employer).model_dump_json())
    return 0


def run_run(args: argparse.Namespace) -> int:
    """0 after `--once`; a refused check is said and is no error of the program."""
    seed = _seed(args.home)
    if seed is None:
        return _say(NONE_HERE, 2, home=args.home)
    try:
        pins = Pins(Verifier.parse(args.log), tuple(Verifier.parse(key) for key in args.witness))
    except BadNote as error:
        return _say(BAD_KEY, 2, what=error)
    with httpx.Client() as client:
        mailbox = HttpMailbox(args.server, args.id, identity_seed(seed), pins.log, client)
        program = Custodian(args.home, mailbox, pins, mailbox.now if args.rehearsal else system_ms)
        contributor = Contributor(args.home, mailbox.send, mailbox.fetch, program.break_silence)
        while True:
            code = _beat(program, contributor, mailbox)
            if args.once:
                return code
            time.sleep(args.every)


def _beat(program: Custodian, contributor: Contributor, mailbox: HttpMailbox) -> int:
    try:
        for done in [*program.run_once(), *contributor.run(mailbox.draws)]:
            print(_line(done), flush=True)
    except httpx.HTTPError as error:
        return _say(UNREACHABLE, 1, what=type(error).__name__)
    except (Refused, BadNote) as error:
        return _say(UNREACHABLE, 1, what=error)
    return 0


def _line(done: Done) -> str:
    zh, en = GATES[done.gate] if done.gate else ("已完成", "done")
    return f"{done.kind} {done.on} {done.gate or 'ok'} {zh} · {en}"


def _seed(home: Path) -> bytes | None:
    path = home / "seed"
    return path.read_bytes() if path.exists() else None


def _say(text: Text, code: int, **values: object) -> int:
    filled = text.fill(**values)
    print(f"{filled.zh}\n{filled.en}", file=sys.stderr, flush=True)
    return code


