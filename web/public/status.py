"""The state of the platform for everybody: whether it works, and past outages with the rule by which they move deadlines."""
from datetime import date
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.values import day_of
from law.registry import in_force
from trading.incidents.procedure import PROCEDURE
from trading.incidents.reads import standing
from web.agent.presets import wall
from web.forms import FORMS, Shown
from web.viewer import Viewer, page, viewer_of

OPEN, CLOSE = "trading.incidents.open", "trading.incidents.close"


def rule(on: date) -> Any:
    return in_force("incidents.recovery_hours", on)


def offered(viewer: Viewer, stage: str) -> set[str]:
    """Tags of the acts on an outage at this stage that the reader's roles may take."""
    return {move.tag for move in PROCEDURE.open_moves(stage, viewer.roles)} if viewer.session else set()


@get("/status", sync_to_thread=True)
def status(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        rows = standing(session, viewer.now)
    running = [row for row in rows if row.until is None]
    begin = Shown(FORMS[OPEN], {"since": wall(viewer.now)}, next="/status") if OPEN in offered(viewer, "none") else None
    ends = {row.id: Shown(FORMS[CLOSE], {"incident": row.id, "until": wall(viewer.now)}, next="/status") for row in running} if CLOSE in offered(viewer, "open") else {}
    return page(viewer, "public/status.html", rows=rows, running=running, begin=begin, ends=ends, rule=rule(day_of(viewer.now)))


HANDLERS = [status]
