"""What comes before the key is touched: POST /do/<tag>/prepare checks a signed form as the act itself would, keeps its
files, and answers with the challenge. The same form then goes to /do/<tag> with the signature.
"""
from typing import Any

from litestar import Request, post
from litestar.concurrency import sync_to_thread
from litestar.response import Response

from kernel.canonical import canon, plain
from kernel.errors import Malformed, NotYours, Refusal, Text
from kernel.identity.passkeys import act_options
from kernel.identity.signing import act_hash, ways_to_sign
from web import forms, kept
from web.acts import check_csrf, posted
from web.refusals import view
from web.viewer import Viewer, render, viewer_of

NO_STORE = {"Cache-Control": "no-store"}


@post("/do/{tag:str}/prepare", status_code=200)
async def prepare(request: Request[Any, Any, Any], tag: str) -> Response[Any]:
    values = await posted(request)
    return await sync_to_thread(answer, request, tag, values)


def answer(request: Request[Any, Any, Any], tag: str, values: dict[str, Any]) -> Response[Any]:
    """JSON: the challenge; or {problems} by field, {panel} of a refusal as markup, {code: signed_out}."""
    viewer = viewer_of(request)
    if viewer.session is None:
        return Response({"code": "signed_out"}, status_code=401, headers=NO_STORE)
    try:
        form = forms.FORMS.get(tag)
        if form is None or not getattr(form.act, "signed", False):
            raise NotYours
        check_csrf(viewer, values)
        return Response(prepared(viewer, form, values), headers=NO_STORE)
    except forms.Invalid as error:
        return Response({"problems": {name: said(viewer.lang) for name, said in error.problems.items()}}, status_code=422, headers=NO_STORE)
    except Malformed as error:
        said = error.why or Text("填写有误", "Check this field")
        return Response({"problems": {error.field: said(viewer.lang)}}, status_code=422, headers=NO_STORE)
    except Refusal as error:
        panel = render(viewer, "public/unsigned.html", refusal=view(error, viewer.lang))
        return Response({"panel": panel}, status_code=error.status, headers=NO_STORE)


def prepared(viewer: Viewer, form: forms.ActForm, values: dict[str, Any]) -> dict[str, Any]:
    """nonce, h, options for navigator.credentials.get, kinds of key in the order to offer, kept files, and `signed`: the
    bytes behind h, so that a key file signs only what its holder's machine has hashed itself."""
    fields = forms.collected(form, values, viewer)
    files = {f"{item.name}_kept": kept.token(viewer, item.name, fields[item.name]) for item in form.fields if item.kind == "file" and fields.get(item.name)}
    command = forms.made(form, fields, viewer)
    form.act.trial(viewer.centre, viewer.actor, command)  # type: ignore[attr-defined]
    centre = viewer.centre
    challenge = act_options(centre, viewer.actor.id, form.tag, command)
    signed = canon({"v": 1, "origin": centre.origin, "tag": form.tag, "cmd": plain(command), "nonce": challenge.nonce}).decode()
    return {"nonce": challenge.nonce, "h": act_hash(centre.origin, form.tag, command, challenge.nonce).hex(), "options": challenge.options,
            "kinds": kinds(viewer), "kept": files, "signed": signed}


def kinds(viewer: Viewer) -> list[str]:
    """A bidder who has a certified key file signs legal acts with it; everybody else by passkey first."""
    with viewer.centre.reading() as session:
        held = ways_to_sign(session, viewer.actor.id)
    bidder = "supplier" in viewer.kinds and not viewer.kinds & {"buyer", "agent"}
    return ["keyfile"] if bidder and "keyfile" in held else [kind for kind in ("passkey", "keyfile") if kind in held]


HANDLERS = [prepare]
