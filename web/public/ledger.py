"""The ledger for everybody: its head, its leaves, proofs to take away, and the files by which outsiders mirror it."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.canonical import canon, parse
from kernel.errors import NotYours
from kernel.ledger import reads, tiles
from web.public import asked, words
from web.viewer import page, viewer_of

PLAIN = "text/plain; charset=utf-8"
FOREVER = "public, max-age=31536000, immutable"


@get("/ledger", sync_to_thread=True)
def ledger(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    before = asked.number(request.query_params, "before")
    with viewer.centre.reading() as session:
        head = reads.head(viewer.centre, session)
        rows = reads.leaves(session, viewer.actor, viewer.now, before)
    return page(viewer, "public/ledger.html", head=head, rows=rows, before=before, words=words, origin=viewer.centre.origin,
                vkey=viewer.centre.ledger_key.verifier.vkey(), following=rows[-1].index if rows and rows[-1].index else None)


@get("/ledger/{index:int}", sync_to_thread=True)
def entry(request: Request[Any, Any, Any], index: int) -> Response[str]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        seen = reads.opening(session, viewer.actor, index, viewer.now)
        head = reads.head(viewer.centre, session)
    body = parse(seen.payload.encode()) if seen.payload else None
    shown = [(words.PAYLOAD.get(key, key), value if isinstance(value, str) else canon(value).decode()) for key, value in body.items()] if body else []
    return page(viewer, "public/entry.html", seen=seen, head=head, body=shown, words=words)


def taken(data: bytes, name: str, media: str = "application/octet-stream") -> Response[bytes]:
    return Response(data, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"})


@get("/ledger/{index:int}/proof", sync_to_thread=True)
def proof(request: Request[Any, Any, Any], index: int) -> Response[bytes]:
    centre = request.app.state.centre
    with centre.reading() as session:
        return taken(reads.proof(centre, session, index), f"{index}.tlog-proof", PLAIN)


@get("/ledger/{index:int}/entry", sync_to_thread=True)
def leaf(request: Request[Any, Any, Any], index: int) -> Response[bytes]:
    """The leaf's bytes, which the proof is about."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        return taken(reads.opening(session, viewer.actor, index, viewer.now).data, f"{index}.entry")


@get("/ledger/{index:int}/opening", sync_to_thread=True)
def opening(request: Request[Any, Any, Any], index: int) -> Response[bytes]:
    """Salt and payload of an open entry, as one canonical line (docs/formats)."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        seen = reads.opening(session, viewer.actor, index, viewer.now)
    if seen.payload is None or seen.salt is None:
        raise NotYours
    return taken(canon({"index": index, "salt": seen.salt, "payload": parse(seen.payload.encode())}) + b"\n", f"{index}.opening.json", "application/json")


@get("/ledger/checkpoint", sync_to_thread=True)
def checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
    data = request.app.state.centre.tiles.get("checkpoint")
    if data is None:
        raise NotYours
    return Response(data, media_type=PLAIN, headers={"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"})


@get("/ledger/vkeys", sync_to_thread=True)
def vkeys(request: Request[Any, Any, Any]) -> Response[str]:
    """Line 1 the log's key, then the witnesses'."""
    centre = request.app.state.centre
    with centre.reading() as session:
        head = reads.head(centre, session)
    lines = [centre.ledger_key.verifier.vkey(), *(w.vkey for w in (head.witnesses if head else ()))]
    return Response("".join(f"{line}\n" for line in lines), media_type=PLAIN, headers={"Cache-Control": "no-cache"})


@get("/ledger/tile/{path:path}", sync_to_thread=True)
def tile(request: Request[Any, Any, Any], path: str) -> Response[bytes]:
    """Tiles and entry bundles (C2SP tlog-tiles); immutable."""
    name = f"tile/{path.lstrip('/')}"
    try:
        tiles.parse_path(name)
    except ValueError as error:
        raise NotYours from error
    data = request.app.state.centre.tiles.get(name)
    if data is None:
        raise NotYours
    return Response(data, media_type="application/octet-stream", headers={"Cache-Control": FOREVER, "Access-Control-Allow-Origin": "*"})


HANDLERS = [ledger, entry, proof, leaf, opening, checkpoint, vkeys, tile]
