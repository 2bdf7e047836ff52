"""Asks an application for pages without a server, a thread or a client's cookie jar between: for tests that read thousands of them."""
import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from litestar import Litestar


class AtOnce(ThreadPoolExecutor):
    """Blocking handlers run where they are called: one reader asks at a time, and the hop to a thread costs more than most pages."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
            done.set_exception(error)
        return done


class Asking:
    """get(path, cookies) → (status, text) of one loop."""

    def __init__(self, app: Litestar, loop: asyncio.AbstractEventLoop) -> None:
        self._app, self._loop = app, loop

    def get(self, path: str, cookies: dict[str, str]) -> tuple[int, str]:
        return self._loop.run_until_complete(self._get(path, cookies))

    async def _get(self, path: str, cookies: dict[str, str]) -> tuple[int, str]:
        parts, status, body, asked, told = urlsplit(path), 0, bytearray(), False, asyncio.Event()

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:  # who asked stays on the line until all is told
                await told.wait()
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            body.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                told.set()

        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
            "path": unquote(parts.path), "raw_path": quote(parts.path, safe="/%").encode(), "query_string": parts.query.encode(),
            "headers": [(b"host", b"testserver.local"), (b"cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()).encode())],
            "client": ("127.0.0.1", 1), "server": ("testserver.local", 80), "state": {}, "extensions": {},
        }
        await self._app(scope, receive, send)  # type: ignore[arg-type]
        return status, body.decode("utf-8", "replace")


@contextmanager
def asking(app: Litestar) -> Iterator[Asking]:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(AtOnce(1))
    try:
        yield Asking(app, loop)
    finally:
        loop.close()
