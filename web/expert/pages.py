"""The call to an expert and the seat of a committee's member. Seats open at terminals of the evaluation area alone."""
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Response, Stream

from evaluation import reads, seat_reads
from evaluation.pledge import TEXT
from evaluation.reads import PHASES, STEMS
from experts.call_reads import called
from experts.reads import own_view
from kernel.errors import NotYours, Text
from kernel.values import local
from law.grounds import LABELS
from law.roles import name as role_name
from trading.projects import reads as projects
from web.expert.acts import coded, grounds
from web.expert.seat import Seat, figure, ribbon, tasks
from web.forms import FORMS, Shown
from web.viewer import Viewer, page, signed_in, viewer_of

BRANCHES = {"A": Text("工程", "Works"), "B": Text("货物", "Goods"), "C": Text("服务", "Services")}
SHOWN_INLINE = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
# a bidder's file is looked at inside the seat's page, and can neither load nor run anything
PAPER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"


@get("/call/{token:str}", sync_to_thread=True)
def call(request: Request[Any, Any, Any], token: str) -> Response[str]:
    """No log-in, no tender, no name: a link may be opened by whoever holds the phone."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        seen = called(session, token, viewer.now)
    shown = {yes: Shown(FORMS["experts.reply"], {"token": token, "accepts": yes}, next=f"/call/{token}") for yes in ("yes", "no")}
    return page(viewer, "expert/call.html", seen=seen, shown=shown, branch=BRANCHES[seen.category[0]], ends=seen.at + seen.hours * 3_600_000,
                today=local(seen.at).date() == local(viewer.now).date())


@get("/seat", sync_to_thread=True)
def seats(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        found = seat_reads.sittings(session, viewer.actor, viewer.now)
        try:
            expert = own_view(session, viewer.actor.id, viewer.now)
        except NotYours:
            expert = None
    tie = Shown(FORMS["experts.declare_relations"], next="/seat") if expert else None
    return page(viewer, "expert/seats.html", tie=tie, found=found, expert=expert, phases=PHASES, inside=viewer.actor.channel == "area", branches=BRANCHES)


@dataclass(frozen=True)
class Gathered:
    """All that the seat's pages draw from, read in one session of the database."""

    sitting: seat_reads.Sitting
    own: reads.OwnSeat
    table: seat_reads.Table
    tender: projects.ProjectView
    grid: reads.Grid | None
    totals: tuple[reads.TotalLine, ...] | None
    questions: tuple[reads.QuestionView, ...]
    scheme: tuple[tuple[str, str, str, str], ...]


def gather(viewer: Viewer, id: str) -> Gathered:
    centre = viewer.centre
    with centre.reading() as session:
        sitting = seat_reads.sitting(session, viewer.actor, id, viewer.now)
        at = (session, viewer.actor, sitting.project, viewer.now)
        own = reads.own_seat(*at)
        try:
            grid = reads.scoring_grid(session, centre.secret("masks"), *at[1:])
        except NotYours:
            grid = None
        return Gathered(
            sitting, own, seat_reads.table(centre, *at), projects.view(*at), grid, reads.totals(*at),
            reads.questions(*at) if own.declared else (), seat_reads.scheme_lines(session, sitting.project))


def said(value: object) -> str:
    """A score in figures; nothing where there is none."""
    return figure(value) if isinstance(value, Decimal) else ""


