"""The rehearsal's witness: its own key and state, cosigning over HTTP as any outside witness does (C2SP tlog-witness)."""
import secrets
import threading
from http.server import ThreadingHTTPServer

from cli.witness import server
from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.ledger.enrol_witness import EnrolWitness, enrol_witness
from kernel.ledger.note import WITNESS, Signer
from kernel.ledger.witness import Witness, found

NAME = "witness.rehearsal.example"


def start(centre: Centre, enrol: bool = True) -> ThreadingHTTPServer:
    """Starts the witness on a free local port and enrols it; it follows the rehearsal's clock."""
    home = centre.home / "rehearsal" / "witness"
    if not (home / "key").exists():
        found(home, Signer(NAME, WITNESS, secrets.token_bytes(32)))
    witness = Witness(home, [centre.ledger_key.verifier], centre.now)
    running = server(witness, "127.0.0.1", 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    if enrol:
        url = f"http://127.0.0.1:{running.server_address[1]}"
        enrol_witness(centre, SYSTEM, EnrolWitness(vkey=witness.verifier.vkey(), name="演练见证", url=url))
    return running
