"""Round r2: a custodian has checked its shares and signs the transcript. With the last signature the key stands."""
from pydantic import Field

from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from kernel.identity.reads import roles
from kernel.machine import Facts
from trading.sealing.post_commitment import HEX64, seat
from trading.sealing.procedure import CEREMONY
from trading.sealing.reads import terms_of
from trading.sealing.records import Ceremony
from trading.sealing.rules.scalars import signed
from trading.sealing.rules.transcript import read_transcript, statement


class Confirm(Cmd):
    """transcript: SHA-256 of the transcript as the custodian read it · signature: over its statement."""

    ceremony: str = Field(max_length=32)
    transcript: str = Field(pattern=HEX64)
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


@command("trading.sealing.confirm", opens="inviting", signed=True)
def confirm(work: Work, cmd: Confirm) -> Ceremony:
    ceremony, rounds, number = seat(work, cmd.ceremony)
    raw, mine = ceremony.transcript.encode(), rounds.get(number)
    agreed = False
    if mine is not None and raw and sha256(raw).hex() == cmd.transcript:
        identity = terms_of(work.session, ceremony).custodians[number - 1]
        agreed = signed(identity, statement(raw), bytes.fromhex(cmd.signature))
    work.step(CEREMONY, ceremony.stage, roles(work.session, work.actor, work.moment), Facts(
        number=number, posted=mine is not None and bool(mine.signature), agreed=agreed))
    assert mine is not None
    mine.signature = cmd.signature
    entry = work.enter(ceremony.project, ceremony=ceremony.id, number=number, transcript=cmd.transcript, signature=cmd.signature)
    if all(row.signature for row in rounds.values()):
        ceremony.stage, ceremony.entry = "ready", entry.key
        ceremony.key = read_transcript(raw).public_key.hex()
    return ceremony
