"""The supervising office: the board of rooms, one session behind a watched read, the wall, and what it may order."""
from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Response

from evaluation.area import reads as area
from evaluation.area.rules import FINDINGS
from evaluation.area.wall_reads import Tile, own_field_tenders, place, wall
from experts.call_reads import contributions_due
from kernel.errors import NotYours, Text
from kernel.ledger import reads as ledger
from kernel.values import HOUR, MINUTE
from law.grounds import LABELS
from trading.projects import reads as projects
from trading.sealing.reads import custodians
from web.forms import FORMS, Shown
from web.public.words import stage as stage_words
from web.viewer import Viewer, page, viewer_of

SLOTS = 15  # tiles of a wall: three columns of five
BAD = {"recording_gap", "shape_broken"}  # alarms that stop an evaluation; the others want a look


def office(request: Request[Any, Any, Any]) -> Viewer:
    viewer = viewer_of(request)
    if viewer.session is None or not viewer.roles & {"regulator", "auditor"}:
        raise NotYours
    return viewer


def spent(tile: Tile, now: int) -> str:
    minutes = (now - tile.since) // MINUTE if tile.since is not None else 0
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def drawn(tile: Tile, now: int) -> dict[str, Any]:
    """A tile as the wall's macro takes it. Colour only where somebody should look."""
    if not tile.session:
        return {"name": tile.room, "state": "idle", "note": Text("空闲", "Free")}
    state, alarm = "normal", None
    if tile.halted:
        state, alarm = "warn", Text("已暂停", "On hold")
    if tile.alarms:
        state = "bad" if {a.rule for a in tile.alarms} & BAD else "warn"
        alarm = tile.alarms[0].words
    stage = Text(f"{tile.phase.zh} · {tile.code}", f"{tile.phase.en} · {tile.code}") if tile.phase else Text(tile.code, tile.code)
    return {"name": tile.room, "state": state, "alarm": alarm, "stage": stage, "present": tile.present or 0, "seats": tile.seats or 0,
            "spent": spent(tile, now), "done": tile.done, "total": tile.total}


def alarm_figures(figures: dict[str, object] | None) -> Text:
    """The figures that met an alarm's rule, in words."""
    said = {"minutes": ("{} 分钟", "{} minutes"), "gaps": ("缺口 {} 处", "{} gaps"), "door": ("门 {}", "door {}")}
    rows = [(zh.format(value), en.format(value)) for key, value in (figures or {}).items() for zh, en in [said.get(key, ("", ""))] if zh]
    return Text("，".join(zh for zh, _ in rows), ", ".join(en for _, en in rows))


def counts(tiles: tuple[Tile, ...]) -> dict[str, int]:
    alarms = [a for tile in tiles for a in tile.alarms]
    bad = sum(a.rule in BAD for a in alarms)
    busy = sum(bool(tile.session) for tile in tiles)
    return {"busy": busy, "free": len(tiles) - busy, "bad": bad, "warn": len(alarms) - bad + sum(bool(t.halted) for t in tiles)}


@get("/regulator", sync_to_thread=True)
def board(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = office(request)
    supervises = "regulator" in viewer.roles
    with viewer.centre.reading() as session:
        tiles = wall(session, viewer.actor, viewer.now) if supervises else ()
        data: dict[str, Any] = {
            "due": contributions_due(session, viewer.actor, viewer.now) if supervises else (), "tenders": own_field_tenders(session, viewer.actor, viewer.now),
            "custodians": [(row.name, row.party, row.employer) for row in custodians(session)], "head": ledger.head(viewer.centre, session),
        }
    forms = {"enrol": Shown(FORMS["trading.sealing.enrol_custodian"], next="/regulator")} if supervises else {}
    return page(viewer, "regulator/board.html", tiles=[(tile, drawn(tile, viewer.now)) for tile in tiles], counts=counts(tiles), forms=forms, acts=FORMS, shown=Shown,
                supervises=supervises, stage_words=stage_words, labels=LABELS, figures_of=alarm_figures, bad=BAD, **data)


@get("/regulator/wall", sync_to_thread=True)
def big(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = office(request)
    with viewer.centre.reading() as session:
        tiles = wall(session, viewer.actor, viewer.now)
        head = ledger.head(viewer.centre, session)
    shown = [drawn(tile, viewer.now) for tile in tiles[:SLOTS]]
    alarms = sorted(((a, tile) for tile in tiles for a in tile.alarms), key=lambda pair: (pair[0].rule not in BAD, -pair[0].raised))
    return page(viewer, "regulator/wall.html", tiles=shown, counts=counts(tiles), alarms=alarms[:4], more=max(0, len(alarms) - 4), head=head, bad=BAD, figures_of=alarm_figures)


@get("/regulator/sessions/{id:str}", sync_to_thread=True)
def session_page(request: Request[Any, Any, Any], id: str) -> Response[str]:
    """Masked without a fresh entry; whole for the fifteen minutes that an entry opens for this person."""
    viewer = office(request)
    here = f"/regulator/sessions/{id}"
    with viewer.centre.reading() as session:
        found = place(session, viewer.actor, id, viewer.now)
        try:
            seen = area.regulator_board(session, viewer.actor, found.project, viewer.now)
        except NotYours:
            seen = None
        tender = projects.view(session, viewer.actor, found.project, viewer.now) if seen else None
    forms = {
        "watch": Shown(FORMS["evaluation.area.watch"], {"room": id}, next=here),
        "halt": None if found.halted else Shown(FORMS["evaluation.halt"], {"room": id}, next=here),
        "resume": Shown(FORMS["evaluation.resume"], {"room": id}, next=here) if found.halted else None,
    }

    def settle(alarm: str) -> Shown:
        return Shown(FORMS["evaluation.area.settle_alarm"], {"alarm": alarm}, next=here)

    return page(viewer, "regulator/session.html", found=found, seen=seen, tender=tender, forms=forms, here=here, settle=settle, labels=LABELS, findings=FINDINGS,
                figures_of=alarm_figures, hour=HOUR, watched_from=seen.until - 15 * MINUTE if seen else None)


@get("/regulator/tenders/{code:str}", sync_to_thread=True)
def tender_page(request: Request[Any, Any, Any], code: str) -> Response[str] | Redirect:
    """Suspending a tender of the own field by an order, and lifting it."""
    viewer = office(request)
    with viewer.centre.reading() as session:
        seen = projects.by_code(session, viewer.actor, code, viewer.now)
    if "regulator" not in seen.roles or seen.published_at is None:
        raise NotYours
    here = f"/regulator/tenders/{seen.code}"
    tag = "trading.projects.resume" if seen.suspended else "trading.projects.suspend"
    offered = {move.tag for move in seen.moves}
    return page(viewer, "regulator/tender.html", seen=seen, act=Shown(FORMS[tag], {"project": seen.id}, next=here) if tag in offered else None, labels=LABELS, stage_words=stage_words)


HANDLERS = [board, big, session_page, tender_page]
