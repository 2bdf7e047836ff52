"""What is free on a day for a session of some size and length, and nothing of who has the rest."""
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Text
from kernel.values import HOUR, day_of
from rooms import reads as rooms
from rooms.taken import Free
from web.public import asked
from web.viewer import page, signed_in

KINDS = (("opening", Text("开标室", "Opening rooms")), ("evaluation", Text("评标室", "Evaluation rooms")))
SEATS, LONGEST = 500, 24


def hours(text: str) -> Decimal:
    """Hours as typed, two where nothing sensible is."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return Decimal(2)
    return found if found.is_finite() and Decimal("0.25") <= found <= LONGEST else Decimal(2)


@get("/rooms/free", sync_to_thread=True)
def free(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = signed_in(request)
    query = request.query_params
    day = asked.day(query, "day") or day_of(viewer.now)
    kind = asked.one_of(query, "kind", [code for code, _ in KINDS]) or "opening"
    seats = asked.number(query, "seats", SEATS) or 1
    length = hours(query.get("hours", ""))
    with viewer.centre.reading() as session:
        found = rooms.free_slots(session, viewer.actor, day, kind, seats, int(length * HOUR), viewer.now, bool(query.get("late")))
    lines: dict[str, tuple[Text, list[Free]]] = {}
    for one in found:
        lines.setdefault(one.room, (one.name, []))[1].append(one)
    return page(viewer, "agent/free.html", lines=list(lines.values()), kinds=KINDS, day=day, kind=kind, seats=seats, hours=f"{length:f}", late=bool(query.get("late")))


HANDLERS = [free]
