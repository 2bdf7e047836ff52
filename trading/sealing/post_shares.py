"""Round r1: a custodian reveals commitments and proof, and sends every other one its share in a sealed box."""
from pydantic import Field

from kernel.canonical import canon, sha256
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed
from kernel.identity.reads import roles
from kernel.machine import Facts
from trading.sealing.post_commitment import seat
from trading.sealing.procedure import CEREMONY
from trading.sealing.reads import terms_of, transcript_bytes
from trading.sealing.records import Ceremony
from trading.sealing.rules.ceremony import Reveal, check_reveal
from trading.sealing.rules.faults import Fault


class PostShares(Cmd):
    """All in hex: k commitments, the 64-byte proof, n boxes of 80 bytes."""

    ceremony: str = Field(max_length=32)
    commitments: tuple[str, ...] = Field(max_length=15)
    proof: str = Field(pattern=r"^[0-9a-f]{128}$")
    boxes: tuple[str, ...] = Field(max_length=15)


@command("trading.sealing.post_shares", opens="inviting", signed=True)
def post_shares(work: Work, cmd: PostShares) -> Ceremony:
    ceremony, rounds, number = seat(work, cmd.ceremony)
    mine, fault = rounds.get(number), None
    if mine is not None and mine.r0:
        try:
            shown = Reveal(number, unhex(cmd.commitments), bytes.fromhex(cmd.proof), unhex(cmd.boxes))
            check_reveal(terms_of(work.session, ceremony), shown, bytes.fromhex(mine.r0))
        except Fault as found:
            fault = found
    work.step(CEREMONY, ceremony.stage, roles(work.session, work.actor, work.moment), Facts(
        number=number, posted=mine is not None and bool(mine.commitments), fault=fault))
    assert mine is not None
    mine.commitments, mine.proof, mine.boxes = list(cmd.commitments), cmd.proof, list(cmd.boxes)
    if all(row.commitments for row in rounds.values()):
        ceremony.stage = "r2"
        ceremony.transcript = transcript_bytes(work.session, ceremony, rounds).decode()
    work.enter(ceremony.project, ceremony=ceremony.id, number=number, commitments=cmd.commitments, boxes=sha256(canon(list(cmd.boxes))))
    return ceremony


def unhex(values: tuple[str, ...]) -> tuple[bytes, ...]:
    try:
        return tuple(bytes.fromhex(value) for value in values)
    except ValueError:
        raise Malformed("hex") from None
