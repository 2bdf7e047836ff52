"""The opening hall: one page for everybody, each with what he may know; its wall, and the signed record."""
from collections.abc import Iterator
from typing import Any

from litestar import Request, get
from litestar.response import Response, Stream

from kernel.archive import archive
from kernel.command import PUBLIC
from kernel.errors import NotYours, Text
from trading.asks import opening_place
from trading.opening import hall_reads, reads
from trading.opening import proofs as opening_proofs
from trading.opening.record import STATES, Line
from trading.projects import reads as projects
from trading.sealing import reads as sealing
from web.forms import FORMS, Shown
from web.hall import draws
from web.hall.steps import headline, party_words, per_bid, place_of, rescues, ribbon, sitting, steps, waits
from web.public.words import COLUMNS
from web.refusals import cited
from web.viewer import Viewer, page, viewer_of

ITEMS = {**COLUMNS, "manager": Text("项目负责人", "Project manager"), "brand": Text("品牌", "Brand"), "small_firm": Text("小微企业", "Small firm")}
PER_WALL = 8
TURN = 15_000  # ms for which a wall shows one screenful


def gather(viewer: Viewer, code: str) -> dict[str, Any]:
    """Everything both pages show. NotYours before the notice."""
    with viewer.centre.reading() as session:
        tender = projects.by_code(session, viewer.actor, code, viewer.now)
        seen = reads.hall(viewer.centre, session, viewer.actor, tender.id, viewer.now)
        try:
            ceremony = sealing.view(session, viewer.actor, tender.id, viewer.now)
        except NotYours:
            ceremony = None
        return {
            "tender": tender, "seen": seen, "repeat": opening_proofs.offered(session, viewer.actor, tender.id, viewer.now), "own": hall_reads.own(session, viewer.actor, tender.id, viewer.now),
            "place": opening_place(session, tender.id), "record_at": hall_reads.record_place(session, tender.id) if seen.signed else None,
            "k": ceremony.k if ceremony else None, "key": ceremony.key if ceremony else "", "parties": {line.number: line.party for line in ceremony.custodians} if ceremony else {},
            "states": {key: Text(*words) for key, words in STATES.items()}, "headline": headline(seen, ceremony.k if ceremony else None),
            "ribbon": ribbon(seen), "here": place_of(seen), "items": item_columns(seen.lines), "party_words": party_words,
            "waits": waits(seen, viewer.now), "sitting": sitting(seen), "under": cited(seen.too_few, viewer.lang),
        }


def item_columns(lines: tuple[Line, ...] | None) -> list[tuple[str, Text]]:
    """The other lines of the price forms, in the order in which they first stand."""
    names = dict.fromkeys(name for line in lines or () for name, _ in line.items)
    return [(name, ITEMS.get(name, Text(name, name))) for name in list(names)[:4]]


@get("/openings/{code:str}", sync_to_thread=True)
def hall(request: Request[Any, Any, Any], code: str) -> Response[str]:
    viewer = viewer_of(request)
    data = gather(viewer, code)
    here = f"/openings/{data['tender'].code}"
    offered = steps(data["tender"].procedure, data["seen"], data["own"], viewer.now, here)

    def answer_form(objection: str) -> Shown:
        return Shown(FORMS["trading.opening.answer"], {"project": data["seen"].project, "objection": objection}, next=here)

    failing = per_bid(data["seen"], data["own"], viewer.now, here)
    return page(viewer, "hall/hall.html", answer_form=answer_form, steps=offered, failing=failing, rescues=rescues(data["tender"].rescue, data["seen"], data["k"], failing),
                here_url=here, **data)


@get("/openings/{code:str}/wall", sync_to_thread=True)
def wall(request: Request[Any, Any, Any], code: str) -> Response[str]:
    """The screen in the room. It shows what the public sees and nothing of the person whose machine drives it."""
    viewer = viewer_of(request)
    public = Viewer(viewer.centre, PUBLIC, None, frozenset({"public"}), viewer.lang, viewer.theme, "", viewer.now, viewer.path, viewer.csrf)
    data = gather(public, code)
    lines = data["seen"].lines or ()
    screens = max(1, -(-len(lines) // PER_WALL))
    at = viewer.now // TURN % screens
    return page(public, "hall/wall.html", shown=lines[at * PER_WALL:(at + 1) * PER_WALL], screen=at + 1, screens=screens,
                address=f"{viewer.centre.settings.origin_url}/openings/{data['tender'].code}", **data)


@get("/openings/{code:str}/record", sync_to_thread=True)
def record(request: Request[Any, Any, Any], code: str) -> Stream:
    """The signed record, to those whom the hall gives it."""
    return _record(viewer_of(request), code, second=False)


@get("/openings/{code:str}/prices", sync_to_thread=True)
def price_record(request: Request[Any, Any, Any], code: str) -> Stream:
    """Of two envelopes, the record of the second."""
    return _record(viewer_of(request), code, second=True)


def _record(viewer: Viewer, code: str, second: bool) -> Stream:
    with viewer.centre.reading() as session:
        tender = projects.by_code(session, viewer.actor, code, viewer.now)
        seen = reads.hall(viewer.centre, session, viewer.actor, tender.id, viewer.now)
    blob = seen.price_record if second else seen.record
    if blob is None:
        raise NotYours
    data = viewer.centre.blobs.get(blob)
    pdf = data.startswith(b"%PDF-")

    def once() -> Iterator[bytes]:
        yield data

    return Stream(once(), media_type="application/pdf" if pdf else "application/json", headers={
        "Content-Disposition": f'attachment; filename="{tender.code}-{"prices" if second else "opening"}.{"pdf" if pdf else "json"}"', "Content-Length": str(len(data)), "Cache-Control": "no-cache"})


@get("/openings/{code:str}/proofs", sync_to_thread=True)
def proofs(request: Request[Any, Any, Any], code: str) -> Response[bytes]:
    """What repeats the decryptions, for `mingbiao verify`, to those who may have it."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        tender = projects.by_code(session, viewer.actor, code, viewer.now)
        found = opening_proofs.proofs(viewer.centre, session, viewer.actor, tender.id, viewer.now)
    return Response(archive(found), media_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="{tender.code}-opening.zip"', "Cache-Control": "no-store"})


HANDLERS = [hall, wall, record, price_record, proofs, *draws.HANDLERS]
