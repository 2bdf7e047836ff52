"""A centre's application in a process of its own, as it runs in service with its ticker, and a bare handler beside it to compare with.

`python -m bench.serving HOME` prints the port. Every commit and every piece is synced, whatever the centre: what a rehearsal
is spared would be no figure. PUT /bare/N writes its body to HOME/bare/N and syncs it, as it comes, and does nothing else.
"""
import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from litestar.concurrency import sync_to_thread

from kernel.centre import Centre
from kernel.logs import configure
from kernel.settings import Settings
from kernel.ticker import Ticker


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


def main(home: Path) -> None:
    from web.app import create_app

    configure()
    centre = Synced(Settings(home=home, secure_cookies=False))
    ticker = Ticker(centre)
    app = create_app(centre, on_start=[ticker.start], on_stop=[ticker.stop])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        print(listening.getsockname()[1], flush=True)
        server = uvicorn.Server(uvicorn.Config(bare(home, app), log_level="error", lifespan="on"))
        asyncio.run(server.serve([listening]))


@contextmanager
def apart(home: Path) -> Iterator[tuple[int, int]]:
    """(port, process) of a server over the centre in `home`."""
    with subprocess.Popen([sys.executable, "-m", "bench.serving", str(home)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), process.pid
        finally:
            process.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
