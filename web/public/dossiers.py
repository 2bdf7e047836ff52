"""/tenders/<code>/dossier: everything of a finished tender that can be computed again, as one file for `mingbiao verify`."""
from typing import Any

from litestar import Request, get
from litestar.response import Stream

from evaluation.dossier.reads import archive
from kernel.errors import NotYours
from trading.projects import reads
from web.viewer import viewer_of


@get("/tenders/{code:str}/dossier", sync_to_thread=True)
def dossier(request: Request[Any, Any, Any], code: str) -> Stream:
    """NotYours before it is published."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        seen = reads.by_code(session, viewer.actor, code, viewer.now)
        found = archive(session, seen.id)
    if found is None or seen.published_at is None:
        raise NotYours
    return Stream(viewer.centre.blobs.stream(found.blob), media_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="{seen.code}-dossier.zip"', "X-Content-SHA256": found.digest, "Cache-Control": "no-cache"})


HANDLERS = [dossier]
