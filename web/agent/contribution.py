"""A party's contribution made on the server: in a rehearsal only, where signing happens by itself as well.

In a real centre a party makes it with its own program, so that nobody else ever holds the value before the reveal.
"""
import os
from typing import Any

from litestar import Request, post
from litestar.response import Response

from experts import reads as experts
from experts.commit import Commit, commit
from experts.contribution import contribute
from kernel.errors import NotYours, Stale
from trading.sealing import reads as sealing
from web.acts import check_csrf, posted
from web.agent.projects import draw_page
from web.viewer import signed_in


@post("/desk/projects/{id:str}/draw/contribute", status_code=200)
async def make(request: Request[Any, Any, Any], id: str) -> Response[Any]:
    from litestar.concurrency import sync_to_thread

    values = await posted(request)
    return await sync_to_thread(made, request, id, values)


def made(request: Request[Any, Any, Any], id: str, values: dict[str, Any]) -> Response[Any]:
    """Commits to 32 fresh bytes and shows them once. NotYours in a real centre."""
    viewer = signed_in(request)
    check_csrf(viewer, values)
    if not viewer.centre.rehearsal:
        raise NotYours
    with viewer.centre.reading() as session:
        found = experts.draws(session, viewer.actor, id, viewer.now)
        ceremony = sealing.ready_ceremony(session, id)
    if not found or ceremony is None:
        raise Stale
    party = side_of(found[-1], viewer.actor.org, viewer)
    one = contribute(found[-1].id, party, ceremony.key, os.urandom)
    commit(viewer.centre, viewer.actor, Commit(draw=found[-1].id, commit=one.commit, blob=viewer.centre.blobs.put(one.sealed).key))
    return draw_page(viewer, id, fresh=one.value)


def side_of(draw: experts.DrawView, org: str | None, viewer: Any) -> str:
    """The named party for which the viewer speaks."""
    named = {party for party, _, _ in draw.parties or ()}
    if "regulator" in viewer.roles and "regulator" in named:
        return "regulator"
    side = next((party for party in ("agent", "buyer") if party in named and org), "")
    if not side:
        raise NotYours
    return side


HANDLERS = [make]
