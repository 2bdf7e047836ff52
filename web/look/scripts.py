"""The programs that pages run in a browser, as the ledger names them: every one of them, so that none can be changed in silence."""
import hashlib

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Stale
from kernel.scripts.publish import Publish, publish
from web.look.environment import FOLDERS

KINDS = (".js", ".mjs", ".wasm")


def scripts() -> dict[str, str]:
    """Path on the server → hex SHA-256."""
    return {f"/static/{name}/{file.relative_to(folder).as_posix()}": hashlib.sha256(file.read_bytes()).hexdigest()
            for name, folder in FOLDERS.items() for file in sorted(folder.rglob("*")) if file.suffix in KINDS}


def publish_scripts(centre: Centre) -> None:
    """Before a server serves: where its scripts are not those of the newest entry, the ledger says which they are now."""
    try:
        publish(centre, SYSTEM, Publish(files=scripts()))
    except Stale:  # they are the same
        return
