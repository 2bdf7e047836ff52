"""Moving a booking as the board asks for it: what would change, or why not and what is free instead, before anything is done."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import NotYours, Refused, Text
from kernel.values import HOUR, day_of
from rooms import reads as rooms
from rooms.book import LAST, Slot
from rooms.move import Move, move
from rooms.taken import span_words
from web import forms
from web.admin.rooms import moves
from web.admin.rooms_booking import alternatives
from web.agent.presets import wall
from web.public import asked
from web.refusals import view
from web.viewer import page, viewer_of


@get("/rooms/bookings/{id:str}/move", sync_to_thread=True)
def confirm(request: Request[Any, Any, Any], id: str) -> Response[str]:
    """Tries the act and keeps nothing of it. room, start (ms), reason: where the bar was let go, the same place where none is given."""
    viewer = viewer_of(request)
    query = request.query_params
    if viewer.session is None:
        raise NotYours
    with viewer.centre.reading() as session:
        name, bar = rooms.booking(session, viewer.actor, id, viewer.now)
        if "rooms.move" not in moves(viewer, bar):
            raise NotYours
        to = rooms.place(session, viewer.actor, asked.text(query, "room") or bar.room, viewer.now)
    assert bar.kind and bar.seats  # whoever may move it sees both
    start, reason = asked.number(query, "start", LAST - 1) or bar.start, asked.text(query, "reason") or bar.late or ""
    end = min(start + bar.end - bar.start, LAST - 1)
    panel, rule, free = None, "", alternatives(id, None, reason)
    try:
        move.trial(viewer.centre, viewer.actor, Move(booking=id, to=Slot(
            kind=bar.kind, start=start, end=end, seats=bar.seats, room=to.room, wishes=bar.equipment or (), reason=reason)))
    except Refused as error:
        panel, rule = view(error, viewer.lang), error.reason.rule
        free = alternatives(id, error, reason)
        panel |= {"needed": Text("下列空闲时段之一", "One of the free slots below")} if free else {}
    values = {"booking": id, "kind": bar.kind, "start": wall(start), "hours": f"{(end - start) / HOUR:g}", "seats": str(bar.seats), "room": to.room, "reason": reason}
    return page(viewer, "admin/move.html", status=409 if panel else 200, id=id, name=name, bar=bar, to=to, start=start, span=span_words(start, end), reason=reason, free=free,
                refusal=panel, rule=rule, values=values, day=day_of(bar.start),
                form=forms.FORMS["rooms.move"], back=f"/rooms?day={day_of(start)}")


HANDLERS = [confirm]
