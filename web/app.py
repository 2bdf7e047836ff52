"""The server: every route of every audience, one place for errors, headers that leak nothing."""
import functools
import importlib
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, get
from litestar.concurrency import sync_to_thread
from litestar.config.compression import CompressionConfig
from litestar.datastructures import Cookie, State
from litestar.response import Redirect, Response
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.utils import is_async_callable

import cli.rooms  # noqa: F401  registers acts, answers, reactions, timers
from kernel.centre import Centre
from web.acts import do
from web.look.styleguide import render as styleguide
from web.refusals import HANDLERS
from web.signing import prepare
from web.supplier.uploads import Doors
from web.viewer import PREFS, local_path, viewer_of

AUDIENCES = ("public", "account", "supplier", "buyer", "agent", "expert", "hall", "regulator", "admin", "custodian", "api")
WEB = Path(__file__).parent
HEADERS = {
    b"content-security-policy": b"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' data:; "
    b"style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


def guarded(app: ASGIApp) -> ASGIApp:
    """Adds the security headers to every answer."""

    async def middle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *((k, v) for k, v in HEADERS.items() if k not in known)]
            await send(message)

        await app(scope, receive, sending)

    return middle


@get("/prefs", sync_to_thread=False)
def prefs(request: Request[Any, Any, Any], next: str = "/") -> Redirect:
    """Keeps a choice of look in a cookie; works without scripts."""
    answer = Redirect(local_path(next), status_code=303)
    for key, allowed in PREFS.items():
        value = request.query_params.get(key)
        if value in allowed:
            answer.set_cookie(Cookie(key, value=value, max_age=365 * 86400, samesite="lax"))
    return answer


@get("/api/time", sync_to_thread=True)
def time_now(request: Request[Any, Any, Any]) -> dict[str, int]:
    """The centre's clock, ms since 1970 UTC."""
    return {"now_ms": request.app.state.centre.now()}


@get("/healthz", sync_to_thread=False)
def healthy() -> dict[str, str]:
    return {"state": "ok"}


@get("/styleguide", sync_to_thread=True)
def look(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    return Response(styleguide(viewer.lang, viewer.theme, viewer.size), media_type="text/html; charset=utf-8")


def handlers() -> list[Any]:
    """The HANDLERS of every audience's pages and acts."""
    found: list[Any] = [prefs, time_now, healthy, look, do, prepare]
    for audience in AUDIENCES:
        for part in ("pages", "acts"):
            name = f"web.{audience}.{part}"
            if (WEB / audience / f"{part}.py").exists():
                found += getattr(importlib.import_module(name), "HANDLERS", [])
    return [threaded(handler) for handler in found]


def threaded(handler: Any) -> Any:
    """A blocking handler as a coroutine. Litestar itself wraps one again for each further method or path of its route,
    and the second wrapping is never awaited."""
    fn = handler.fn
    if handler.sync_to_thread and not is_async_callable(fn):

        @functools.wraps(fn)
        async def run(*args: Any, **kwargs: Any) -> Any:
            return await sync_to_thread(fn, *args, **kwargs)

        handler._fn = run
    return handler


def create_app(centre: Centre, on_start: list[Any] | None = None, on_stop: list[Any] | None = None) -> Litestar:
    statics = [
        create_static_files_router("/static/look", [WEB / "look" / "static"], cache_control=None),
        create_static_files_router("/static/vendor", [WEB / "static" / "vendor"], cache_control=None),
    ] if (WEB / "static" / "vendor").exists() else [create_static_files_router("/static/look", [WEB / "look" / "static"])]
    return Litestar(
        [*handlers(), *statics], state=State({"centre": centre, "doors": Doors()}), exception_handlers=HANDLERS, middleware=[guarded],
        request_max_body_size=centre.settings.paper_limit + centre.settings.form_limit, openapi_config=None,
        compression_config=CompressionConfig("gzip", exclude=["/supplier", "/seat", "/hall"]),
        on_startup=on_start or [], on_shutdown=on_stop or [],
    )
