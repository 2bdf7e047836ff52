"""Round r0: a custodian posts the hash of what it will reveal, so that nobody chooses last."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity.reads import roles
from kernel.machine import Facts
from trading.sealing.procedure import CEREMONY
from trading.sealing.reads import rounds_of
from trading.sealing.records import Ceremony, Round

HEX64 = r"^[0-9a-f]{64}$"


class PostCommitment(Cmd):
    ceremony: str = Field(max_length=32)
    hash: str = Field(pattern=HEX64)


@command("trading.sealing.post_commitment", opens="inviting", signed=True)
def post_commitment(work: Work, cmd: PostCommitment) -> Ceremony:
    ceremony, rounds, number = seat(work, cmd.ceremony)
    mine = rounds.get(number)
    work.step(CEREMONY, ceremony.stage, roles(work.session, work.actor, work.moment), Facts(number=number, posted=mine is not None and bool(mine.r0)))
    assert mine is not None
    mine.r0 = cmd.hash
    if all(row.r0 for row in rounds.values()):
        ceremony.stage = "r1"
    work.enter(ceremony.project, ceremony=ceremony.id, number=number, hash=cmd.hash)
    return ceremony


def seat(work: Work, id: str) -> tuple[Ceremony, dict[int, Round], int]:
    """The ceremony held for this act, its rounds by index, and the caller's index (0: not one of its custodians)."""
    ceremony = work.session.get(Ceremony, id, with_for_update=True)
    if ceremony is None:
        raise NotYours
    number = ceremony.custodians.index(work.actor.id) + 1 if work.actor.id in ceremony.custodians else 0
    return ceremony, rounds_of(work.session, id), number
