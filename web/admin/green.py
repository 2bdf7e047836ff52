"""/green: the green channel for the centre's staff: who advises on a draft, what each desk was called for and promised."""
from dataclasses import replace
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import NotYours
from law.stages import at_or_after
from trading.green import reads as greens
from trading.green.rules import DESKS
from web.forms import FORMS, ActForm, Shown
from web.public import words
from web.supplier.answers import an_id
from web.viewer import page, signed_in

FLAG = "trading.projects.flag_green"


def forms_of(seen: greens.GreenView) -> dict[str, Shown]:
    """What the reader can do for one tender: "name", "call", the id of a question, the name of a desk → its form."""
    found, onward = {}, f"/green/{seen.id}"

    def put(key: str, tag: str, **values: str) -> None:
        found[key] = Shown(FORMS[f"trading.green.{tag}"], {"project": seen.id} | values, {}, onward)

    if seen.manages and seen.stage == "draft":
        put("name", "name_adviser")
    if seen.manages and not at_or_after(seen.stage, "announced") and len(seen.support) < len(DESKS):
        put("call", "call_desks")
        found["call"] = replace(found["call"], form=to_call(seen))
    for question in seen.advice:
        if question.mine:
            put(question.id, "advise", question=question.id)
    for desk in seen.support:
        if desk.mine:
            put(desk.desk, "promise" if desk.state == "called" else "keep_promise", desk=desk.desk)
    return found


def to_call(seen: greens.GreenView) -> ActForm:
    """Only desks that were not called yet."""
    form, called = FORMS["trading.green.call_desks"], {one.desk for one in seen.support}
    left = tuple((code, desk.name.zh, desk.name.en) for code, desk in DESKS.items() if code not in called)
    return replace(form, fields=tuple(replace(one, options=left) if one.name == "desks" else one for one in form.fields))


@get("/green", sync_to_thread=True)
def green(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = signed_in(request)
    code = request.query_params.get("code", "")[:24]
    with viewer.centre.reading() as session:
        rows = greens.greens(session, viewer.actor, viewer.now)
        owed = {one.project: one for one in reversed(greens.awaited(session, viewer.actor, viewer.now))}
        try:
            wanted = greens.to_flag(session, viewer.actor, code, viewer.now) if code else None
        except NotYours:
            wanted = None
    flag = Shown(FORMS[FLAG], {"project": wanted[0]}, {}, f"/green/{wanted[0]}") if wanted else None
    return page(viewer, "admin/greens.html", rows=rows, owed=owed, words=words, code=code, wanted=wanted, flag=flag, manages="room_manager" in viewer.roles)


@get("/green/{id:str}", sync_to_thread=True)
def one(request: Request[Any, Any, Any], id: str) -> Response[str]:
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        greens.greens(session, viewer.actor, viewer.now)  # staff alone: the parties have it on their own desk
        seen = greens.green(session, viewer.actor, an_id(id), viewer.now)
    return page(viewer, "admin/green.html", seen=seen, forms=forms_of(seen), words=words)


HANDLERS = [green, one]
