"""A member votes on an act of the chair, word for word, before the chair may take it."""
from pydantic import Field, ValidationError
from sqlalchemy import select

from evaluation.ask_bidder import AskBidder
from evaluation.decide_low_price import DecideLowPrice
from evaluation.desk import act, hold, motion_digest, own
from evaluation.recommend import Recommend
from evaluation.records import Motion
from evaluation.records import Vote as Voice
from evaluation.reject import Reject
from evaluation.reject_all import RejectAll
from kernel.canonical import plain
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Text

MOTIONS: dict[str, type[Cmd]] = {
    "evaluation.reject": Reject, "evaluation.reject_all": RejectAll, "evaluation.ask_bidder": AskBidder,
    "evaluation.decide_low_price": DecideLowPrice, "evaluation.recommend": Recommend,
}


class Vote(Cmd):
    """act: tag of the chair's act · proposal: its command as JSON · seat: the caller's own letter."""

    project: str = Field(max_length=32)
    seat: str = Field(pattern=r"^[A-Z]$")
    act: str = Field(max_length=64)
    proposal: str = Field(max_length=6000)
    yes: bool


@command("evaluation.vote", opens="never", signed=True)
def vote(work: Work, cmd: Vote) -> Motion:
    """The first voice on a proposal makes the motion; a member may change his mind until the chair has acted."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    act(work, project, room, own=member.seat == cmd.seat)
    proposal = read_proposal(cmd)
    digest = motion_digest(cmd.act, proposal)
    motion = work.session.scalar(select(Motion).where(Motion.session == room.id, Motion.digest == digest))
    if motion is None:
        motion = work.keep(Motion(session=room.id, digest=digest, act=cmd.act, command=plain(proposal), at=work.moment))
        work.session.flush()
    voice = work.session.scalar(select(Voice).where(Voice.motion == motion.id, Voice.member == member.id).with_for_update())
    if voice is None:
        work.keep(Voice(motion=motion.id, member=member.id, yes=int(cmd.yes), at=work.moment))
    else:
        voice.yes, voice.at = int(cmd.yes), work.moment
    work.enter(project.id, seat=member.seat, motion=digest, yes=cmd.yes)
    return motion


def read_proposal(cmd: Vote) -> Cmd:
    kind = MOTIONS.get(cmd.act)
    if kind is None:
        raise Malformed("act", Text("该事项无须表决", "This is nothing to vote on"))
    try:
        proposal = kind.model_validate_json(cmd.proposal)
    except ValidationError as why:
        raise Malformed("proposal", Text("提案内容有误", "The proposal cannot be read")) from why
    if getattr(proposal, "project", None) != cmd.project:
        raise Malformed("proposal", Text("提案不属于本项目", "The proposal is about another tender"))
    return proposal
