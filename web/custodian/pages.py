"""The page of a person who keeps a key. The centre serves only the frame: seed, pins and memory stay in the browser, and what the
page asks for goes through the mailbox of programs, signed by the custodian's own key."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Text
from kernel.ledger import reads
from trading.sealing.gates import GATES
from web.regulator.acts import PARTIES
from web.viewer import page, viewer_of


@get("/custodian", sync_to_thread=True)
def custodian(request: Request[Any, Any, Any]) -> Response[str]:
    """Keys to trust are offered in a rehearsal only, which believes its own log; a real custodian gets them on paper."""
    viewer = viewer_of(request)
    log, witnesses = "", ""
    if viewer.centre.rehearsal:
        with viewer.centre.reading() as session:
            head = reads.head(viewer.centre, session)
        log, witnesses = viewer.centre.ledger_key.verifier.vkey(), "\n".join(one.vkey for one in (head.witnesses if head else ()))
    gates = {code: en if viewer.lang == "en" else zh for code, (zh, en) in GATES.items()}
    parties = [(value, Text(zh, en)) for value, zh, en in PARTIES]
    return page(viewer, "custodian/keeper.html", gates=gates, parties=parties, log=log, witnesses=witnesses)


HANDLERS = [custodian]
