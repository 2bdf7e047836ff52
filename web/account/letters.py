"""Letters for download: the award letter to its winner, its own result to a loser."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from trading.awards import reads
from web.viewer import viewer_of


@get("/letters/{id:str}", sync_to_thread=True)
def letter(request: Request[Any, Any, Any], id: str) -> Response[bytes]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        found = reads.letter(session, viewer.actor, id, viewer.now)
    name = f"letter-{found.kind}-{found.digest[:8]}.pdf"
    return Response(viewer.centre.blobs.get(found.blob), media_type="application/pdf",
                    headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


HANDLERS = [letter]
