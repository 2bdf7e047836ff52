"""Which programs the pages run, for whoever wants to compare: the newest list with its place in the ledger."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import NotYours
from kernel.scripts import reads


@get("/ledger/scripts", sync_to_thread=True)
def scripts(request: Request[Any, Any, Any]) -> Response[Any]:
    """The opened leaf {payload, salt, proof} of the list (docs/formats/scripts.md). 404 before it stands under a checkpoint."""
    centre = request.app.state.centre
    with centre.reading() as session:
        found = reads.leaf(centre, session)
    if found is None:
        raise NotYours
    return Response(found, headers={"Cache-Control": "no-cache"})


HANDLERS = [scripts]
