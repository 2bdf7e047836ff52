"""Open data: all tenders as the public sees them, in OCDS 1.1."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from trading.awards.ocds import release_package, text


@get(["/ocds.json", "/open-data/ocds.json"], sync_to_thread=True)
def ocds(request: Request[Any, Any, Any]) -> Response[bytes]:
    centre = request.app.state.centre
    with centre.reading() as session:
        body = text(release_package(centre, session, centre.clock.now(session)))
    return Response(body.encode(), media_type="application/json", headers={"Content-Disposition": 'inline; filename="ocds.json"', "Cache-Control": "no-cache"})


HANDLERS = [ocds]
