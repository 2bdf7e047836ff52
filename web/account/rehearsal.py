"""Only in a rehearsal: its clock, and the messages as they would have left. A real centre answers 404 to all of it."""
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Response

from kernel import inbox as messages
from kernel.command import SYSTEM
from kernel.errors import Malformed, NotYours, Text
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from kernel.values import DAY, HOUR, MINUTE
from trading.projects.listing import PHASES, Filter, openings, public_list
from web.acts import check_csrf, posted
from web.public import words
from web.viewer import Viewer, page, see_other, viewer_of

STEPS = {"minute": MINUTE, "ten": 10 * MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}
NEXT = "deadline"  # one second past the next public deadline


def in_rehearsal(request: Request[Any, Any, Any]) -> Viewer:
    viewer = viewer_of(request)
    if not viewer.centre.rehearsal:
        raise NotYours
    return viewer


def next_deadline(viewer: Viewer) -> int | None:
    with viewer.centre.reading() as session:
        coming = openings(session, viewer.now + 1, viewer.now + 400 * DAY, viewer.now)
    return next((row.deadline for row in coming if row.stage == "inviting" and not row.suspended), None)


@get("/rehearsal", sync_to_thread=True)
def rehearsal(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = in_rehearsal(request)
    with viewer.centre.reading() as session:
        stages = [(words.PHASES[phase], public_list(session, viewer.now, Filter(phase=phase), size=50).rows) for phase in PHASES]
    return page(viewer, "account/rehearsal.html", stages=stages, coming=next_deadline(viewer), words=words)


@post("/rehearsal/step", status_code=200)
async def forward(request: Request[Any, Any, Any]) -> Redirect:
    values = await posted(request)
    return await sync_to_thread(stepped, request, values)


def stepped(request: Request[Any, Any, Any], values: dict[str, Any]) -> Redirect:
    """Everything due is done before the clock jumps and after it."""
    viewer = in_rehearsal(request)
    check_csrf(viewer, values)
    wanted = str(values.get("step", ""))
    settle(viewer.centre)
    now = viewer.centre.now()
    coming = next_deadline(viewer) if wanted == NEXT else None
    ahead = max(1, coming - now + 1000) if coming else STEPS.get(wanted)
    if ahead is None:
        raise Malformed("step", Text("没有这样的步长，或没有未到的截止时间", "No such step, or no deadline ahead"))
    step(viewer.centre, SYSTEM, Step(forward=ahead))
    settle(viewer.centre)
    return see_other("/rehearsal?done=kernel.rehearsal.step")


@get("/outbox", sync_to_thread=True)
def outbox(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = in_rehearsal(request)
    with viewer.centre.reading() as session:
        rows = messages.outbox(viewer.centre, session)
    return page(viewer, "account/outbox.html", rows=rows)


HANDLERS = [rehearsal, forward, outbox]
