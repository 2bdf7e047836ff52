"""A centre's application in a process of its own, as it runs in service with its ticker, and a bare handler beside it to compare with.

Every commit and every piece is synced, whatever the centre: what a rehearsal is spared would be no figure. PUT /bare/N writes its
body to HOME/bare/N and syncs it, as it comes, and does nothing else.
"""
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar.concurrency import sync_to_thread

from cli.serve import wait_for
from kernel.centre import Centre
from kernel.logs import configure
from kernel.settings import Settings
from kernel.ticker import Ticker

HOST = "127.0.0.1"


class Synced(Centre):
    _durable = True


def bare(home: Path, app: Any) -> Any:
    """The bare handler in front of `app`: bytes to disk in blocks as they come, one sync, one empty answer."""
    folder = home / "bare"
    folder.mkdir(exist_ok=True)

    async def first(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/bare/"):
            await app(scope, receive, send)
            return
        with (folder / scope["path"].rpartition("/")[2]).open("wb", buffering=1 << 20) as file:
            more = True
            while more:
                message = await receive()
                file.write(message.get("body", b""))
                more = message.get("more_body", False)
            file.flush()
            await sync_to_thread(os.fsync, file.fileno())
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    return first


def application() -> Any:
    """What granian loads, as it does in service. The worker's number stands in HOME/worker, for whoever watches its memory."""
    from web.app import create_app

    configure()
    centre = Synced(Settings(secure_cookies=False))
    ticker = Ticker(centre)
    (centre.home / "worker").write_text(str(os.getpid()))
    return bare(centre.home, create_app(centre, on_start=[ticker.start], on_stop=[ticker.stop]))


@contextmanager
def apart(home: Path) -> Iterator[tuple[int, int]]:
    """(port, process) of a server over the centre in `home`."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", HOST, "--port", str(port), "--no-ws", "--backlog", "1024", "--log-level", "warning",
               "--factory", "bench.serving:application"]
    with subprocess.Popen(command, env=os.environ | {"MINGBIAO_HOME": str(home)}) as process:
        try:
            wait_for(HOST, port)
            yield port, int((home / "worker").read_text())
        finally:
            process.terminate()
