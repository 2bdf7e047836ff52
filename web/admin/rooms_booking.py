"""One booking: where it stands, what can be done with it now, and what is free where its slot is not."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Refused
from kernel.values import HOUR, day_of
from rooms import apart_reads
from rooms import reads as rooms
from rooms import way_reads as ways
from rooms.ask_way import AskWay, ask_way
from rooms.hold import Hold, hold
from rooms.release import Release, release
from rooms.wait import Wait, wait
from web import forms
from web.admin.rooms import STATES, moves
from web.agent.presets import wall
from web.public import asked
from web.refusals import view
from web.viewer import Viewer, page, signed_in

TRIED = {"rooms.hold": (hold, Hold), "rooms.wait": (wait, Wait), "rooms.ask_way": (ask_way, AskWay), "rooms.release": (release, Release)}
HERE = ("rooms.hold", "rooms.wait", "rooms.ask_way", "rooms.give_way", "rooms.keep_apart")  # acts that lead back to this page


def refused(viewer: Viewer, tag: str, id: str) -> Refused | None:
    """Why the act would be refused at this moment; nothing of the trial is kept."""
    act, cmd = TRIED[tag]
    try:
        act.trial(viewer.centre, viewer.actor, cmd(booking=id))
    except Refused as error:
        return error
    return None


def alternatives(id: str, error: Refused | None, reason: str) -> list[dict[str, Any]]:
    """The free slots that a refusal names, each as the address that asks before it moves there."""
    found = error.reason.values.get("alternatives", ()) if error else ()
    return [{"words": one["words"], "href": asked.link(f"/rooms/bookings/{id}/move", room=one["room"], start=one["start"], reason=reason)} for one in found]


@get("/rooms/bookings/{id:str}", sync_to_thread=True)
def booking(request: Request[Any, Any, Any], id: str) -> Response[str]:
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        name, bar = rooms.booking(session, viewer.actor, id, viewer.now)
        requests = ways.requests(session, viewer.actor, id, viewer.now)
        kept_from = apart_reads.kept_apart(session, viewer.actor, id)
    act = asked.one_of(request.query_params, "act", ("move", "overrule", "release", "keep_apart"))
    offered = moves(viewer, bar)
    queued = bar.waits is not None and bar.offered is None
    errors = {tag: refused(viewer, tag, id) for tag in offered if tag in TRIED and not (tag == "rooms.wait" and queued)}
    wanted = next((one for one in requests if not one.mine), None)
    can = [tag for tag in offered if tag != "rooms.give_way" or wanted]
    can = [tag for tag in can if tag not in TRIED or (tag in errors and errors[tag] is None)]
    taken = errors.get("rooms.hold")
    values = {"booking": id, "way": wanted.way if wanted else "", "kind": bar.kind, "seats": str(bar.seats), "start": wall(bar.start), "hours": f"{(bar.end - bar.start) / HOUR:g}", "room": "", "apart": "yes"}
    onward = {tag: f"/rooms/bookings/{id}" if tag in HERE else f"/rooms?day={day_of(bar.start)}" for tag in can}
    shown = {tag: forms.Shown(forms.FORMS[tag], values, {}, onward[tag]) for tag in can}
    kept = bar.offered is not None and bar.offered > viewer.now
    return page(viewer, "admin/booking.html", room=name, bar=bar, shown=shown, act=f"rooms.{act}" if act else "", states=STATES, id=id, day=day_of(bar.start),
                queued=queued, kept=kept, kept_from=kept_from, passed=bar.offered is not None and not kept, wanted=wanted, asked=[one for one in requests if one.mine], taken=view(taken, viewer.lang) if taken else None,
                free=alternatives(id, taken, bar.late or "") if "rooms.move" in can else [])


HANDLERS = [booking]