def show(viewer: Viewer, id: str, asked: dict[str, str], status: int = 200, **more: Any) -> Response[str]:
    """The page of the session's stage. asked: which bid, item and file lie open; more: a refusal and what was typed."""
    given = gather(viewer, id)
    here = f"/seat/{id}"
    seat = Seat(given, here)
    bidder = next((b for b in given.table.bidders if b.stem and b.stem == asked.get("bid")), None) or next((b for b in given.table.bidders if b.stem), None)
    files: tuple[seat_reads.BidFile, ...] = ()
    if bidder is not None and given.own.declared and given.own.stage != "sealed":
        with viewer.centre.reading() as session:
            files = seat_reads.files(viewer.centre, session, viewer.actor, given.sitting.project, bidder.bid, viewer.now)
    data = {
        "seen": given, "seat": seat, "here": here, "ribbon": ribbon(given), "tasks": tasks(given), "bidder": bidder, "files": files, "pledge": TEXT,
        "opened": next((f for f in files if f"{f.part}-{f.number}" == asked.get("file")), files[0] if files else None),
        "phases": PHASES, "labels": LABELS, "role_name": role_name, "refusal": None, "typed": {}, "grounds": grounds(given.tender.field),
        "returns": coded("scoring.return_grounds"), "tender": given.tender, "seat_figure": said,
    } | more
    if given.own.stage == "scoring" and given.grid and given.grid.items and given.grid.state == "draft" and not given.own.halted:
        cell = seat.cell(bidder, asked.get("item", ""))
        return page(viewer, "expert/scoring.html", status=status, **data, **cell)
    return page(viewer, "expert/seat.html", status=status, **data)


@get("/seat/{id:str}", sync_to_thread=True)
def seat(request: Request[Any, Any, Any], id: str) -> Response[str]:
    viewer = viewer_of(request)
    return show(viewer, id, dict(request.query_params.items()))


@get("/seat/{id:str}/hand-in", sync_to_thread=True)
def check_sheet(request: Request[Any, Any, Any], id: str) -> Response[str] | Redirect:
    """The first of two steps: the sheet whole, as it will be signed."""
    viewer = viewer_of(request)
    given = gather(viewer, id)
    if given.grid is None or given.grid.state != "draft":
        return Redirect(f"/seat/{id}", status_code=303)
    form = Shown(FORMS["evaluation.hand_in"], {"project": given.sitting.project, "sheet": given.grid.sheet, "content": given.grid.content}, next=f"/seat/{id}")
    return page(viewer, "expert/hand_in.html", seen=given, here=f"/seat/{id}", form=form, seat_figure=said)


@get("/seat/{id:str}/report", sync_to_thread=True)
def report(request: Request[Any, Any, Any], id: str) -> Stream:
    viewer = viewer_of(request)
    own = gather(viewer, id).own
    if own.report_blob is None:
        raise NotYours
    data = viewer.centre.blobs.get(own.report_blob)
    return Stream(iter([data]), media_type="application/pdf", headers={
        "Content-Disposition": f'inline; filename="report-{own.code}.pdf"', "Content-Length": str(len(data)), "Cache-Control": "no-store"})


@get("/seat/{id:str}/files/{stem:str}/{part:str}/{number:int}", sync_to_thread=True)
def paper(request: Request[Any, Any, Any], id: str, stem: str, part: str, number: int) -> Stream:
    """One file of a bid. What is no PDF or picture is only handed out, under a neutral name."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        sitting = seat_reads.sitting(session, viewer.actor, id, viewer.now)
        table = seat_reads.table(viewer.centre, session, viewer.actor, sitting.project, viewer.now)
        bid = next((b.bid for b in table.bidders if b.stem == stem), "")
        found, data = seat_reads.file(viewer.centre, session, viewer.actor, sitting.project, bid, part, number, viewer.now)
    first = next(data, b"")
    media = next((kind for front, kind in SHOWN_INLINE.items() if first.startswith(front)), "")
    name = f"{part}-{STEMS.index(stem) + 1 if stem in STEMS else stem}-{number + 1}"

    def whole() -> Iterator[bytes]:
        yield first
        yield from data

    return Stream(whole(), media_type=media or "application/octet-stream", headers={
        "Content-Disposition": f'{"inline" if media else "attachment"}; filename="{name}"', "Content-Length": str(found.size),
        "Content-Security-Policy": PAPER_POLICY, "Cache-Control": "no-store"})


HANDLERS = [call, seats, seat, check_sheet, report, paper]
