"""A screen in the hall or at a door shows finished text, which anybody may read at this moment."""
from pydantic import Field
from sqlalchemy import select

from kernel.canonical import canon, sha256
from kernel.command import Cmd, Work, command
from kernel.identity.reads import roles
from kernel.machine import Facts
from rooms.procedure import PLACES
from rooms.records import Frame
from rooms.screen_reads import masked


class Show(Cmd):
    """place: "wall" or a room's id, for its door · digest: of the text to be shown, hex."""

    place: str = Field(max_length=16)
    digest: str = Field(pattern="^[0-9a-f]{64}$")


@command("rooms.show", opens="never")
def show(work: Work, cmd: Show) -> Frame:
    """Guard: text_from_masked_view. The frame goes dark by itself when the text no longer holds. What stood at a door during an
    evaluation is nobody's afterwards, so the entry stays closed."""
    frame = work.session.scalar(select(Frame).where(Frame.place == cmd.place).with_for_update())
    text, until = masked(work.session, cmd.place, work.moment)
    digest = sha256(canon(text)).hex()
    work.step(PLACES, "open", roles(work.session, work.actor, work.moment), Facts(now=work.moment, text=cmd.digest, masked=digest))
    if frame is None:
        frame = work.keep(Frame(place=cmd.place, text=text, digest=digest, at=work.moment, until=until))
    else:
        frame.text, frame.digest, frame.at, frame.until = text, digest, work.moment, until
    work.enter("rooms", screen=cmd.place, text=digest)
    return frame
