"""The application of a centre behind uvicorn, in a thread of this process."""
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from kernel.centre import Centre
from web.app import create_app


@contextmanager
def served(centre: Centre, host: str = "127.0.0.1") -> Iterator[str]:
    """Its address, on a free port. host: localhost where passkeys are used, which know no bare address."""
    server = uvicorn.Server(uvicorn.Config(create_app(centre), host=host, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://{host}:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
