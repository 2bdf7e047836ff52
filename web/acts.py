"""The one route by which a form becomes an act: POST /do/<tag>, then 303 to a page.

Every problem is told at once and what was typed stays; a refusal shows its four rows above the same form.
"""
import hmac
from typing import Any

from litestar import Request, post
from litestar.response import Redirect, Response

from kernel.errors import Malformed, NotYours, Refused, Text
from kernel.identity.sessions import SessionView
from kernel.identity.signing import Signature
from web import forms
from web.refusals import view
from web.viewer import Viewer, local_path, page, see_other, viewer_of

SIGNATURE = ("kind", "key", "signature", "nonce", "auth", "client")


async def posted(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The form's values; a name that stands several times becomes a list."""
    data = await request.form()
    return {key: data.getall(key) if len(data.getall(key)) > 1 else data.get(key) for key in data}


def check_csrf(viewer: Viewer | SessionView, values: dict[str, Any]) -> None:
    """Malformed when the form was not made for this session (or its page is older than the log-in)."""
    given = str(values.get("_csrf_token", ""))
    if not viewer.csrf or not hmac.compare_digest(given.encode("utf-8", "replace"), viewer.csrf.encode()):
        raise Malformed("_csrf_token", Text("页面已过期，请返回刷新后重新提交", "This page has expired; go back, reload and send it again"))


def signature_of(values: dict[str, Any]) -> Signature | None:
    given = {name: str(values.get(f"sig_{name}") or "") for name in SIGNATURE}
    return Signature(**given) if given["signature"] else None


def perform(viewer: Viewer, form: forms.ActForm, values: dict[str, Any]) -> Any:
    command = forms.read(form, values, viewer)
    signature = signature_of(values)
    if signature is not None and getattr(form.act, "signed", False):
        return form.act(viewer.centre, viewer.actor, command, sig=signature)
    return form.act(viewer.centre, viewer.actor, command)


@post("/do/{tag:str}", status_code=200)
async def do(request: Request[Any, Any, Any], tag: str) -> Response[Any] | Redirect:
    from litestar.concurrency import sync_to_thread

    values = await posted(request)
    return await sync_to_thread(answer, request, tag, values)


def answer(request: Request[Any, Any, Any], tag: str, values: dict[str, Any]) -> Response[Any] | Redirect:
    viewer = viewer_of(request)
    form = forms.FORMS.get(tag)
    if form is None or (viewer.session is None and not form.anonymous):
        raise NotYours
    check_csrf(viewer, values)
    onward = local_path(str(values.get("_next") or "/desk"))
    try:
        result = perform(viewer, form, values)
    except forms.Invalid as error:
        return again(viewer, form, values, error.problems, onward)
    except Refused as refusal:
        return again(viewer, form, values, {}, onward, refusal)
    except Malformed as error:
        if error.field not in {"signature", *(f.name for f in form.fields)}:
            raise
        return again(viewer, form, values, {error.field: error.why or Text("填写有误", "Check this field")}, onward)
    if form.after:
        onward = form.after(viewer, result, values)
    joiner = "&" if "?" in onward else "?"
    return see_other(f"{onward}{joiner}done={tag}")


def again(viewer: Viewer, form: forms.ActForm, values: dict[str, Any], problems: dict[str, Text], onward: str, refusal: Refused | None = None) -> Response[str]:
    shown = forms.Shown(form, {k: v for k, v in values.items() if isinstance(v, str | list)}, problems, onward)
    panel = view(refusal, viewer.lang) if refusal else None
    return page(viewer, "public/again.html", status=409 if refusal else 422, shown=shown, refusal=panel)
