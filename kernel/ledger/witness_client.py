"""Asking a witness for its cosignature over HTTP. Source: C2SP tlog-witness (add-checkpoint)."""
from collections.abc import Callable, Sequence

import httpx

from kernel.ledger.note import BadNote, number
from kernel.ledger.witness import Request

SECONDS = 3.0
LONGEST_ANSWER = 64 * 1024


class WitnessFailed(OSError):
    """The witness did not sign: unreachable, too slow, or it answered with the status in the message."""


class Elsewhere(WitnessFailed):
    """The witness stands at another tree (409). size: what it signed last; the size asked from means another root, a fork."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness stands at {size}")
        self.size = size


def cosign(
    url: str, prove: Callable[[int], Sequence[bytes]], old: int, checkpoint: bytes, client: httpx.Client | None = None
) -> bytes:
    """The cosignature lines for a checkpoint, not yet verified: `kernel.ledger.note.add` does that.

    url: the submission prefix. prove(n): consistency proof from n leaves to the checkpoint, empty for 0.
    old: the size the witness probably signed last; where it names another one below the checkpoint, it is asked once more from there.
    Pass a client to keep connections open between checkpoints. Raises WitnessFailed, Elsewhere.
    """
    if client is None:
        with httpx.Client() as own:
            return cosign(url, prove, old, checkpoint, own)
    try:
        return _ask(url, Request(old, tuple(prove(old)), checkpoint), client)
    except Elsewhere as answer:
        if answer.size == old or answer.size > number(checkpoint.decode().split("\n")[1]):
            raise
        return _ask(url, Request(answer.size, tuple(prove(answer.size)), checkpoint), client)


def _ask(url: str, request: Request, client: httpx.Client) -> bytes:
    try:
        answer = client.post(url.rstrip("/") + "/add-checkpoint", content=request.encode(), timeout=SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WitnessFailed(f"{type(error).__name__}: {error}") from error
    if answer.status_code == 409:
        try:
            size = number(answer.text.removesuffix("\n"))
        except BadNote as error:
            raise WitnessFailed("409 without a size") from error
        raise Elsewhere(size)
    if answer.status_code != 200 or len(answer.content) > LONGEST_ANSWER:
        raise WitnessFailed(f"status {answer.status_code}")
    return answer.content
