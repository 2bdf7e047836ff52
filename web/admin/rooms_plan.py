"""The room manager's what-if: what would change on a day or in a week, read first and then carried out as it was read."""
from datetime import date, timedelta
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Response

from kernel.errors import NotYours, Refused, Stale
from kernel.values import DAY, day_of, instant
from rooms.carry_out import carry_out
from rooms.proposal import Closing, Proposal, proposed
from web.acts import check_csrf, posted
from web.admin.booking_forms import places
from web.public import asked
from web.refusals import view
from web.viewer import Viewer, page, see_other, viewer_of

SPANS = ("day", "week")


def window(query: Any, today: date) -> tuple[str, date, date]:
    """What the page is about: a day, or Monday to Sunday of it."""
    span = asked.one_of(query, "span", SPANS) or "day"
    day = asked.day(query, "day") or today
    first = day - timedelta(days=day.weekday()) if span == "week" else day
    return span, first, first + timedelta(days=6 if span == "week" else 0)


def read(viewer: Viewer, query: Any) -> tuple[str, str, Proposal]:
    """span, the room thought away, and the proposal. NotYours: not the room manager."""
    if viewer.session is None:
        raise NotYours
    span, first, last = window(query, day_of(viewer.now))
    room = asked.one_of(query, "close", [id for id, *_ in places(viewer)])
    closing = Closing(room, instant(first), instant(last) + DAY) if room else None
    with viewer.centre.reading() as session:
        return span, room, proposed(session, viewer.actor, first, last, viewer.now, closing)


def shown(viewer: Viewer, query: Any, status: int = 200, **more: Any) -> Response[str]:
    span, room, found = read(viewer, query)
    step = timedelta(days=7 if span == "week" else 1)
    return page(viewer, "admin/plan.html", status=status, found=found, span=span, close=room, rooms=places(viewer), since=instant(found.first), until=instant(found.last),
                earlier=(found.first - step).isoformat(), later=(found.first + step).isoformat(), link=asked.link, **more)


@get("/rooms/plan", sync_to_thread=True)
def plan(request: Request[Any, Any, Any]) -> Response[str]:
    return shown(viewer_of(request), request.query_params)


@post("/rooms/plan", status_code=200)
async def apply(request: Request[Any, Any, Any]) -> Response[Any] | Redirect:
    values = await posted(request)
    return await sync_to_thread(applied, request, values)


def applied(request: Request[Any, Any, Any], values: dict[str, Any]) -> Response[Any] | Redirect:
    """Only the proposal that was read is carried out: what has changed since is shown anew."""
    viewer = viewer_of(request)
    query = {name: str(values.get(name, "")) for name in ("day", "span", "close")}
    _, _, found = read(viewer, query)
    check_csrf(viewer, values)
    if found.digest != values.get("digest"):
        raise Stale
    try:
        done = carry_out(viewer.centre, viewer.actor, found)
    except Refused as refusal:
        return shown(viewer, query, 409, refusal=view(refusal, viewer.lang))
    if len(done) < len(found.rows):
        return shown(viewer, query, 409, carried=len(done))
    return see_other(asked.link("/rooms/plan", **query) + "&done=rooms.move")


HANDLERS = [plan, apply]
