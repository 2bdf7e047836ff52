"""Receipts: the page, the file that proves the bid anywhere, the ledger's proof alone, and the PDF."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.canonical import canon
from kernel.documents.render import pdf
from kernel.errors import NotYours, Stale
from kernel.values import show_time
from trading.bids import reads
from trading.bids.receipt import receipt, receipts
from web.supplier.answers import an_id
from web.supplier.bids import PARTS
from web.viewer import Viewer, page, viewer_of


def found(viewer: Viewer, bid: str) -> tuple[reads.Workspace, reads.OwnBid, dict[str, Any] | None]:
    """The tender, the own bid and its receipt; None while it is not ready. NotYours for anybody else's."""
    if viewer.session is None:
        raise NotYours
    with viewer.centre.reading() as session:
        project = reads.project_of(session, viewer.actor, an_id(bid))
        space = reads.workspace(session, viewer.actor, project, viewer.now)
        own = next(one for one in space.bids if one.id == bid)
        return space, own, receipt(viewer.centre, session, viewer.actor, bid)


def ready(viewer: Viewer, bid: str) -> tuple[reads.Workspace, reads.OwnBid, dict[str, Any]]:
    space, own, made = found(viewer, bid)
    if made is None:
        raise Stale  # the page offers nothing to take before
    return space, own, made


@get("/supplier/receipts/{bid:str}", sync_to_thread=True)
def shown(request: Request[Any, Any, Any], bid: str) -> Response[str]:
    viewer = viewer_of(request)
    space, own, made = found(viewer, bid)
    with viewer.centre.reading() as session:
        line = next(line for line in receipts(viewer.centre, session, viewer.actor, space.project) if line.bid == bid)
    newer = min((one.version for one in space.bids if one.version > own.version and one.lot == own.lot), default=None)
    return page(viewer, "supplier/receipt.html", space=space, own=own, made=made, number_text=line.number, newer=newer, parts=PARTS)


@get("/supplier/receipts/{bid:str}/file", sync_to_thread=True)
def file(request: Request[Any, Any, Any], bid: str) -> Response[bytes]:
    _, _, made = ready(viewer_of(request), bid)
    return sent(canon(made), "application/json", f"{made['number']}.receipt.json")


@get("/supplier/receipts/{bid:str}/proof", sync_to_thread=True)
def proof(request: Request[Any, Any, Any], bid: str) -> Response[bytes]:
    _, _, made = ready(viewer_of(request), bid)
    return sent(made["proof"].encode(), "text/plain; charset=utf-8", f"{made['position']}.tlog-proof")


@get("/supplier/receipts/{bid:str}/pdf", sync_to_thread=True)
def printed(request: Request[Any, Any, Any], bid: str) -> Response[bytes]:
    viewer = viewer_of(request)
    space, own, made = ready(viewer, bid)
    facts = [
        {"zh": "收到时间", "en": "Received", "value": show_time(own.received, seconds=True)},
        {"zh": "版本", "en": "Version", "value": str(own.version)},
        *({"zh": f"{PARTS[part].zh}摘要", "en": f"{PARTS[part].en}: digest", "value": digest} for part, digest in sorted(own.digests.items()) if part != "price"),
    ]
    data = {"moment": own.received, "code": space.code, "project": space.title, "receipt": made["number"], "facts": facts,
            "digest": own.digests["price"], "position": str(made["position"]), "witnesses": str(made["witnesses"])}
    return sent(pdf(viewer.centre, "receipt", data, viewer.lang), "application/pdf", f"{made['number']}.pdf")


def sent(data: bytes, media: str, name: str) -> Response[bytes]:
    """A download under a name that tells nothing of the tender."""
    return Response(data, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


HANDLERS = [shown, file, proof, printed]
