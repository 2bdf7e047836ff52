"""`mingbiao witness`: anyone — a regulator, a newspaper, a competitor — watches a centre's log with this and signs what it saw."""
import argparse
import os
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kernel.clock import system_ms
from kernel.errors import Text
from kernel.ledger.note import WITNESS, BadNote, Signer, Verifier
from kernel.ledger.witness import MOST_BYTES, SIZE_TYPE, Witness, found

IDLE_SECONDS = 15
STANDS = Text("此处已有见证人，未作改动：{home}", "A witness stands here already; nothing was changed: {home}")
NONE_HERE = Text("此处没有见证人的密钥和状态：{home}", "No witness key and state here: {home}")
BAD_KEY = Text("无法读取公钥或名称：{what}", "Cannot read this key or name: {what}")
BAD_ADDRESS = Text("监听地址应为 主机:端口：{what}", "The address to listen on is HOST:PORT: {what}")
READY = Text("见证人 {vkey} 正在监听 {address}", "Witness {vkey} listens on {address}")


def add_parsers(sub: Any) -> None:
    """Adds `witness init` and `witness serve` to the sub-parsers; handlers return the exit code."""
    parser = sub.add_parser("witness", help="见证人 · a witness that cosigns a log's checkpoints")
    acts = parser.add_subparsers(dest="act", required=True)
    init = acts.add_parser("init", help="生成密钥 · make the key and the empty state; prints the public key")
    init.add_argument("--home", type=Path, required=True)
    init.add_argument("--name", required=True, help="例如 witness.example/w1 · such as witness.example/w1")
    init.set_defaults(run=run_init)
    serve = acts.add_parser("serve", help="运行 · answer POST /add-checkpoint")
    serve.add_argument("--home", type=Path, required=True)
    serve.add_argument("--listen", default="127.0.0.1:8750")
    serve.add_argument("--trust", action="append", required=True, metavar="VKEY", help="日志公钥，可多次 · a log's public key; repeatable")
    serve.set_defaults(run=run_serve)


def _say(text: Text, **values: object) -> None:
    filled = text.fill(**values)
    print(f"{filled.zh}\n{filled.en}", file=sys.stderr, flush=True)


def run_init(args: argparse.Namespace) -> int:
    """Prints the vkey; 1 where a witness stands already, 2 for a name no key may have."""
    try:
        signer = Signer(args.name, WITNESS, os.urandom(32))
        vkey = signer.verifier.vkey()
    except BadNote:
        _say(BAD_KEY, what=args.name)
        return 2
    try:
        found(args.home, signer)
    except FileExistsError:
        _say(STANDS, home=args.home)
        return 1
    print(vkey)
    return 0


def run_serve(args: argparse.Namespace) -> int:
    """Serves until interrupted; 1 without a founded home, 2 for a key or address that cannot be read."""
    host, _, port = args.listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        _say(BAD_ADDRESS, what=args.listen)
        return 2
    try:
        trusted = [Verifier.parse(vkey) for vkey in args.trust]
    except BadNote:
        _say(BAD_KEY, what=" ".join(args.trust))
        return 2
    try:
        witness = Witness(args.home, trusted, system_ms)
    except (FileNotFoundError, ValueError):
        _say(NONE_HERE, home=args.home)
        return 1
    with server(witness, host, int(port)) as running:
        _say(READY, vkey=witness.verifier.vkey(), address=f"{host}:{running.server_address[1]}")
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """The HTTP server of one witness, bound and not yet running; port 0 takes a free one."""
    made = ThreadingHTTPServer((host, port), _handler(witness.add_checkpoint))
    made.daemon_threads = True
    return made


def _handler(add_checkpoint: Callable[[bytes], tuple[int, bytes]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = IDLE_SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > MOST_BYTES:
                self.close_connection = True
                return self._answer(400, b"a body of known and modest length is needed\n")
            body = self.rfile.read(int(length))
            if self.path != "/add-checkpoint":
                return self._answer(404, b"unknown path\n")
            return self._answer(*add_checkpoint(body))

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", SIZE_TYPE if status == 409 else "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            if str(args[1:2]) != "('200',)":  # what went well needs no line
                print(f"{self.address_string()} {format % args}", file=sys.stderr, flush=True)

    return Handler
