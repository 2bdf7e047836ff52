"""`mingbiao serve`: the server; with `--rehearsal` a made-up centre, its custodians and its witness around it.

This process only watches over the others: server workers, three custodians with seed files of their own, and the
witness, which runs here. When it ends, all end.
"""
import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from cli.progress import Progress
from cli.rooms import check_house
from kernel.centre import Centre
from kernel.clock import monotonic
from kernel.ledger.entries import Witness


def add_parsers(sub: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = sub.add_parser("serve", help="run the server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rehearsal", action="store_true", help="set up a rehearsal centre when there is none")
    parser.set_defaults(run=run, every=3.0)


def run(args: argparse.Namespace) -> int:
    check_house()
    if not free(args.host, args.port):
        print(f"端口 {args.port} 已被占用，请用 PORT= 换一个 · port {args.port} is taken; choose another with PORT=", file=sys.stderr)
        return 1
    name = "localhost" if args.host in ("127.0.0.1", "0.0.0.0") else args.host  # passkeys know no bare address
    address = f"http://{name}:{args.port}"
    os.environ.setdefault("MINGBIAO_ORIGIN_URL", address)
    centre = Centre()
    if centre.row is None and args.rehearsal:
        from cli.cast.stage_set import build

        progress = Progress()
        print("正在布置演练中心 · setting up a rehearsal centre", file=sys.stderr)
        build(centre, progress)
        progress.end()
    if centre.row is None:
        print("尚未初始化：先运行 mingbiao found，或用 --rehearsal · no centre yet: run `mingbiao found`, or use --rehearsal", file=sys.stderr)
        return 1
    children = start_children(centre, args.host, args.port, args.workers, args.every)
    say(centre, address)
    return watch(children)


def free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def start_children(centre: Centre, host: str, port: int, workers: int, every: float, log: Path | None = None) -> "list[subprocess.Popen[bytes]]":
    """The server first, then in a rehearsal the custodians, which ask for work every so many seconds.

    log: file for what they print, the terminal otherwise."""
    if centre.rehearsal:
        from cli.cast import witness

        os.environ["MINGBIAO_SECURE_COOKIES"] = "false"
        witness.start(centre)
    server = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port), "--workers", str(workers),
              "--workers-kill-timeout", "3", "--no-ws", "--log-level", "warning", "web.serving:app"]
    children = [subprocess.Popen(server)]
    wait_for(host, port)
    if centre.rehearsal:
        children += [subprocess.Popen(command, **written(log)) for command in custodians(centre, f"http://{host}:{port}", every)]
    return children


def wait_for(host: str, port: int, most: float = 30) -> None:
    """Until the server answers, so that what it says next is true and its programs find it."""
    began = monotonic()
    while monotonic() - began < most:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((host, port)) == 0:
                return
        threading.Event().wait(0.1)


def written(log: Path | None) -> dict[str, Any]:
    return {} if log is None else {"stdout": log.open("ab"), "stderr": subprocess.STDOUT}


def custodians(centre: Centre, address: str, every: float) -> list[list[str]]:
    """The command line of each rehearsal custodian: its own seed file, the log's and the witness's keys pinned."""
    from cli.cast.house import PARTIES, keeper_home

    with centre.reading() as session:
        witnesses = [key for w in session.query(Witness) for key in ("--witness", w.vkey)]
    commands = []
    for party, _, _ in PARTIES:
        home = keeper_home(centre, party)
        if (home / "id").exists():
            commands.append([sys.executable, "-m", "cli.main", "custodian", "run", "--home", str(home), "--server", address, "--id", (home / "id").read_text(),
                             "--log", centre.ledger_key.verifier.vkey(), *witnesses, "--rehearsal", "--every", str(every)])
    return commands


def say(centre: Centre, address: str) -> None:
    assert centre.row is not None
    kind = "演练中心 · rehearsal" if centre.rehearsal else "正式中心 · in service"
    print(f"\n  {centre.row.name} · {centre.row.name_en}\n  {kind} · {centre.origin}\n\n  打开 · open      {address}/")
    if centre.rehearsal:
        print(f"  选择身份 · sign in as anybody   {address}/sign-in\n  时钟与进度 · clock and stages   {address}/rehearsal")
        print(f"  消息 · messages  {address}/outbox\n  样式 · components {address}/styleguide")
    print("\n  按 Ctrl-C 停止 · press Ctrl-C to stop\n", flush=True)


def watch(children: "list[subprocess.Popen[bytes]]") -> int:
    """Waits for the server; ends everything together. Returns the server's exit code."""
    stop = threading.Event()

    def ending(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ending)
    signal.signal(signal.SIGINT, ending)
    while not stop.wait(0.5) and children[0].poll() is None:
        pass
    end(children)
    return 0 if stop.is_set() else children[0].returncode or 0


def end(children: "list[subprocess.Popen[bytes]]") -> None:
    """Asks every process to end, the custodians before the server; kills what does not."""
    for child in reversed(children):
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(6)
        except subprocess.TimeoutExpired:
            child.kill()
