"""Errors as people read them: a page with four rows, or JSON for programs. Never a stack, never another's data."""
from typing import Any

import structlog
from litestar import Request
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Response
from pydantic import ValidationError

from kernel.errors import Malformed, NotYours, Reason, Refusal, Refused, Stale, Text
from law.citation import Citation
from law.citations import gloss
from law.guards import texts
from law.registry import clauses
from web.viewer import page, viewer_of

log = structlog.get_logger()


def sentence(reason: Reason) -> Text:
    """The guard's sentence with its values filled in."""
    zh, en = texts().get(reason.rule, (reason.rule, reason.rule))
    spoken = {lang: {key: value(lang) if isinstance(value, Text) else str(value) for key, value in reason.values.items()} for lang in ("zh", "en")}
    return Text(_fill(zh, spoken["zh"]), _fill(en, spoken["en"]))


def _fill(sentence: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        sentence = sentence.replace("{" + key + "}", value)
    return sentence


def rule_of(citation: Citation) -> str:
    """The rule book's id for a citation, where a clause stands under it."""
    for clause in clauses():
        if citation in clause.under and clause.rule_id:
            return clause.rule_id
    return ""


def cited(citations: tuple[Citation, ...], lang: str) -> list[dict[str, str]]:
    found = []
    for citation in citations[:4]:
        try:
            english = gloss(citation)
        except KeyError:
            english = str(citation)
        name = citation.document.removeprefix("中华人民共和国") if lang == "zh" else english.removesuffix(citation.article).strip()
        found.append({"document": name, "article": citation.article, "rule_id": rule_of(citation)})
    return found


def view(error: Refusal, lang: str) -> dict[str, Any]:
    """title, found, needed, cites, code: what the refusal panel takes."""
    if isinstance(error, Refused):
        reason = error.reason
        return {"title": sentence(reason), "found": reason.found, "needed": reason.needed, "cites": cited(reason.under, lang), "code": reason.rule}
    zh, en = texts()["stale" if isinstance(error, Stale) else "notyours"]
    title = Text(zh, en)
    if isinstance(error, Malformed):
        title = error.why or Text(f"填写有误：{error.field}", f"Check this field: {error.field}")
    return {"title": title, "found": None, "needed": None, "cites": [], "code": type(error).__name__.lower()}


def wants_json(request: Request[Any, Any, Any]) -> bool:
    return request.url.path.startswith("/api/")


def refused(request: Request[Any, Any, Any], error: Refusal) -> Response[Any]:
    if wants_json(request):
        seen = view(error, "zh")
        return Response({"error": seen["code"], "zh": seen["title"].zh, "en": seen["title"].en}, status_code=error.status)
    viewer = viewer_of(request)
    if isinstance(error, NotYours):
        return page(viewer, "public/missing.html", status=404)
    back = request.headers.get("referer", "")
    return page(viewer, "public/refused.html", status=error.status, refusal=view(error, viewer.lang), back=back if back.startswith(viewer.centre.settings.origin_url) else "/")


def invalid(request: Request[Any, Any, Any], error: ValidationError) -> Response[Any]:
    first = error.errors()[0]["loc"]
    return refused(request, Malformed(".".join(map(str, first)) or "?"))


def http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if error.status_code == 404 or isinstance(error, NotFoundException):
        return refused(request, NotYours())
    if wants_json(request):
        return Response({"error": "request", "zh": "请求无法处理", "en": "The request cannot be handled"}, status_code=error.status_code)
    seen = {"title": Text("请求无法处理", "This request cannot be handled"), "found": None, "needed": None, "cites": [], "code": str(error.status_code)}
    return page(viewer_of(request), "public/refused.html", status=error.status_code, refusal=seen, back="/")


def fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Our own mistake. The reader learns that nothing was changed; the log gets the stack."""
    log.error("fault", route=request.scope.get("path_template", ""), exc_info=error)
    if wants_json(request):
        return Response({"error": "fault", "zh": "系统内部错误，未作任何改动", "en": "A fault of ours; nothing was changed"}, status_code=500)
    seen = {"title": Text("这是系统的错误，不是您的。", "This is a fault of ours, not of yours."), "found": None, "needed": None, "cites": [], "code": "500"}
    return page(viewer_of(request), "public/refused.html", status=500, refusal=seen, back="/")


HANDLERS: dict[Any, Any] = {Refusal: refused, ValidationError: invalid, HTTPException: http_error, Exception: fault}
