"""The tenders of an organisation, the place of work of each, and the page of each act."""
from dataclasses import dataclass
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Response, Stream

from experts import appraisal_reads
from kernel.errors import Malformed, NotYours, Refused, Text
from law.grounds import LABELS
from trading.projects import file_reads, listing, reads
from web import forms
from web.acts import check_csrf, perform, posted
from web.agent import booking
from web.agent.presets import preset, tailored, wall
from web.agent.scoring import ROWS
from web.agent.workspace import COMMITTEE, NAMES, Workspace, gather, tag_of
from web.public import words
from web.public.tenders import ribbon_rows
from web.refusals import view
from web.supplier.answers import an_id
from web.viewer import Viewer, page, see_other, signed_in


@dataclass(frozen=True)
class Given:
    """What came back from a form that was not taken: values as typed, problems by field, the refusal."""

    values: dict[str, Any]
    problems: dict[str, Text]
    refused: Refused | None = None


@get("/desk/projects", sync_to_thread=True)
def mine(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        rows = listing.work_list(session, viewer.actor, viewer.now)
    may_draft = "stage:admitted" in viewer.kinds and bool(viewer.kinds & {"buyer", "agent"})
    return page(viewer, "agent/projects.html", rows=rows, words=words, may_draft=may_draft)


@get("/desk/projects/new", sync_to_thread=True)
def new(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = signed_in(request)
    if not viewer.kinds & {"buyer", "agent"}:
        raise NotYours
    shown = forms.Shown(forms.FORMS["trading.projects.draft"], {"buyer": viewer.actor.org if "buyer" in viewer.kinds else ""}, {}, "/desk/projects")
    return page(viewer, "agent/new.html", shown=shown)


def shown_of(session: Any, viewer: Viewer, space: Workspace, tag: str, given: Given | None) -> forms.Shown:
    values = preset(session, space, tag, viewer.now) | (given.values if given else {})
    return forms.Shown(tailored(session, viewer, space, tag), values, given.problems if given else {}, f"/desk/projects/{space.seen.id}")


@get("/desk/projects/{id:str}", sync_to_thread=True)
def workspace(request: Request[Any, Any, Any], id: str) -> Response[str]:
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        try:
            space = gather(session, viewer, id)
        except NotYours:
            offer = file_reads.offer(session, viewer.actor, id)
            accept = forms.Shown(forms.FORMS["trading.projects.accept_mandate"], {"project": id}, {}, f"/desk/projects/{id}")
            return page(viewer, "agent/offer.html", offer=offer, shown=accept, words=words)
        task = space.now
        own = task is not None and task.tag in forms.FORMS and task.tag not in COMMITTEE
        shown = shown_of(session, viewer, space, task.tag, None) if own and task else None
    owed = {one.id: forms.Shown(forms.FORMS["trading.projects.supply_paper"], {"project": space.seen.id, "paper": one.id}, {}, f"/desk/projects/{space.seen.id}")
            for one in space.seen.owed or () if space.inside and one.state == "owed" and space.seen.stage != "draft"}
    ask = forms.Shown(forms.FORMS["trading.green.ask_adviser"], {"project": space.seen.id}) if space.green and space.green.adviser and space.seen.stage == "draft" else None
    cause = Text(*LABELS[space.seen.suspended]) if space.seen.suspended in LABELS else None
    return page(viewer, "agent/workspace.html", space=space, seen=space.seen, cause=cause, ribbon=ribbon_rows(space.seen), shown=shown, task=task,
                rows=ROWS, words=words, owed_forms=owed, ask=ask)


@get("/desk/papers/{id:str}", sync_to_thread=True)
def paper(request: Request[Any, Any, Any], id: str) -> Stream:
    """A paper that followed a file, to those who work on it."""
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        media, size, parts = reads.owed_paper(viewer.centre, session, viewer.actor, an_id(id), viewer.now)
    return Stream(parts, media_type=media, headers={
        "Content-Disposition": f'attachment; filename="paper-{id[:4]}.{words.MEDIA[media][1]}"', "Content-Length": str(size), "Cache-Control": "no-store"})


def act_page(viewer: Viewer, id: str, tag: str, given: Given | None = None, status: int = 200) -> Response[str]:
    with viewer.centre.reading() as session:
        space = gather(session, viewer, id)
        task = next((one for one in (*space.tasks, *space.dangers) if one.tag == tag), None)
        if given is None and task is None and not (tag in COMMITTEE and space.draws):
            raise NotYours
        shown = shown_of(session, viewer, space, tag, given)
    panel, free = (view(given.refused, viewer.lang), given.refused.reason.values.get("free", ())) if given and given.refused else (None, ())
    return page(viewer, "agent/act.html", status, space=space, seen=space.seen, shown=shown, task=task, refusal=panel, free=free,
                rows=ROWS, words=words, wall=wall, may_book=tag != "rooms.book" or booking.may_book(viewer))


@get("/desk/projects/{id:str}/{name:str}", sync_to_thread=True)
def act(request: Request[Any, Any, Any], id: str, name: str) -> Response[str]:
    return act_page(signed_in(request), id, tag_of(name))


@get("/desk/projects/{id:str}/draw", sync_to_thread=True)
def draw(request: Request[Any, Any, Any], id: str) -> Response[str]:
    return draw_page(signed_in(request), id)


@post("/desk/projects/{id:str}/{name:str}", status_code=200)
async def take(request: Request[Any, Any, Any], id: str, name: str) -> Response[Any] | Redirect:
    from litestar.concurrency import sync_to_thread

    values = await posted(request)
    return await sync_to_thread(taken, request, id, name, values)


def taken(request: Request[Any, Any, Any], id: str, name: str, values: dict[str, Any]) -> Response[Any] | Redirect:
    """The act of a tender's page. Whatever is wrong is told on the same page, with what was typed."""
    viewer, tag = signed_in(request), tag_of(name)
    check_csrf(viewer, values)
    form, values = forms.FORMS[tag], values | {"project": id}
    typed = {key: value for key, value in values.items() if isinstance(value, str | list)}
    try:
        perform(viewer, form, values)
    except forms.Invalid as error:
        return act_page(viewer, id, tag, Given(typed, error.problems), 422)
    except Malformed as error:
        return act_page(viewer, id, tag, Given(typed, {error.field: error.why or Text(f"填写有误：{error.field}", f"Check {error.field}")}), 422)
    except Refused as refusal:
        return act_page(viewer, id, tag, Given(typed, {}, refusal), 409)
    onward = f"/desk/projects/{id}/draw" if tag in COMMITTEE else back_to(viewer, id)
    return see_other(f"{onward}?done={tag}")


def appraisals(unmarked: tuple[appraisal_reads.ToAppraise, ...], id: str) -> list[tuple[appraisal_reads.ToAppraise, forms.Shown]]:
    form = forms.FORMS["experts.appraise"]
    return [(one, forms.Shown(form, {"seat": one.seat}, {}, f"/desk/projects/{id}/draw")) for one in unmarked]


def back_to(viewer: Viewer, id: str) -> str:
    """The tender's place of work; for a winner with nothing left to do there, the own bid."""
    with viewer.centre.reading() as session:
        try:
            gather(session, viewer, id)
        except NotYours:
            return f"/supplier/bids/{id}"
    return f"/desk/projects/{id}"


def draw_page(viewer: Viewer, id: str, fresh: str = "", status: int = 200) -> Response[str]:
    """The draw of experts as this viewer may see it. fresh: a contribution just made, shown this once."""
    with viewer.centre.reading() as session:
        space = gather(session, viewer, id)
        if not space.draws and not any(task.tag == "experts.brief" for task in space.tasks):
            raise NotYours
        draw = space.draws[-1] if space.draws else None
        side = "agent" if "agent" in space.seen.roles else "buyer"
        own = next((one for one in draw.parties or () if one[0] == side), None) if draw else None
        unmarked = appraisal_reads.due(session, viewer.actor, id, viewer.now)
        briefing = next((task for task in space.tasks if task.tag == "experts.brief"), None)
        shown = {tag: shown_of(session, viewer, space, tag, None) for tag in sorted(COMMITTEE)}
    for tag in COMMITTEE - {"experts.brief"}:
        shown[tag].values["draw"] = draw.id if draw else ""
    return page(viewer, "agent/draw.html", status, space=space, seen=space.seen, draw=draw, own=own, briefing=briefing, shown=shown, appraisals=appraisals(unmarked, id), fresh=fresh, words=words)


assert set(NAMES.values()) - set(forms.FORMS) == set(), sorted(set(NAMES.values()) - set(forms.FORMS))

HANDLERS = [mine, new, workspace, act, draw, take, paper]
