"""A party's contribution as its own program makes it: 32 random bytes, their commitment, and the same bytes sealed.

The sealed file goes to the tender's custodians, so that a party that falls silent after its commitment cannot stop
the draw, nor wait for the others and then decide. Runs on the party's machine; the caller brings the randomness.
"""
import io
from collections.abc import Callable
from dataclasses import dataclass

from kernel.draw import commit
from trading.sealing.draw_gates import NOBODY
from trading.sealing.rules.envelope import Params, seal

LIMIT = 1 << 20  # bytes; a sealed contribution has little more than 64 KiB


@dataclass(frozen=True)
class Made:
    """value: keep it until the reveal · commit: hex, to be posted · sealed: the file to be posted with it."""

    value: str
    commit: str
    sealed: bytes


def contribute(draw: str, party: str, key: str, random: Callable[[int], bytes]) -> Made:
    """key: hex u(Y) of the tender's ceremony."""
    value, sink = random(32), io.BytesIO()
    seal(io.BytesIO(value), sink, Params(draw, party, "draw", NOBODY, 1, bytes.fromhex(key)), len(value), random)
    return Made(value.hex(), commit(party, value), sink.getvalue())
