"""The accused publishes the one share complained of. A share that does not fit its commitments is refused, which is its blame."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity.reads import roles
from kernel.machine import Facts
from trading.sealing.post_commitment import HEX64, seat
from trading.sealing.procedure import CEREMONY
from trading.sealing.reads import transcript_bytes
from trading.sealing.records import Ceremony, Complaint
from trading.sealing.rules.ceremony import share_fits


class AnswerBlame(Cmd):
    ceremony: str = Field(max_length=32)
    accuser: int = Field(ge=1, le=15)
    share: str = Field(pattern=HEX64)


@command("trading.sealing.answer_blame", opens="inviting", signed=True)
def answer_blame(work: Work, cmd: AnswerBlame) -> Ceremony:
    """The transcript changes with it, so signatures already given over the former one are given again."""
    ceremony, rounds, number = seat(work, cmd.ceremony)
    row = work.session.scalar(select(Complaint).where(
        Complaint.ceremony == ceremony.id, Complaint.accuser == cmd.accuser, Complaint.accused == number, Complaint.state == "open"))
    if row is None:
        raise NotYours
    fits = share_fits([bytes.fromhex(c) for c in rounds[number].commitments], cmd.accuser, bytes.fromhex(cmd.share))
    work.step(CEREMONY, ceremony.stage, roles(work.session, work.actor, work.moment), Facts(number=number, provable=fits))
    row.share, row.state = cmd.share, "settled"
    if ceremony.stage == "r2":
        work.session.flush()
        ceremony.transcript = transcript_bytes(work.session, ceremony, rounds).decode()
        for other in rounds.values():
            other.signature = ""
    work.enter(ceremony.project, ceremony=ceremony.id, accuser=cmd.accuser, accused=number, share=cmd.share)
    return ceremony
