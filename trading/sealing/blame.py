"""A custodian's box does not fit: it complains; the accused publishes that one share within the hour.

A good share settles the complaint (it then stands in clear in the transcript). A bad one was refused by
`answer_blame`, so only silence is left: the complainer speaks again after the hour and the ceremony is broken.
"""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.identity.reads import roles
from kernel.machine import Facts
from kernel.values import HOUR
from trading.sealing.post_commitment import seat
from trading.sealing.procedure import CEREMONY
from trading.sealing.records import Ceremony, Complaint


class Blame(Cmd):
    """accused: index of the custodian whose box is bad."""

    ceremony: str = Field(max_length=32)
    accused: int = Field(ge=1, le=15)


@command("trading.sealing.blame", opens="inviting", signed=True)
def blame(work: Work, cmd: Blame) -> Ceremony:
    """First voice: the complaint (step 1). Second voice of the same custodian, an hour of silence later: broken."""
    ceremony, rounds, number = seat(work, cmd.ceremony)
    row = work.session.scalar(select(Complaint).where(
        Complaint.ceremony == ceremony.id, Complaint.accuser == number, Complaint.accused == cmd.accused))
    posted = cmd.accused in rounds and bool(rounds[cmd.accused].boxes) and cmd.accused != number
    silent = row is not None and row.state == "open" and work.moment >= row.at + HOUR
    held = roles(work.session, work.actor, work.moment)
    step = work.step(CEREMONY, ceremony.stage, held, Facts(number=number, provable=posted and (row is None or silent)))
    if row is None:
        work.keep(Complaint(ceremony=ceremony.id, accuser=number, accused=cmd.accused, at=work.moment))
        work.enter(ceremony.project, step=1, ceremony=ceremony.id, accuser=number, accused=cmd.accused)
        return ceremony
    row.state, ceremony.stage = "blamed", step.stage
    work.enter(ceremony.project, ceremony=ceremony.id, accuser=number, accused=cmd.accused)
    return ceremony
