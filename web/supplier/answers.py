"""Answers to the sealing page's own requests: JSON, errors told in the reader's language with a panel ready to show."""
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.response import Response

from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Malformed, NotYours, Refusal, Text
from web.acts import check_csrf
from web.refusals import view
from web.viewer import Viewer, log_in_of, render, viewer_of

CSRF = "x-csrf-token"


def fields_of(body: bytes) -> dict[str, Any]:
    """The JSON object of a request. Malformed("body") for anything else."""
    try:
        fields = json.loads(body)
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or b"\\u0000" in body:
        raise Malformed("body", Text("请求内容无法读取", "The request cannot be read"))
    return fields


def an_id(text: str) -> str:
    """An id out of an address. NotYours for anything that cannot be one, before a database is asked."""
    if not re.fullmatch(r"[a-z2-7]{16}", text):
        raise NotYours
    return text


@dataclass(frozen=True)
class Caller:
    """Who asks through an open page: as much of him as an act needs."""

    request: Request[Any, Any, Any]
    centre: Centre
    actor: Actor


def answered(request: Request[Any, Any, Any], work: Callable[[Caller], Any], status: int = 200) -> Response[Any]:
    """Runs `work` for somebody signed in whose page is of this log-in; every refusal becomes JSON."""
    known = log_in_of(request)
    if known is None:
        return Response({"code": "signed_out"}, status_code=401)
    caller = Caller(request, request.app.state.centre, known.actor)

    def checked() -> Any:
        if request.method != "GET":
            check_csrf(known, {"_csrf_token": request.headers.get(CSRF, "")})
        return work(caller)

    return said(caller, checked, status)


def said(caller: Caller, work: Callable[[], Any], status: int = 200) -> Response[Any]:
    """What `work` gives, or its refusal, for somebody who was let in."""
    try:
        return Response(work(), status_code=status, headers={"Cache-Control": "no-store"})
    except Refusal as error:
        return Response(told(viewer_of(caller.request), error), status_code=error.status, headers={"Cache-Control": "no-store"})


def told(viewer: Viewer, error: Refusal) -> dict[str, str]:
    """code, title and the refusal panel as markup."""
    seen = view(error, viewer.lang)
    return {"code": seen["code"], "title": seen["title"](viewer.lang), "panel": render(viewer, "supplier/told.html", refusal=seen)}
